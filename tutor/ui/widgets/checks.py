"""The Checks pane: what each check said about the learner's code."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from tutor.course.items import Answer
from tutor.learning.verdicts import CheckLine, Verdict, told
from tutor.runner.transcript import RunRecord
from tutor.study.autopsy import Autopsy, autopsy
from tutor.study.explaining import Explain, explained
from tutor.study.recording import CheckResult, mistake_title
from tutor.ui.terminal_text import TerminalText
from tutor.ui.visible import visible, visible_line
from tutor.ui.widgets.code import code_lines
from tutor.ui.widgets.endings import seconds
from tutor.ui.widgets.explanations import marked, remark_lines
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import EMPTY, barred, behind, hang, styled, tick
from tutor.ui.widgets.prose import lay
from tutor.ui.widgets.tracebacks import failure_lines

EMPTY_WORDS = "Nothing has been checked yet: ctrl+t checks the code in the editor."

PRINTS = 8_000
"""About so many last characters of what the learner's code printed are shown; the Output pane has all."""


def check_lines(
    verdict: Verdict | None,
    record: RunRecord | None,
    width: int,
    *,
    whole: bool = False,
    explain: Explain = explained,
    autopsy: Autopsy = autopsy,
) -> list[Content]:
    """All that is to be said about a check. Without a verdict it still runs; without a record, none has run."""
    if record is None and verdict is None:
        return hang(styled(EMPTY_WORDS, ".flow--muted"), width)
    lines = _headline(verdict, record, width)
    if isinstance(verdict, CheckResult) and verdict.mistake is not None:
        lines += [EMPTY, *_mistake(verdict.mistake, verdict.alike, width)]
    if record is not None and record.failure is not None and (verdict is None or not verdict.lacking):
        lines += [EMPTY, *failure_lines(record.failure, width, whole=whole, explained=explain(record.failure))]
    elif verdict is not None and verdict.traceback:
        lines += [EMPTY, *code_lines(verdict.traceback, "text", width)]
    if record is not None:
        lines += remark_lines(autopsy(record), width, whole=True, key="")
    checks = verdict.lines if verdict is not None else _so_far(record)
    silent = [check for check in checks if check.ok and not check.message]
    shown = [check for check in checks if check not in silent]
    if verdict is not None:
        shown.sort(key=lambda check: check.ok)  # what failed is read first, on a small screen too
    listed = False
    for check, count in told(shown):
        above = verdict is not None and bool(check.traceback) and check.traceback == verdict.traceback
        row = replace(check, error="", traceback="", explained="") if above else check
        lines += [*([] if listed and check.ok else [EMPTY]), *_check(row, count, width, whole)]
        listed = check.ok
    if silent:
        lines += [*([] if listed else [EMPTY]), *_silent(len(silent), len(checks), width)]
    if record is not None:
        lines += _prints(record, width)
    return lines


def _headline(verdict: Verdict | None, record: RunRecord | None, width: int) -> list[Content]:
    if verdict is None:
        return hang(styled("Checking …", ".flow--muted"), width, styled("● ", ".flow--muted"))
    said = Content(visible_line(verdict.headline)).stylize("bold")
    if record is not None and record.seconds:
        said += styled(f"  {seconds(record.seconds)}", ".flow--muted")
    return hang(said, width, tick(verdict.passed))


def _mistake(mistake: Answer, alike: bool, width: int) -> list[Content]:
    title = styled(mistake_title(mistake, alike), ".flow--important").stylize("bold")
    return barred([*hang(title, width - 2), *lay(mistake.blocks, width - 2)], ".flow--important")


def _check(check: CheckLine, count: int, width: int, whole: bool) -> list[Content]:
    text = Content(visible(check.text))
    said = text if check.ok else text.stylize("bold")
    many = styled(f"  {count} checks", ".flow--muted") if count > 1 else EMPTY
    lines = hang(said + many, width, tick(check.ok))
    if check.ok:
        return lines
    margin = Content("  ")
    if check.error:
        lines += hang(styled(visible_line(check.error), ".flow--wrong"), width, margin)
        if check.explained:
            lines += hang(marked(check.explained), width, margin)
        if whole and check.traceback:
            lines += behind(code_lines(check.traceback, "text", width - 2), margin)
        elif check.traceback:
            lines += hang(styled("t shows the whole traceback", ".flow--muted"), width, margin)
    for label, side in check.sides:
        tone = ".flow--right" if label == "expected" else ".flow--wrong"
        first = margin + styled(f"{label:<8}", ".flow--muted") + styled(" │ ", tone)
        rest = Content(" " * 10) + styled(" │ ", tone)
        lines += hang(Content(visible(side).strip("\n")), width, first, rest)
    if whole and check.source and check.message:
        lines += behind(code_lines(check.source, "python", width - 2), margin)
    return lines


def _silent(count: int, total: int, width: int) -> list[Content]:
    """Checks that passed and have no sentence of their own: how many, in one line."""
    others = "other " if count < total else ""
    words = f"{count} {others}checks: as it should be" if count > 1 else f"The {others}check: as it should be"
    return hang(Content(words), width, tick(True))


def _so_far(record: RunRecord | None) -> list[CheckLine]:
    verdicts = record.verdicts if record is not None else []
    return [CheckLine(one.ok, one.message, one.expected, one.got, one.source, one.line) for one in verdicts]


def _prints(record: RunRecord, width: int) -> list[Content]:
    chunks = [chunk for chunk in record.chunks if chunk.kind != "above"]
    text, first, size = TerminalText(), len(chunks), 0
    while first and size < PRINTS:
        first -= 1
        size += len(chunks[first].text)
    for chunk in chunks[first:]:
        text.feed(chunk.text[-PRINTS:], chunk.kind)
    printed = "\n".join(line.text for line in text.lines).rstrip()
    if not printed.strip():
        return []
    title = "Printed last (the Output pane has all)" if first or size > PRINTS else "Your code printed"
    return [EMPTY, *hang(styled(f"{title}:", ".flow--muted"), width), *code_lines(printed, "output", width)]


class ChecksText(Flow):
    """The lines of the pane."""

    def __init__(self) -> None:
        super().__init__()
        self.verdict: Verdict | None = None
        self.record: RunRecord | None = None
        self.whole = False
        self.explain: Explain = explained
        self.autopsy: Autopsy = autopsy

    def lines(self, width: int) -> list[Content]:
        """What the check said."""
        return check_lines(
            self.verdict, self.record, width, whole=self.whole, explain=self.explain, autopsy=self.autopsy
        )


class ChecksPane(VerticalScroll):
    """Shows one check: in words, then each of its asserts, then what the code printed."""

    DEFAULT_CSS = """
    ChecksPane { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "traceback", "Traceback", tooltip="Whole traceback, or your lines only", id="checks.traceback"),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.text = ChecksText()

    def compose(self) -> ComposeResult:
        """The lines."""
        yield self.text

    def show(self, verdict: Verdict | None, record: RunRecord | None) -> None:
        """Show a check; without a verdict it is still running, without both nothing has been checked."""
        if record is not self.text.record:
            self.text.whole = False
            self.scroll_to(y=0, animate=False)
        self.text.verdict, self.text.record = verdict, record
        self.text.relay()

    def action_traceback(self) -> None:
        """Switch between the learner's lines and the whole traceback."""
        self.text.whole = not self.text.whole
        self.text.relay()
