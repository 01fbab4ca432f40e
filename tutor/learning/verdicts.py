"""What a check said about the learner's code, in words.

Built from plain values, so that it knows nothing of how the code was run. The rule that everything hangs on:
only a check that ran to its end, gave at least one verdict and gave no bad one is passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class CheckLine:
    """One `assert`: its feedback sentence, and both sides where the condition has sides ("" where not).

    `source` is the condition as the lesson wrote it, `line` its line there. `error` is one line, "ValueError: …",
    where evaluating the condition raised, `traceback` the whole of it, and `explained` the same in plain words.
    """

    ok: bool
    message: str = ""
    expected: str = ""
    got: str = ""
    source: str = ""
    line: int = 0
    error: str = ""
    traceback: str = ""
    explained: str = ""

    @property
    def text(self) -> str:
        """The sentence to show: the feedback, or the condition where the lesson gives none.

        A feedback with values in it is made only for a failure; a pass without one needs no code to say so.
        """
        return self.message or ("as it should be" if self.ok else self.source) or "a check without a sentence"

    @property
    def sides(self) -> list[tuple[str, str]]:
        """What was expected and what came, each with its label; an error that the sentence quotes is not told again."""
        both = (("expected", self.expected), ("got", self.got))
        return [(label, side) for label, side in both if side and not (len(side) > _QUOTED and side in self.message)]

    def says_the_same(self, other: CheckLine) -> bool:
        """Whether nothing but its place tells it from `other`."""
        mine, yours = ((one.ok, one.text, one.expected, one.got, one.error) for one in (self, other))
        return mine == yours


_QUOTED = 40
"""A side with more characters that stands in the sentence word for word is an error in its own words."""


def told(lines: Sequence[CheckLine]) -> list[tuple[CheckLine, int]]:
    """Lines as they are told, each with its number: failures in a row that say the same are one."""
    rows: list[tuple[CheckLine, int]] = []
    for line in lines:
        last, count = rows[-1] if rows else (line, 0)
        if count and not line.ok and line.says_the_same(last):
            rows[-1] = (last, count + 1)
        else:
            rows.append((line, 1))
    return rows


@dataclass(frozen=True)
class Ending:
    """How a check ended. `outcome` and `stage` are the words of `tutor.runner.protocol.run_events.RunFinished`.

    `words` is its sentence for endings other than "ok" and "error"; `error` is "ValueError: …" of the exception,
    `traceback` the whole of it, `line` the line in the lesson file where it happened (0 unknown), `explained` what it
    means, `needed` the sentence about a name that the code should have made and did not ("" where it made all).
    """

    outcome: str
    stage: str = ""
    words: str = ""
    error: str = ""
    traceback: str = ""
    line: int = 0
    explained: str = ""
    needed: str = ""


@dataclass(frozen=True)
class Verdict:
    """The result of a check. `headline` is one sentence; `traceback` and `explained` are set where code raised.

    `counts` tells whether this was an attempt of the learner's: not when they stopped it themselves, nor when a cell
    above or the lesson's own solution is what failed.
    """

    passed: bool
    headline: str
    lines: tuple[CheckLine, ...] = ()
    traceback: str = ""
    counts: bool = True
    explained: str = ""
    lacking: bool = False


def judge(ending: Ending, lines: Sequence[CheckLine]) -> Verdict:
    """The verdict of a check from how it ended and what its asserts said."""
    passed = ending.outcome == "ok" and bool(lines) and all(line.ok for line in lines)
    counts = ending.outcome not in ("interrupted", "stopped") and not (
        ending.outcome != "ok" and ending.stage in ("setup", "solution")
    )
    return Verdict(
        passed,
        _headline(ending, lines),
        tuple(map(_without_cause, lines) if ending.needed else lines),
        "" if ending.needed else ending.traceback,
        counts,
        "" if ending.needed else ending.explained,
        bool(ending.needed),
    )


def _without_cause(line: CheckLine) -> CheckLine:
    """A line without what it says about a name that the headline names: it would explain the check's own code."""
    return replace(line, traceback="", explained="") if line.error.startswith("NameError") else line


def _headline(ending: Ending, lines: Sequence[CheckLine]) -> str:
    if ending.needed and ending.outcome in ("ok", "error"):
        return ending.needed
    if ending.outcome == "ok":
        return _count(lines)
    if ending.outcome == "error":
        return _raised(ending, lines)
    words = ending.words.rstrip(".") or _PLAIN_WORDS.get(ending.outcome, "The check did not finish")
    return f"{words[0].upper()}{words[1:]}. It did not run to its end, so it is not passed{_so_far(lines)}."


_PLAIN_WORDS = {
    "interrupted": "The check was interrupted",
    "exit": "The code ended the program",
    "died": "The process that ran the check died",
    "timeout": "The check ran out of time",
    "memory": "The check needed more memory than it may have",
    "stopped": "The check was stopped",
}


def _count(lines: Sequence[CheckLine]) -> str:
    good = sum(line.ok for line in lines)
    if not lines:
        return "Nothing was checked, so it is not passed."
    if good < len(lines):
        return f"{good} of {len(lines)} checks passed."
    return "The check passed." if good == 1 else f"All {good} checks passed."


def _raised(ending: Ending, lines: Sequence[CheckLine]) -> str:
    error = ending.error or "an exception"
    if ending.stage == "setup":
        return f"A cell above this exercise stopped with {error}; your code was not checked."
    if ending.stage == "solution":
        return f"The lesson's own solution stopped with {error}: a fault of the lesson, not of your code."
    if ending.stage == "tests":
        return f"A check stopped with {error}{_so_far(lines)}."
    place = f" in line {ending.line}" if ending.line else ""
    return f"Your code stopped with {error}{place}, before any check."


def _so_far(lines: Sequence[CheckLine]) -> str:
    if not lines:
        return ""
    return f" ({sum(line.ok for line in lines)} of {len(lines)} checks had passed by then)"
