"""A grid of cells that sends only what has changed, and says about how many bytes that was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

STYLE_BYTES = 42
"""What a change of style costs: an SGR sequence with two true colours, and its reset."""

MOVE_BYTES = 8
"""What it costs to go to a cell."""


def run_bytes(characters: str, inks: Sequence[int]) -> int:
    """About how many bytes it takes to send these cells: one for a blank, three for another glyph, and the styles."""
    if not characters:
        return 0
    changes, current = 1, inks[0]
    for character, ink in zip(characters, inks, strict=True):
        if ink != current and character != " ":
            changes, current = changes + 1, ink
    return 3 * len(characters) - 2 * characters.count(" ") + STYLE_BYTES * changes


class Cells(Widget):
    """Shows rows of characters, each cell in one of some numbered inks; `style_of` gives the style of an ink.

    It has no border and no padding, so that its outer size, which a widget knows by itself, is its size. To ask for
    `size` arranges the screen again while a layout is due, and in Textual 8.2.8 that layout then finds nothing to
    repaint: a sentence that has just gone away would stay.
    """

    def __init__(self, style_of: Callable[[int], Style], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._style_of = style_of
        self._rows: list[str] = []
        self._numbers: list[bytes] = []
        self._width = 0

    def put(self, rows: Sequence[str], numbers: Sequence[bytes]) -> int:
        """Show these rows; return about how many bytes go to the terminal.

        Textual 8.2.8 sends a changed stretch of a row from the left edge of its widget on: so each row gets one
        stretch, from its first to its last changed cell, and never several.
        """
        if len(rows) != len(self._rows) or self._width != self.outer_size.width:
            self._width = self.outer_size.width
            self._rows, self._numbers = list(rows), list(numbers)
            self.refresh()
            return sum(run_bytes(row, number) + MOVE_BYTES for row, number in zip(rows, numbers, strict=True))
        regions, cost = [], 0
        for y, (row, number) in enumerate(zip(rows, numbers, strict=True)):
            old, before = self._rows[y], self._numbers[y]
            if row == old and number == before:
                continue
            if len(row) == len(old) == self._width:
                changed = [x for x in range(len(row)) if row[x] != old[x] or number[x] != before[x]]
                first, end = changed[0], changed[-1] + 1
            else:  # wide characters: positions are not cells
                first, end = 0, self._width
            regions.append(Region(first, y, end - first, 1))
            cost += run_bytes(row[:end], number[:end]) + MOVE_BYTES
            self._rows[y], self._numbers[y] = row, number
        if regions:
            self.refresh(*regions)
        return cost

    def render_line(self, y: int) -> Strip:
        """One row, cut where the ink changes; blanks go with whatever ink stands before them."""
        base = self.rich_style
        if y >= len(self._rows):
            return Strip.blank(self.outer_size.width, base)
        row, numbers = self._rows[y], self._numbers[y]
        segments, start = [], 0
        for x in range(1, len(row) + 1):
            if x == len(row) or (numbers[x] != numbers[start] and row[x] != " "):
                segments.append(Segment(row[start:x], base + self._style_of(numbers[start])))
                start = x
        return Strip(segments).crop_extend(0, self.outer_size.width, base)
