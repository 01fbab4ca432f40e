"""Which rows of a pane a list of lines takes, kept up to date as lines come."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from rich.cells import get_character_cell_size

from tutor.ui.sgr import Ink
from tutor.ui.terminal_text import Line, Runs


def cuts(text: str, width: int) -> list[int]:
    """Positions in `text` at which a row of `width` cells begins; never empty."""
    if text.isascii():
        return list(range(0, max(1, len(text)), width))
    found, used = [0], 0
    for position, character in enumerate(text):
        size = get_character_cell_size(character)
        if used + size > width and position:
            found.append(position)
            used = 0
        used += size
    return found


def part(runs: Runs, start: int, end: int) -> list[tuple[str, Ink]]:
    """The pieces of `runs` between two positions."""
    pieces, at = [], 0
    for text, ink in runs:
        if at < end and at + len(text) > start:
            pieces.append((text[max(0, start - at) : end - at], ink))
        at += len(text)
    return pieces


class RowIndex:
    """Rows of lines at one width: `total` of them, and which line and which part of it a row shows."""

    def __init__(self) -> None:
        self.width = 0
        self._starts = [0]

    @property
    def total(self) -> int:
        """Number of rows."""
        return self._starts[-1]

    def update(self, lines: Sequence[Line], width: int, changed_from: int = 0) -> int:
        """Take `lines` in, of which those from `changed_from` on are new; return the first row that may differ."""
        if width != self.width:
            self.width, changed_from = width, 0
        changed_from = min(changed_from, len(self._starts) - 1)
        first = self._starts[changed_from]
        del self._starts[changed_from + 1 :]
        row = first
        for line in lines[changed_from:]:
            row += len(cuts(line.text, width)) if line.runs else 1
            self._starts.append(row)
        return first

    def locate(self, row: int) -> tuple[int, int]:
        """`(line, part)` of a row, both from 0."""
        line = bisect_right(self._starts, row) - 1
        return line, row - self._starts[line]
