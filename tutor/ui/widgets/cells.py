"""A grid of cells that sends only what has changed, and says about how many bytes that was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

STYLE_BYTES = 34
"""What a change of style costs: an SGR sequence with a true colour, and its reset."""

MOVE_BYTES = 10
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
    """Shows rows of characters, each cell in one of the numbered inks.

    `inks` maps the numbers to component classes of the widget; a number that is not there is plain text.
    """

    inks: ClassVar[Mapping[int, str]] = {}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[str] = []
        self._numbers: list[bytes] = []
        self._width = 0

    def put(self, rows: Sequence[str], numbers: Sequence[bytes]) -> int:
        """Show these rows; return about how many bytes go to the terminal.

        Textual 8.2.8 sends a changed stretch of a row from the left edge of its widget on: so each row gets one
        stretch, from its first to its last changed cell, and never several.
        """
        if len(rows) != len(self._rows) or self._width != self.size.width:
            self._width = self.size.width
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

    def clear(self) -> None:
        """Show nothing."""
        self._rows, self._numbers = [], []
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row, cut where the ink changes; blanks go with whatever ink stands before them."""
        base = self.rich_style
        if y >= len(self._rows):
            return Strip.blank(self.size.width, base)
        row, numbers = self._rows[y], self._numbers[y]
        segments, start = [], 0
        for x in range(1, len(row) + 1):
            if x == len(row) or (numbers[x] != numbers[start] and row[x] != " "):
                segments.append(Segment(row[start:x], self._style(numbers[start], base)))
                start = x
        return Strip(segments).crop_extend(0, self.size.width, base)

    def _style(self, number: int, base: Style) -> Style:
        name = self.inks.get(number)
        return base + self.get_component_rich_style(name, partial=True) if name else base
