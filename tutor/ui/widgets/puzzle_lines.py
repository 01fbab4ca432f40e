"""The lines of a Parsons puzzle: one is selected, may be lifted, and moves by keys."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message

from tutor.learning.parsons import Arrangement, Row
from tutor.ui.widgets.code import highlighted
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import filled, folded, styled

STEP = 4


class PuzzleLines(Flow, can_focus=True):
    """Shows an arrangement and changes it; posts `Moved` when it has changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "go(-1)", tooltip="Select the line above, or move the lifted line up", id="puzzle.up"),
        Binding("down,j", "go(1)", tooltip="Select the line below, or move the lifted line down", id="puzzle.down"),
        Binding("shift+up,K", "move(-1)", tooltip="Move the line up", id="puzzle.move_up"),
        Binding("shift+down,J", "move(1)", tooltip="Move the line down", id="puzzle.move_down"),
        Binding("left,h,shift+tab", "indent(-1)", tooltip="A step to the left", id="puzzle.left"),
        Binding("right,l,tab", "indent(1)", tooltip="A step to the right", id="puzzle.right"),
        Binding("space", "lift", tooltip="Lift the line, and let it down", id="puzzle.lift"),
        Binding("x,delete,backspace", "aside", tooltip="Put the line aside, and back", id="puzzle.aside"),
        Binding("u,ctrl+z", "undo", tooltip="Take the last change back", id="puzzle.undo"),
        Binding("enter", "screen.judge", tooltip="Compare with the solution", id="puzzle.judge"),
    ]

    class Moved(Message):
        """The arrangement is another one now."""

        def __init__(self, arrangement: Arrangement) -> None:
            super().__init__()
            self.arrangement = arrangement

    def __init__(self, arrangement: Arrangement) -> None:
        super().__init__()
        self.arrangement = arrangement
        self.at = 0
        self.lifted = False
        self.wrong: int | None = None
        self._before: list[tuple[Arrangement, int]] = []
        self._tops: list[int] = []

    def lines(self, width: int) -> list[Content]:
        """Every piece with its number, those put aside below a rule."""
        lines: list[Content] = []
        self._tops = []
        border = len(self.arrangement.used)
        for index, row in enumerate(self.arrangement.rows):
            if index == border:
                lines.append(_rule("put aside: not in the program", width))
            self._tops.append(len(lines))
            lines += self._row(index, row, width)
        if border == len(self.arrangement.rows):
            lines.append(_rule("x puts a line aside that does not belong", width))
        return lines

    def _row(self, index: int, row: Row, width: int) -> list[Content]:
        here = index == self.at
        mark = ("◆" if self.lifted else "▸") if here else " "
        number = f"{index + 1:>2} " if row.used else " · "
        flaw = styled("✗", ".flow--wrong") if index == self.wrong else Content(" ")
        head = styled(mark, ".flow--key") + flaw + styled(number, ".flow--muted")
        blank = Content(" " * head.cell_length)
        lines: list[Content] = []
        for line in highlighted(row.piece.text):
            shown = folded(Content(" " * (STEP * row.depth)) + line, width - head.cell_length, STEP * row.depth + 2)
            lines += [(blank if lines or part else head) + text for part, text in enumerate(shown)]
        if here:
            lines = filled(lines, width, ".flow--code")
            lines = [line.stylize("reverse" if self.lifted else "bold") for line in lines]
        return lines

    def action_go(self, by: int) -> None:
        """Select another line; a lifted one moves."""
        if self.lifted:
            self.action_move(by)
        else:
            self.at = min(max(0, self.at + by), len(self.arrangement.rows) - 1)
            self._show()

    def action_move(self, by: int) -> None:
        """Move the line."""
        self._change(*self.arrangement.moved(self.at, by))

    def action_indent(self, by: int) -> None:
        """Move the line a step to the right or left."""
        self._change(self.arrangement.indented(self.at, by), self.at)

    def action_lift(self) -> None:
        """Lift the line or let it down: a lifted one moves with the arrows."""
        self.lifted = not self.lifted
        self._show()

    def action_aside(self) -> None:
        """Put the line aside, or back into the program."""
        self.lifted = False
        self._change(*self.arrangement.put_aside(self.at))

    def action_undo(self) -> None:
        """Take the last change back."""
        if self._before:
            self.arrangement, self.at = self._before.pop()
            self._changed()

    def _change(self, arrangement: Arrangement, at: int) -> None:
        if arrangement != self.arrangement:
            self._before.append((self.arrangement, self.at))
            self.arrangement, self.at = arrangement, at
            self._changed()

    def _changed(self) -> None:
        self.wrong = None
        self.post_message(self.Moved(self.arrangement))
        self._show()

    def _show(self) -> None:
        self.relay()
        self.call_after_refresh(self._bring)

    def _bring(self) -> None:
        """Keep the selected line in view."""
        if isinstance(self.parent, VerticalScroll) and self.at < len(self._tops):
            self.parent.scroll_to_region(Region(0, self._tops[self.at], 1, 2), animate=False, force=True)


def _rule(words: str, width: int) -> Content:
    return styled(f"── {words} ".ljust(width, "─")[:width], ".flow--muted")
