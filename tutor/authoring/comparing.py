"""What a run showed, and whether it is what a lesson says."""

from __future__ import annotations

from tutor.authoring.bench import ending
from tutor.runner.transcript import RunRecord


def shown(record: RunRecord) -> str:
    """What a learner sees of a run: what it printed, the value of its last expression, and how it failed."""
    text = "".join(chunk.text for chunk in record.chunks if chunk.kind in ("stdout", "result"))
    if record.outcome != "error":
        return text
    return text + ("" if not text or text.endswith("\n") else "\n") + ending(record)


def same_output(actual: str, written: str) -> bool:
    """Whether two outputs differ in nothing but space at the ends of lines and empty lines at their ends."""
    return _tidy(actual) == _tidy(written)


def _tidy(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").rstrip().split("\n")]


def difference(actual: str, written: str) -> str:
    """The first line that differs, in words."""
    ours, theirs = _tidy(actual), _tidy(written)
    for number, (got, said) in enumerate(zip(ours, theirs, strict=False), 1):
        if got != said:
            return f"line {number} is {got[:80]!r}"
    return f"it has {len(ours)} lines, and {len(theirs)} are written"
