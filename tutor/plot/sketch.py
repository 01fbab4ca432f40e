"""Small drawings of what a loss can do: one for each curve that can be predicted."""

from __future__ import annotations

from collections.abc import Callable
from math import exp

from tutor.plot.raster import ASCII, BRAILLE, Canvas, Level, line

SKETCHES: dict[str, Callable[[float], float]] = {
    "falls": lambda at: 0.08 + 0.9 * exp(-4 * at),
    "oscillates": lambda at: 0.95 if int(at * 12) % 2 == 0 else 0.2,
    "diverges": lambda at: 0.05 + 0.95 * (exp(4 * at) - 1) / (exp(4) - 1),
    "flat": lambda at: 0.62,
}
"""Height, 0 to 1, of each kind of curve at a place from 0 to 1."""


def sketch(kind: str, width: int, height: int, *, ascii: bool = False) -> list[str]:
    """The drawing in `width` by `height` cells. Raises `KeyError` for a kind that has none."""
    curve = SKETCHES[kind]
    canvas = Canvas(max(1, width), max(1, height), ASCII if ascii else BRAILLE)
    last = max(1, canvas.columns - 1)
    levels: list[Level] = []
    for column in range(canvas.columns):
        at = curve(column / last) * (canvas.levels - 1)
        levels.append((column, at, at))
    canvas.paint(line(levels, canvas.levels), 1)
    return ["".join(row) for row in canvas.rows()]
