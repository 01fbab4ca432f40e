"""A fit as cells: points with a line through them, or regions with points in them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from tutor.plot import heat
from tutor.plot.raster import ASCII, BRAILLE, Canvas, line

POINT, CURVE = 1, 2
"""Inks: 0 is nothing."""

GLYPHS = "ox+*#%"
"""Points of the first class, of the second, …"""

_BELOW, _ABOVE = ("#262626", "#00005f", "#005f87"), ("#262626", "#5f0000", "#875f00")

Pairs = Sequence[tuple[float, float]]


def line_rows(points: Pairs, curve: Pairs, width: int, height: int, *, ascii: bool) -> list[list[tuple[str, int]]]:
    """Rows of runs (text, ink). Points are marks of their own, so that they are told from the curve without colour."""
    points = [one for one in points if isfinite(one[0]) and isfinite(one[1])]
    drawn = [one for one in curve if isfinite(one[0]) and isfinite(one[1])]
    every = [*points, *drawn]
    if not every or width < 2 or height < 2:
        return []
    # The scale is that of the points: a curve that is far off leaves the picture, and is seen to.
    scale = points or drawn
    left, right = min(x for x, _ in every), max(x for x, _ in every)
    low, high = min(y for _, y in scale), max(y for _, y in scale)
    low, high = low - 0.08 * (high - low or 1.0), high + 0.08 * (high - low or 1.0)
    canvas = Canvas(width, height, ASCII if ascii else BRAILLE)

    def column(x: float) -> int:
        return round((x - left) / (right - left or 1.0) * (canvas.columns - 1))

    def level(y: float) -> float:
        return (y - low) / (high - low) * (canvas.levels - 1)

    inside = [(column(x), level(y), level(y)) for x, y in drawn if -1 <= level(y) <= canvas.levels]
    canvas.paint(line(sorted({one[0]: one for one in inside}.values()), canvas.levels), CURVE)
    for x, y in points:
        row = height - 1 - min(height - 1, max(0, int(level(y) // canvas.grid.up)))
        canvas.mark(column(x), row, "o" if ascii else "•", POINT)
    return [_runs(cells, inks) for cells, inks in zip(canvas.rows(), canvas.inks, strict=True)]


def map_rows(levels: heat.Levels, points: Sequence[tuple[int, int, int]], *, ascii: bool) -> list[list[heat.Run]]:
    """Rows of runs: regions by the colour of their ground, their border by dots, points by letters."""
    marks = {(row, column): GLYPHS[kind % len(GLYPHS)] for column, row, kind in points}
    rows = []
    for y, numbers in enumerate(levels):
        runs: list[heat.Run] = []
        for x, number in enumerate(numbers):
            mark = marks.get((y, x)) or ("·" if _border(levels, y, x) and not ascii else "")
            if ascii:
                runs.append((mark or ("." if (number or 0) > 0 else " "), "", ""))
            else:
                runs.append((mark or " ", "#ffffff", _ground(number or 0)))
        rows.append(_joined(runs))
    return rows


def _ground(level: int) -> str:
    """The colour of a region: dark, so that points are seen on it, and darkest where the model is not sure."""
    sure = min(abs(level) // 3, 2)
    return (_BELOW if level < 0 else _ABOVE)[sure]


def _border(levels: heat.Levels, y: int, x: int) -> bool:
    here = (levels[y][x] or 0) > 0
    beside = levels[y][x + 1 : x + 2]
    below = levels[y + 1][x : x + 1] if y + 1 < len(levels) else ()
    return any(((one or 0) > 0) != here for one in (*beside, *below))


def _runs(cells: Sequence[str], inks: Sequence[int]) -> list[tuple[str, int]]:
    runs: list[tuple[str, int]] = []
    for cell, ink in zip(cells, inks, strict=True):
        if runs and runs[-1][1] == ink:
            runs[-1] = (runs[-1][0] + cell, ink)
        else:
            runs.append((cell, ink))
    return runs


def _joined(runs: Sequence[heat.Run]) -> list[heat.Run]:
    found: list[heat.Run] = []
    for text, ink, ground in runs:
        if found and found[-1][1:] == (ink, ground):
            found[-1] = (found[-1][0] + text, ink, ground)
        else:
            found.append((text, ink, ground))
    return found
