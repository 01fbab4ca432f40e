"""How a run ended, as lines below its output."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tutor.runner.transcript import RunRecord
from tutor.study.explaining import Explain, explained
from tutor.ui.terminal_text import TerminalText
from tutor.ui.visible import visible
from tutor.ui.widgets.layout import EMPTY, hang, styled
from tutor.ui.widgets.tracebacks import failure_lines

LATEST_LINES = 4
"""So many lines of a flood are shown while it lasts."""

_WORDS = {
    "ok": ("✓", ".flow--right", "finished"),
    "error": ("✗", ".flow--wrong", "stopped by an error"),
    "interrupted": ("■", ".flow--warning", "interrupted"),
    "exit": ("■", ".flow--warning", "the code ended itself"),
    "died": ("✗", ".flow--wrong", "the process died"),
    "timeout": ("✗", ".flow--wrong", "out of time"),
    "memory": ("✗", ".flow--wrong", "out of memory"),
    "stopped": ("■", ".flow--warning", "stopped"),
}


def seconds(value: float) -> str:
    """A duration for people: "0.34 s", "12.3 s", "4 min 10 s"."""
    if value < 10:
        return f"{value:.2f} s"
    return f"{value:.1f} s" if value < 60 else f"{int(value) // 60} min {int(value) % 60} s"


def ending_lines(
    record: RunRecord,
    width: int,
    *,
    whole: bool = False,
    explain: Explain = explained,
    remarks: Sequence[Content] = (),
) -> list[Content]:
    """Lines that say that it runs, or how it ended, then `remarks`; a failure with its traceback, `whole` or folded."""
    before = [EMPTY] if record.chunks else []
    if record.running:
        words = _going_on(record)
        return [*before, *_latest(record.tail, width), *hang(styled(f"● {words} …", ".flow--muted"), width)]
    mark, style, words = _WORDS.get(record.outcome, ("■", ".flow--warning", record.outcome))
    lines = list(before)
    if record.failure is not None:
        lines += [*failure_lines(record.failure, width, whole=whole, explained=explain(record.failure)), EMPTY]
    if record.outcome == "ok" and not any(chunk.text.strip() for chunk in record.chunks):
        words += ", and printed nothing"
    time = styled(f"  {seconds(record.seconds)}", ".flow--muted")
    lines += hang(Content(words) + time, width, styled(f"{mark} ", style))
    if record.words and record.words.rstrip(".").lower() != words:
        lines += hang(Content(visible(record.words)), width, Content("  "))
    return [*lines, *remarks]


def _going_on(record: RunRecord) -> str:
    if not record.started:
        return "waiting for its turn"
    return "the cells above run first" if record.quiet_left else "running"


def _latest(tail: str, width: int) -> list[Content]:
    """What a run writes right now that has written more than is kept."""
    if not tail:
        return []
    text = TerminalText()
    text.feed(tail, "stdout")
    lines = [line.text for line in text.lines if line.text.strip()][-LATEST_LINES:]
    head = hang(styled("It has printed more than is kept; the latest lines are", ".flow--muted"), width)
    return [*head, *(Content(line).truncate(width - 2, ellipsis=True).pad_left(2) for line in lines), EMPTY]
