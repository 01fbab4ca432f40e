"""Matrices of levels as cells: two numbers a cell as half blocks in colours, or a glyph for each in ASCII."""

from __future__ import annotations

from collections.abc import Sequence

Levels = Sequence[Sequence[int | None]]
Run = tuple[str, str, str]
"""Text, its colour, the colour of its ground; "" for the terminal's own."""

BROKEN = 99
"""The level of a value that is no number."""

_BELOW = ("#00005f", "#000087", "#0000af", "#005faf", "#005fd7", "#0087d7", "#00afff", "#5fd7ff")
_ABOVE = ("#5f0000", "#870000", "#875f00", "#af5f00", "#d75f00", "#d78700", "#ffaf00", "#ffd75f")
_RISING = ("#5f005f", "#5f0087", "#5f5f87", "#005f87", "#008787", "#00af87", "#5faf5f", "#d7d75f")
_ZERO = "#303030"
_NAN = "#ff00ff"
# Every colour stands in the palette of 256: a terminal with no more than these shows the same, in a third of the bytes.

_GLYPHS_BELOW, _GLYPHS_ABOVE = "--==oo@@", "..++xx##"


def color(level: int | None, signed: bool) -> str:
    """The colour of a level from -8 to 8."""
    if level is None:
        return ""
    if level == BROKEN:
        return _NAN
    if level == 0:
        return _ZERO
    row = _BELOW if level < 0 else _ABOVE if signed else _RISING
    return row[min(abs(level), len(row)) - 1]


def glyph(level: int | None) -> str:
    """The ASCII glyph of a level."""
    if level is None:
        return " "
    if level == BROKEN:
        return "!"
    if level == 0:
        return " "
    row = _GLYPHS_BELOW if level < 0 else _GLYPHS_ABOVE
    return row[min(abs(level), len(row)) - 1]


def enlarged(levels: Levels, width: int, height: int, most: int = 4) -> list[list[int | None]]:
    """Every number repeated as often, across and down, as `width` and `height` allow; cut at `width`."""
    wide = max((len(row) for row in levels), default=0)
    if not wide:
        return []
    times = max(1, min(most, width // wide, height // len(levels)))
    return [[one for one in row[:width] for _ in range(times)] for row in levels for _ in range(times)]


def half_blocks(levels: Levels, *, signed: bool) -> list[list[Run]]:
    """A line of runs for each two rows of numbers."""
    lines = []
    for at in range(0, len(levels), 2):
        upper = levels[at]
        lower = levels[at + 1] if at + 1 < len(levels) else [None] * len(upper)
        runs: list[Run] = []
        for one, other in zip(upper, lower, strict=True):
            above, below = color(one, signed), color(other, signed)
            cell = (" ", "", above) if above == below else ("▀", above, below) if above else ("▄", below, "")
            _join(runs, cell)
        lines.append(runs)
    return lines


def glyphs(levels: Levels) -> list[list[Run]]:
    """A line of one run for each row of numbers."""
    return [[("".join(glyph(one) for one in row), "", "")] for row in levels]


def legend(signed: bool, *, ascii: bool) -> list[Run]:
    """The colours from the least to the greatest level."""
    levels = list(range(-8 if signed else 0, 9))
    if ascii:
        return glyphs([levels])[0]
    runs: list[Run] = []
    for level in levels:
        _join(runs, (" ", "", color(level, signed)))
    return runs


def _join(runs: list[Run], cell: Run) -> None:
    if runs and runs[-1][1:] == cell[1:]:
        runs[-1] = (runs[-1][0] + cell[0], cell[1], cell[2])
    else:
        runs.append(cell)
