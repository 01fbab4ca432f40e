"""Exponential smoothing of a series, the same at every width and zoom.

After a point v the average is m = w·m + (1 - w)·v, divided by 1 - wⁿ after n points: without that correction it would
start near 0 (Kingma and Ba, Adam, 2015, section 3). Where only a bucket of k points is left, it counts k times with its
mean, which is exact for a run of up to 1,024 points.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isfinite
from typing import Protocol


class Bucket(Protocol):
    """Points that follow each other."""

    @property
    def first(self) -> float:
        """Their first step."""

    @property
    def total(self) -> float:
        """Sum of the finite ones."""

    @property
    def finite(self) -> int:
        """Number of the finite ones."""


class Smoothable(Protocol):
    """What is needed of a series."""

    def is_raw(self, x0: float, x1: float, n: int) -> bool:
        """Whether the raw points are to be used."""

    def stretches(self) -> Iterable[Bucket]:
        """All of it in buckets."""

    def points(self) -> Iterable[tuple[float, float]]:
        """The raw points that are left."""


def smooth(series: Smoothable, x0: float, x1: float, n: int, weight: float) -> list[tuple[int, float]]:
    """The smoothed value at the end of each of `n` columns between the steps `x0` and `x1`, without the empty ones.

    `weight` is that of the past, 0 (no smoothing) up to but not 1. Values that are not finite are left out.
    """
    span = x1 - x0
    if n < 1 or not span >= 0:
        return []
    scale = (n - 1) / span if 0 < span < inf else 0.0
    rows: Iterable[tuple[float, float, int]]
    if series.is_raw(x0, x1, n):
        rows = ((step, value, 1) for step, value in series.points() if isfinite(value))
    else:
        rows = ((one.first, one.total / one.finite, one.finite) for one in series.stretches() if one.finite)
    found: dict[int, float] = {}
    mean = share = 0.0
    for step, value, count in rows:
        past = weight**count
        mean = past * mean + (1 - past) * value
        share = past * share + (1 - past)
        if x0 <= step <= x1 and isfinite(mean):
            found[int((step - x0) * scale + 0.5)] = mean / share
    return sorted(found.items())
