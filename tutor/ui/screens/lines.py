"""The solution's lines out of order: a Parsons puzzle."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget

from tutor.learning.parsons import Arrangement, Puzzle, judge_arrangement
from tutor.ui.screens.rung import RungScreen
from tutor.ui.widgets.puzzle_lines import PuzzleLines


class LinesScreen(RungScreen):
    """Lines to put in order and to indent, some of which do not belong; `keep` is given each arrangement to be kept."""

    heading = "Put the lines in order"
    keys = "space lift · x aside · enter compare"

    def __init__(self, puzzle: Puzzle, arrangement: Arrangement, keep: Callable[[Arrangement], None]) -> None:
        count = len(puzzle.lookalikes)
        strangers = "" if not count else " One does not belong." if count == 1 else f" {count} do not belong."
        self.advice = (
            f"The solution's lines, shuffled.{strangers} ↑ ↓ select; space lifts a line, then they move it; ← → indent."
        )
        super().__init__()
        self._puzzle = puzzle
        self._keep = keep
        self.board = PuzzleLines(arrangement)

    def parts(self) -> Iterable[Widget]:
        """The lines."""
        yield self.board

    def on_mount(self) -> None:
        """The keys are for the lines."""
        self.board.focus()

    @property
    def arrangement(self) -> Arrangement:
        """Where the lines stand."""
        return self.board.arrangement

    @property
    def code(self) -> str:
        """The program as the lines stand."""
        return self.board.arrangement.code

    def save(self) -> None:
        """Keep where the lines stand."""
        self._keep(self.board.arrangement)

    def judge(self) -> tuple[bool, str]:
        """What stands wrong first."""
        found = judge_arrangement(self._puzzle, self.board.arrangement)
        self.board.wrong = found.index
        self.board.relay()
        return found.right, found.words

    def on_puzzle_lines_moved(self) -> None:
        """What was said is about lines that stood elsewhere."""
        self.judgement.say(self.advice)
        self.changed()
