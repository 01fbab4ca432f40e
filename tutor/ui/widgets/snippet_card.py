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


class SnippetCard(Card):
    """A snippet. `o` shows or folds what it should print."""

    kind = "▶ Run"
    keys = "ctrl+r run it"
    words: ClassVar[dict[Status, str]] = {
        Status.NEW: "not run yet",
        Status.TRIED: "ran with an error",
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
        self._output = (item.output or "").rstrip("\n")
        self._open = self._output.count("\n") < SHORT_OUTPUT

    def body_lines(self, width: int) -> list[Content]:
        """Code, knobs, output."""
        lines = code_lines(self.snippet.code.source, "python", width, indent=0)
        if self.snippet.knobs:
            lines.append(EMPTY)
            words = styled("Knobs: ", ".flow--muted") + styled("k", ".flow--key")
            words += styled(" turns them; each turn runs the code and draws over earlier runs", ".flow--muted")
            lines += hang(words, width)
            for knob in self.snippet.knobs:
                lines += hang(_knob(knob), width, styled("  ◆ ", ".flow--marker"))
        if self._output:
            lines.append(EMPTY)
            title = "What you should see" if self._open else f"What you should see · {self._count()}"
            key = "o folds it" if self._open else "o shows it"
            head = styled("▾ " if self._open else "▸ ", ".flow--marker") + styled(title, ".flow--muted")
            lines += hang(head + styled(f"  {key}", ".flow--muted") if self.has_focus else head, width)
            if self._open:
                lines += code_lines(self._output, "output", width, indent=0)
        return lines

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


def _knob(knob: Knob) -> Content:
    parts = [
        styled(knob.name, ".flow--name"),
        Content(" = "),
        styled(visible_line(repr(knob.default)), ".flow--number"),
    ]
    said = []
    if knob.minimum is not None and knob.maximum is not None:
        said.append(f"{knob.minimum:g} to {knob.maximum:g}" + (", log scale" if knob.scale == "log" else ""))
    elif knob.choices:
        said.append("one of " + ", ".join(visible_line(repr(choice)) for choice in knob.choices))
    if knob.help:
        said.append(visible_line(knob.help))
    if said:
        parts.append(styled("   " + " · ".join(said), ".flow--muted"))
    return Content("").join(parts)
