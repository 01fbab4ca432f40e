"""A runnable cell on the page: its code, its knobs, and what it should print."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from tutor.course.items import Knob, Snippet
from tutor.learning.state import ItemState, Status
from tutor.ui.visible import visible_line
from tutor.ui.widgets.card import Card
from tutor.ui.widgets.code import code_lines
from tutor.ui.widgets.layout import EMPTY, hang, styled

SHORT_OUTPUT = 8
"""An expected output of at most so many lines is shown from the start; a longer one is folded."""

LONG_SETTING = 22
"""Cells of `name = value` behind which the words about a knob begin at the latest; a longer one has its own line."""

NARROWEST_WORDS = 24
"""Cells that the words about a knob need to stand in a column of their own."""


class SnippetCard(Card):
    """A snippet. `o` shows or folds what it should print.

    Knobs are listed in words; how their lines are written for notebooks is seen in the editor.
    """

    kind = "▶ Run"
    keys = "ctrl+r run it"
    words: ClassVar[dict[Status, str]] = {
        Status.NEW: "not run yet",
        Status.TRIED: "did not run to its end",
        Status.PASSED: "ran",
        Status.SKIPPED: "skipped",
        Status.CHANGED: "changed since you ran it",
    }

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "o", "output", "Expected output", tooltip="Show or fold what this code should print", id="snippet.output"
        )
    ]

    def __init__(self, item: Snippet, state: ItemState) -> None:
        super().__init__(item, state)
        self.snippet = item
        self._rest = _beside_knobs(item)
        self._output = (item.output or "").rstrip("\n")
        self._open = self._output.count("\n") < SHORT_OUTPUT

    def body_lines(self, width: int) -> list[Content]:
        """Code, knobs, output."""
        lines = code_lines(self._rest, "python", width, indent=0) if self._rest else []
        if self.snippet.knobs:
            lines += [EMPTY] if lines else []
            words = styled("k", ".flow--key")
            words += styled(" turns a knob; each turn runs the code and draws over earlier runs", ".flow--muted")
            lines += hang(words, width)
            column = max(len(_setting(knob)) for knob in self.snippet.knobs) + 3
            for knob in self.snippet.knobs:
                lines += _knob(knob, min(column, LONG_SETTING), width)
        if self._output:
            lines.append(EMPTY)
            title = "What you should see" if self._open else f"What you should see · {self._count()}"
            key = "o folds it" if self._open else "o shows it"
            head = styled("▾ " if self._open else "▸ ", ".flow--marker") + styled(title, ".flow--muted")
            lines += hang(head + styled(f"  {key}", ".flow--muted") if self.has_focus else head, width)
            if self._open:
                lines += code_lines(self._output, "output", width, indent=0)
        return lines

    def title(self) -> str:
        """A card that holds nothing but knobs says so."""
        return "◆ Knobs" if self.snippet.knobs and not self._rest else self.kind

    def on_focus(self) -> None:
        """Keys are said while they work."""
        self.body.relay()

    def on_blur(self) -> None:
        """Keys are said while they work."""
        self.body.relay()

    def action_output(self) -> None:
        """Show or fold the expected output."""
        self._open = not self._open
        self.body.relay()

    def _count(self) -> str:
        count = self._output.count("\n") + 1
        return f"{count} lines"


def _beside_knobs(snippet: Snippet) -> str:
    """The code of a snippet without the lines that set a knob or describe it; "" when nothing else is there."""
    if not snippet.knobs:
        return snippet.code.source
    told = {knob.line - snippet.code.line for knob in snippet.knobs}
    kept = [
        line
        for number, line in enumerate(snippet.code.source.splitlines())
        if number not in told and not line.startswith("# @markdown")
    ]
    return "\n".join(kept).strip("\n")


def _setting(knob: Knob) -> str:
    return f"{knob.name} = {visible_line(repr(knob.default))}"


def _knob(knob: Knob, column: int, width: int) -> list[Content]:
    """A knob with its value, and from `column` on what it is and how far it goes."""
    name, value = styled(knob.name, ".flow--name"), styled(visible_line(repr(knob.default)), ".flow--number")
    setting = styled("◆ ", ".flow--marker") + name + Content(" = ") + value
    reach = ""
    if knob.minimum is not None and knob.maximum is not None:
        reach = f"{knob.minimum:g} to {knob.maximum:g}" + (", log scale" if knob.scale == "log" else "")
    elif knob.choices:
        reach = "one of " + ", ".join(visible_line(repr(choice)) for choice in knob.choices)
    said = " · ".join(part for part in (visible_line(knob.help), reach) if part)
    indent = Content(" " * (column + 2))
    if not said or width < column + 2 + NARROWEST_WORDS:
        return hang(setting + styled(f"   {said}" if said else "", ".flow--muted"), width)
    if setting.cell_length >= column + 2:
        return [*hang(setting, width), *hang(styled(said, ".flow--muted"), width, indent, indent)]
    return hang(styled(said, ".flow--muted"), width, setting.pad_right(column + 2 - setting.cell_length), indent)
