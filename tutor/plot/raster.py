"""Curves as dots in cells: braille with 2 by 4 dots a cell, or ASCII with 3 levels a cell.

A curve is one vertical span of dots in each dot column. That is all a series with thousands of points a column can
show, and it costs O(width) to paint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Spans = dict[int, tuple[int, int]]
"""Dot column -> lowest and highest dot, counted from the bottom."""

Level = tuple[int, float, float]
"""Column, low and high end as dot heights that need not be whole; low > high breaks the curve."""


def _braille() -> list[str]:
    """Glyph of each pattern: bits 0 to 3 are the left dots from the bottom, 4 to 7 the right ones."""
    left, right = (0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08)
    glyphs = [" "]  # an empty cell is a blank, which costs one byte instead of three
    for pattern in range(1, 256):
        code = sum(left[dot] for dot in range(4) if pattern >> dot & 1)
        code += sum(right[dot] for dot in range(4) if pattern >> (4 + dot) & 1)
        glyphs.append(chr(0x2800 + code))
    return glyphs


class Grid:
    """The kind of dots a terminal can show: `across` by `up` dots a cell."""

    def __init__(self, across: int, up: int, glyphs: Sequence[str]) -> None:
        self.across, self.up, self.glyphs = across, up, glyphs


BRAILLE = Grid(2, 4, _braille())
ASCII = Grid(1, 3, [" ", ".", "-", ":", "'", "|", "'", "|"])


def bars(levels: Iterable[Level], height: int) -> Spans:
    """Every column from its low to its high end, within `height` dots; nothing between columns."""
    return {column: (_clip(low, height), _clip(high, height)) for column, low, high in levels if low <= high}


def line(levels: Iterable[Level], height: int) -> Spans:
    """A curve through the columns: neighbours touch, and a gap between columns is crossed in a straight line."""
    spans: Spans = {}
    before: tuple[int, float, float] | None = None
    for column, low, high in levels:
        if low > high:
            before = None
            continue
        bottom, top = _clip(low, height), _clip(high, height)
        if before is not None:
            bottom, top = _join(spans, before, (column, bottom, top), height)
        spans[column] = (bottom, top)
        before = (column, low, high)
    return spans


def _join(spans: Spans, before: tuple[int, float, float], now: tuple[int, int, int], height: int) -> tuple[int, int]:
    """Fill the columns between two of a curve; returns the span of the later one, made to touch."""
    column, bottom, top = now
    previous, low, high = before
    start, end = (low + high) / 2, (bottom + top) / 2
    slope = (end - start) / (column - previous)
    at = start
    for between in range(previous + 1, column):
        upto = at + slope
        spans[between] = (_clip(min(at, upto), height), _clip(max(at, upto), height))
        at = upto
    last_bottom, last_top = spans[column - 1]
    if bottom > last_top + 1:  # the step is shared by both columns
        middle = (last_top + bottom) // 2
        spans[column - 1] = (last_bottom, middle)
        bottom = middle + 1
    elif top < last_bottom - 1:
        middle = (last_bottom + top + 1) // 2
        spans[column - 1] = (middle, last_top)
        top = middle - 1
    return bottom, top


def _clip(level: float, height: int) -> int:
    if level <= 0:
        return 0
    return height - 1 if level >= height - 1 else int(level + 0.5)


class Canvas:
    """Cells to draw on. `inks[y][x]` is the ink that owns a cell, 0 where nothing is."""

    def __init__(self, width: int, height: int, grid: Grid) -> None:
        self.width, self.height, self.grid = width, height, grid
        self.inks = [bytearray(width) for _ in range(height)]
        self._dots = [bytearray(width) for _ in range(height)]
        self._marks: dict[tuple[int, int], str] = {}

    @property
    def columns(self) -> int:
        """Dot columns."""
        return self.width * self.grid.across

    @property
    def levels(self) -> int:
        """Dot rows."""
        return self.height * self.grid.up

    def paint(self, spans: Mapping[int, tuple[int, int]], ink: int, *, over: int = 0) -> None:
        """Draw spans over what is there. Cells of the ink `over` are replaced, in others dots are added."""
        across, up = self.grid.across, self.grid.up
        full = (1 << up) - 1
        for x in {column // across for column in spans}:
            if not 0 <= x < self.width:
                continue
            masks = []
            for column in range(x * across, x * across + across):
                span = spans.get(column)
                masks.append(0 if span is None else ((1 << (span[1] - span[0] + 1)) - 1) << span[0])
            both = masks[0] | masks[-1]
            row = ((both & -both).bit_length() - 1) // up
            left, right = masks[0] >> (row * up), masks[-1] >> (row * up)
            y = self.height - 1 - row
            while (left or right) and y >= 0:
                dots = left & full if across == 1 else (left & full) | (right & full) << up
                if dots:
                    inks, cells = self.inks[y], self._dots[y]
                    cells[x] = dots if over and inks[x] == over else cells[x] | dots
                    inks[x] = ink
                left >>= up
                right >>= up
                y -= 1

    def mark(self, column: int, y: int, glyph: str, ink: int) -> None:
        """Put a glyph into the cell of a dot column, over everything."""
        x = column // self.grid.across
        if 0 <= x < self.width and 0 <= y < self.height:
            self._marks[y, x] = glyph
            self.inks[y][x] = ink

    def fill(self, column: int, y: int, glyph: str, ink: int) -> None:
        """Put a glyph into the cell of a dot column, where nothing is."""
        x = column // self.grid.across
        if 0 <= x < self.width and not self._dots[y][x] and (y, x) not in self._marks:
            self.mark(column, y, glyph, ink)

    def rows(self) -> list[list[str]]:
        """The glyphs, row by row from the top."""
        glyphs = self.grid.glyphs
        rows = [[glyphs[dots] for dots in cells] for cells in self._dots]
        for (y, x), glyph in self._marks.items():
            rows[y][x] = glyph
        return rows
