"""What can be drawn: the series of `tutor.metrics`, by their shape alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

NAN, PLUS_INF, MINUS_INF = 1, 2, 4
"""Flags of a column that holds such a value."""


class ColumnLike(Protocol):
    """One column of a series; `lo > hi` and `mean` None where it holds nothing finite."""

    @property
    def column(self) -> int:
        """Its number, from the left."""

    @property
    def lo(self) -> float:
        """Least finite value."""

    @property
    def hi(self) -> float:
        """Greatest finite value."""

    @property
    def mean(self) -> float | None:
        """Mean of the finite values."""

    @property
    def flags(self) -> int:
        """Which values that are not finite it holds."""


class SeriesLike(Protocol):
    """A series. Extremes are over finite values, `minimum > maximum` where there are none."""

    @property
    def name(self) -> str:
        """Name for the legend; it may hold anything."""

    @property
    def count(self) -> int:
        """Number of points."""

    @property
    def last(self) -> tuple[float, float] | None:
        """Last point: (step, value)."""

    @property
    def minimum(self) -> float:
        """Least value."""

    @property
    def maximum(self) -> float:
        """Greatest value."""

    @property
    def least_positive(self) -> float:
        """Least value above 0, infinite where there is none."""

    @property
    def first_step(self) -> float:
        """Least step."""

    @property
    def last_step(self) -> float:
        """Greatest step."""

    def columns(self, x0: float, x1: float, n: int) -> Sequence[ColumnLike]:
        """The stretch `x0` to `x1` in `n` columns, without the empty ones, from the left."""

    def smooth(self, x0: float, x1: float, n: int, weight: float) -> Sequence[tuple[int, float]]:
        """Smoothed values at the columns of that stretch; `weight` is that of the past, from 0 up to but not 1."""
