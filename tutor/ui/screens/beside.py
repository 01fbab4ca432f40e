"""One's own solution beside the lesson's, and beside the other right answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from tutor.course.items import Answer
from tutor.learning.comparison import Comparison, Side, compare
from tutor.ui.screens.sheet import Sheet
from tutor.ui.visible import visible, visible_line
from tutor.ui.widgets.code import highlighted
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import EMPTY, barred, filled, folded, hang, styled
from tutor.ui.widgets.prose import lay

SIDE_BY_SIDE = 92
"""From so many cells on there is room for two programs beside each other."""

MINE, THEIRS = "Yours", "The lesson's"


class Beside(Sheet):
    """Shows one comparison at a time; tab goes on to the next right answer."""

    DEFAULT_CSS = """
    Beside {
        background: $background 30%;
        & > VerticalScroll { width: 100%; max-width: 160; padding: 0 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+g,f4", "close", "Close", id="beside.close"),
        Binding("tab,right,n", "turn(1)", "Next answer", priority=True, id="beside.next"),
        Binding("shift+tab,left,p", "turn(-1)", "Answer before", priority=True, id="beside.previous"),
    ]

    def __init__(self, mine: str, answers: Sequence[Answer]) -> None:
        self._programs = BesideText()
        super().__init__("Yours beside the lesson's", self._programs)
        self._mine = mine
        self._answers = answers
        self._at = 0

    def on_mount(self) -> None:
        """Begin with the lesson's own solution."""
        self._show()

    def action_turn(self, by: int) -> None:
        """Show another answer."""
        self._at = (self._at + by) % len(self._answers)
        self._show()

    def _show(self) -> None:
        answer, count = self._answers[self._at], len(self._answers)
        more = f"tab next ({self._at + 1} of {count}) · " if count > 1 else ""
        self.scroll.border_subtitle = Content(f" {more}↑ ↓ scroll · esc back ")
        name = THEIRS if not self._at else visible_line(answer.summary) or "Another right answer"
        self._programs.show(compare(self._mine, answer.code.source), name, answer)
        self.scroll.scroll_home(animate=False)
        self.scroll.focus()


class BesideText(Flow):
    """Two programs, side by side or one above the other, and why the lesson's is as it is."""

    def __init__(self) -> None:
        super().__init__()
        self._comparison = Comparison((), "")
        self._whose = THEIRS
        self._answer: Answer | None = None

    def show(self, comparison: Comparison, name: str, answer: Answer) -> None:
        """Show a comparison with an answer called `name`."""
        self._comparison, self._whose, self._answer = comparison, name, answer
        self.relay()

    def lines(self, width: int) -> list[Content]:
        """What differs in one sentence, the programs, then the why."""
        lines = [*hang(Content(self._comparison.words).stylize("bold"), width), EMPTY]
        lines += self._beside(width) if width >= SIDE_BY_SIDE else self._above(width)
        why = lay(self._answer.blocks, width - 2) if self._answer is not None else []
        return [*lines, *([EMPTY, *barred(why, ".flow--note")] if why else [])]

    def _beside(self, width: int) -> list[Content]:
        half = (width - 3) // 2
        lines = [_head(MINE, half) + Content("   ") + _head(self._whose, half)]
        for pair in self._comparison.pairs:
            left, right = _cell(pair.mine, half, "−"), _cell(pair.theirs, half, "+")
            blank = filled([EMPTY], half, ".flow--code")[0]
            for row in range(max(len(left), len(right))):
                one = left[row] if row < len(left) else blank
                lines.append(one + Content("   ") + (right[row] if row < len(right) else blank))
        return lines

    def _above(self, width: int) -> list[Content]:
        lines: list[Content] = []
        for name, mark in ((MINE, "−"), (self._whose, "+")):
            sides = [pair.mine if name == MINE else pair.theirs for pair in self._comparison.pairs]
            lines += [_head(name, width)]
            lines += [line for side in sides if side is not None for line in _cell(side, width, mark)]
            lines.append(EMPTY)
        return lines[:-1]


def _head(name: str, width: int) -> Content:
    words = hang(styled(name, ".flow--heading"), width)[0]
    return words.pad_right(max(0, width - words.cell_length))


def _cell(side: Side | None, width: int, mark: str) -> list[Content]:
    """A line in `width` cells; what differs is marked in the margin and underlined."""
    if side is None:
        return []
    line = highlighted(visible(side.text))[0] if side.text else EMPTY
    if visible(side.text) == side.text:
        for start, end in side.marks:
            line = line.stylize("bold underline", start, end)
    margin = styled(f"{mark} ", ".flow--key") if side.marks else Content("  ")
    rest = Content("  ")
    shown = folded(line, width - 2, len(side.text) - len(side.text.lstrip()) + 2)
    return filled([(rest if row else margin) + part for row, part in enumerate(shown)], width, ".flow--code")
