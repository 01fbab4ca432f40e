"""Frame, ticks and labels around a plot, drawn by plotext 5.3.

plotext gets a figure of its own (its module functions share a global one), one invisible point, and ticks in units of
the frame: no number of the learner's reaches it, since it fails on infinity and on large ranges. The names that are
private to plotext are used in this module only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

_TO_ASCII = str.maketrans("┌┐└┘┬┴┤├┼─│", "+++++++++-|")


class Chrome(NamedTuple):
    """Characters around a canvas; the canvas is `rows[top:bottom]`, columns `left` to `right`, exclusive."""

    rows: tuple[str, ...]
    left: int
    right: int
    top: int
    bottom: int


Tick = tuple[float, str]
"""Position between 0 and 1, and label in narrow characters."""


def figure(width: int, height: int) -> Any:
    """A plotext figure of its own, `width` by `height` cells."""
    # Slow to import, and no page needs it before something is drawn.
    from plotext._figure import _figure_class

    made = _figure_class()
    made._set_size(width, height)
    return made


def build(made: Any) -> Any:
    """Lay a figure out; returns plotext's matrix of cells, whose rows go from the bottom to the top."""
    made._set_sizes()
    made.monitor.build_plot()
    return made.monitor.matrix


class ChromeMaker:
    """Makes chromes and keeps the last few, since limits seldom change."""

    _KEPT = 8

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Chrome] = {}
        self.built = 0

    def make(self, width: int, height: int, x: Sequence[Tick], y: Sequence[Tick], *, ascii: bool = False) -> Chrome:
        """The chrome of a plot of `width` by `height` cells; needs at least 16 by 5."""
        key = (width, height, tuple(x), tuple(y), ascii)
        found = self._kept.pop(key, None)
        if found is None:
            found = self._build(width, height, x, y, ascii)
            self.built += 1
            if len(self._kept) >= self._KEPT:
                del self._kept[next(iter(self._kept))]
        self._kept[key] = found
        return found

    def _build(self, width: int, height: int, x: Sequence[Tick], y: Sequence[Tick], ascii: bool) -> Chrome:
        made = figure(width, height)
        made.plot([0.0], [0.0], marker=" ")
        made.xlim(0.0, 1.0)
        made.ylim(0.0, 1.0)
        made.xticks([position for position, _ in x], [label for _, label in x])
        made.yticks([position for position, _ in y], [label for _, label in y])
        matrix = build(made)
        rows = ["".join(row)[:width].ljust(width) for row in reversed(matrix.marker)]
        if ascii:
            rows = [row.translate(_TO_ASCII) for row in rows]
        across, up = matrix.Cols_canvas, matrix.Rows_canvas
        return Chrome(tuple(rows), across.start, across.stop, height - up.stop, height - up.start)
