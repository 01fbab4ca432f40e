"""Series to dots: where a value lies on an axis, and what of a series is line, band or mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log10

from tutor.plot.axes import Limits
from tutor.plot.drawable import MINUS_INF, NAN, PLUS_INF, ColumnLike
from tutor.plot.frame import MARK
from tutor.plot.raster import Canvas, Level

SIGNS = {False: ("×", "▲", "▼"), True: ("x", "^", "v")}
"""Marks of NaN, of infinity, and of minus infinity or too low a value; with True in ASCII."""


class Scale:
    """An axis with `levels` dots between its limits, which are exponents on a log axis."""

    def __init__(self, limits: Limits, levels: int, log: bool) -> None:
        self.log = log
        self._low, self._high = limits
        self._dots = (levels - 1) / (limits.high - limits.low)

    def height(self, value: float) -> float:
        """Dot height of a finite value; at the edge where it is beyond the limits."""
        if self.log:
            value = log10(value) if value > 0 else self._low
        return (min(max(value, self._low), self._high) - self._low) * self._dots

    def means(self, columns: Iterable[ColumnLike]) -> Iterable[Level]:
        """The curve of the means; broken where a column has nothing that can be drawn."""
        for one in columns:
            if one.mean is None or (self.log and one.hi <= 0):
                yield one.column, 1.0, 0.0
                continue
            mean = one.hi if self.log and one.mean <= 0 else one.mean
            at = self.height(mean)
            yield one.column, at, at

    def bands(self, columns: Iterable[ColumnLike]) -> Iterable[Level]:
        """From least to greatest value of each column."""
        for one in columns:
            if one.lo < one.hi and not (self.log and one.hi <= 0):
                yield one.column, self.height(one.lo), self.height(one.hi)

    def smoothed(self, values: Iterable[tuple[int, float]]) -> Iterable[Level]:
        """The curve of smoothed values; broken where a log axis cannot show them."""
        for column, value in values:
            if self.log and value <= 0:
                yield column, 1.0, 0.0
                continue
            at = self.height(value)
            yield column, at, at


def extremes(columns: Iterable[Sequence[ColumnLike]], log: bool) -> tuple[float, float]:
    """Least and greatest finite value (above 0 on a log axis) of some series; least > greatest where there is none."""
    least, greatest = float("inf"), float("-inf")
    for found in columns:
        for one in found:
            if one.lo <= one.hi and (one.hi > 0 or not log):
                least = min(least, one.lo if one.lo > 0 or not log else one.hi)
                greatest = max(greatest, one.hi)
    return least, greatest


def mark(canvas: Canvas, columns: Iterable[ColumnLike], log: bool, ascii: bool) -> tuple[int, bool]:
    """Mark what is not finite, or not positive on a log axis; returns the flags seen and whether any was too low."""
    unknown, up, down = SIGNS[ascii]
    seen, low = 0, False
    for one in columns:
        if log and one.lo <= 0 and one.lo <= one.hi:
            low = True
            canvas.mark(one.column, canvas.height - 1, down, MARK)
        if one.flags:
            seen |= one.flags
            if one.flags & MINUS_INF:
                canvas.mark(one.column, canvas.height - 1, down, MARK)
            if one.flags & PLUS_INF:
                canvas.mark(one.column, 0, up, MARK)
            if one.flags & NAN:
                canvas.mark(one.column, 0, unknown, MARK)
    return seen, low
