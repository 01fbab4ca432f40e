"""One series of numbers in bounded memory: the whole run in at most 1,024 buckets, and its last 4,096 points.

A bucket keeps least, greatest, sum and count of its finite values and flags for the others, so an extreme never
vanishes and a mean is exact. When the buckets are full, neighbours merge and a bucket holds twice as many points:
appending costs O(1) on average, drawing O(1,024), whatever the length of the run.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from math import inf, isfinite, isnan
from typing import NamedTuple

from tutor.metrics.smoothing import smooth

NAN, PLUS_INF, MINUS_INF = 1, 2, 4
"""Flags of a column or bucket that held such a value."""

MAX_BUCKETS = 1024
TAIL = 4096


class Column(NamedTuple):
    """What a series is within one column of a plot, from the left. `lo > hi` and `mean` None: nothing finite."""

    column: int
    lo: float
    hi: float
    mean: float | None
    flags: int


class Stretch(NamedTuple):
    """Points of a run that follow each other, as a bucket keeps them; the `finite` finite ones have the sum `total`."""

    first: float
    last: float
    lo: float
    hi: float
    total: float
    finite: int
    flags: int


class Series:
    """A series of (step, value). Values may be NaN and infinite; steps are finite and usually do not go back.

    `role` is "train", "validation" or "logged", `site` the "file:line" of the call.
    """

    def __init__(self, name: str, role: str = "train", site: str = "") -> None:
        self.name, self.role, self.site = name, role, site
        self.count = 0
        self.bad = 0
        self.first: tuple[float, float] | None = None
        self.last: tuple[float, float] | None = None
        self.first_bad: tuple[float, float] | None = None
        self.minimum, self.maximum = inf, -inf
        self.least_positive = inf
        self.first_step, self.last_step = inf, -inf
        self.tail: deque[tuple[float, float]] = deque(maxlen=TAIL)
        self._size = 1  # points that a full bucket holds
        self._filled = 1  # points in the last bucket
        self._from, self._to = array("d"), array("d")
        self._lo, self._hi, self._sum = array("d"), array("d"), array("d")
        self._count = array("q")
        self._flags = bytearray()

    def __len__(self) -> int:
        return self.count

    @property
    def buckets(self) -> int:
        """Buckets in use, at most `MAX_BUCKETS`."""
        return len(self._lo)

    def extend(self, steps: Sequence[float], values: Sequence[float]) -> None:
        """Append points; both sequences have the same length. Raises `ValueError` where they do not."""
        total = len(steps)
        if total != len(values):
            raise ValueError(f"series {self.name!r}: {total} steps but {len(values)} values")
        if not total:
            return
        if self.first is None:
            self.first = (float(steps[0]), float(values[0]))
        self.last = (float(steps[-1]), float(values[-1]))
        self.tail.extend(zip(steps[-TAIL:], values[-TAIL:], strict=True))
        self.first_step = min(self.first_step, min(steps))
        self.last_step = max(self.last_step, max(steps))
        self.count += total
        start = 0
        while start < total:
            if self._lo and self._filled < self._size:
                stop = min(total, start + self._size - self._filled)
                self._merge(steps[start:stop], values[start:stop])
                self._filled += stop - start
            elif len(self._lo) >= MAX_BUCKETS:
                self._halve()
                continue
            else:
                stop = min(total, start + self._size)
                self._open(steps[start:stop], values[start:stop])
                self._filled = stop - start
            start = stop

    def columns(self, x0: float, x1: float, n: int) -> list[Column]:
        """The series between the steps `x0` and `x1` in `n` columns, without the empty ones.

        A bucket stands at its first step. Where there are fewer buckets than columns, because the stretch is a small
        part of the run, and the last raw points cover it, it is drawn from these.
        """
        span = x1 - x0
        if n < 1 or not self.count or not span >= 0:
            return []
        scale = (n - 1) / span if 0 < span < inf else 0.0
        if self.is_raw(x0, x1, n):
            return self._raw_columns(x0, x1, scale)
        return self._bucket_columns(x0, x1, scale)

    def smooth(self, x0: float, x1: float, n: int, weight: float) -> list[tuple[int, float]]:
        """The smoothed series in `n` columns between two steps, see `tutor.metrics.smoothing`."""
        return smooth(self, x0, x1, n, weight)

    def is_raw(self, x0: float, x1: float, n: int) -> bool:
        """Whether a stretch in `n` columns is drawn from raw points: it has too few buckets, and the tail covers it."""
        few = self._size > 1 and (x1 - x0) * self.buckets < n * (self.last_step - self.first_step)
        return few and self.tail[0][0] <= x0

    def stretches(self) -> Iterator[Stretch]:
        """The whole run, bucket by bucket."""
        rows = zip(self._from, self._to, self._lo, self._hi, self._sum, self._count, self._flags, strict=True)
        return map(Stretch._make, rows)

    def snapshot(self) -> Series:
        """The series as it is now, which does not grow; costs O(1,024)."""
        held = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, array | deque | bytearray):
                setattr(held, name, copy(value))
        return held

    def points(self) -> Iterable[tuple[float, float]]:
        """The raw points that are still there: all of a short run, else the last `TAIL`."""
        return iter(self.tail)

    def _raw_columns(self, x0: float, x1: float, scale: float) -> list[Column]:
        found: dict[int, list[float]] = {}
        for step, value in self.tail:
            if x0 <= step <= x1:
                found.setdefault(int((step - x0) * scale + 0.5), []).append(value)
        return [Column(index, *_measure(values)) for index, values in sorted(found.items())]

    def _bucket_columns(self, x0: float, x1: float, scale: float) -> list[Column]:
        found: dict[int, list[float]] = {}
        flags: dict[int, int] = {}
        rows = zip(self._from, self._to, self._lo, self._hi, self._sum, self._count, self._flags, strict=True)
        for start, stop, lo, hi, total, count, flag in rows:
            if stop < x0 or start > x1:
                continue
            index = int((max(start, x0) - x0) * scale + 0.5)
            cell = found.get(index)
            if cell is None:
                found[index] = [lo, hi, total, count]
                flags[index] = flag
                continue
            if lo < cell[0]:
                cell[0] = lo
            if hi > cell[1]:
                cell[1] = hi
            cell[2] += total
            cell[3] += count
            flags[index] |= flag
        return [
            Column(index, lo, hi, _clamp(total / count, lo, hi) if count else None, flags[index])
            for index, (lo, hi, total, count) in sorted(found.items())
        ]

    def _open(self, steps: Sequence[float], values: Sequence[float]) -> None:
        lo, hi, total, count, flags = self._aggregate(steps, values)
        self._from.append(min(steps))
        self._to.append(max(steps))
        self._lo.append(lo)
        self._hi.append(hi)
        self._sum.append(total)
        self._count.append(count)
        self._flags.append(flags)

    def _merge(self, steps: Sequence[float], values: Sequence[float]) -> None:
        lo, hi, total, count, flags = self._aggregate(steps, values)
        self._from[-1] = min(self._from[-1], min(steps))
        self._to[-1] = max(self._to[-1], max(steps))
        self._lo[-1] = min(self._lo[-1], lo)
        self._hi[-1] = max(self._hi[-1], hi)
        self._sum[-1] += total
        self._count[-1] += count
        self._flags[-1] |= flags

    def _aggregate(self, steps: Sequence[float], values: Sequence[float]) -> tuple[float, float, float, int, int]:
        """(least, greatest, sum, count, flags) of new points; keeps the extremes of the series."""
        total = sum(values)
        flags = 0
        if not isfinite(total):  # rare: a value that is not finite, or an overflow of finite ones
            for step, value in zip(steps, values, strict=True):
                if not isfinite(value):
                    flags |= flag_of(value)
                    self.bad += 1
                    if self.first_bad is None:
                        self.first_bad = (float(step), float(value))
            values = [value for value in values if isfinite(value)]
            total = sum(values)
            if not values:
                return inf, -inf, 0.0, 0, flags
        lo, hi = min(values), max(values)
        if lo < self.minimum:
            self.minimum = float(lo)
        if hi > self.maximum:
            self.maximum = float(hi)
        if 0 < lo < self.least_positive:
            self.least_positive = float(lo)
        elif lo <= 0 < hi:
            self.least_positive = min(self.least_positive, min(value for value in values if value > 0))
        return lo, hi, total, len(values), flags

    def _halve(self) -> None:
        """Merge neighbours: half as many buckets of twice the size. `MAX_BUCKETS` is even."""
        for name, merge in (("_from", min), ("_to", max), ("_lo", min), ("_hi", max)):
            old = getattr(self, name)
            setattr(self, name, array("d", map(merge, old[0::2], old[1::2])))
        self._sum = array("d", (a + b for a, b in zip(self._sum[0::2], self._sum[1::2], strict=True)))
        self._count = array("q", (a + b for a, b in zip(self._count[0::2], self._count[1::2], strict=True)))
        self._flags = bytearray(a | b for a, b in zip(self._flags[0::2], self._flags[1::2], strict=True))
        self._size *= 2
        self._filled = self._size


def flag_of(value: float) -> int:
    """The flag of a value that is not finite, 0 for one that is."""
    if isnan(value):
        return NAN
    return 0 if isfinite(value) else PLUS_INF if value > 0 else MINUS_INF


def _measure(values: Sequence[float]) -> tuple[float, float, float | None, int]:
    total = sum(values)
    if isfinite(total):
        return min(values), max(values), total / len(values), 0
    flags = 0
    for value in values:
        flags |= flag_of(value)
    finite = [value for value in values if isfinite(value)]
    if not finite:
        return inf, -inf, None, flags
    lo, hi = min(finite), max(finite)
    return lo, hi, _clamp(sum(finite) / len(finite), lo, hi), flags


def _clamp(mean: float, lo: float, hi: float) -> float:
    """A mean whose sum was rounded, or has overflowed, is still between the extremes."""
    return mean if lo <= mean <= hi else lo if mean < lo else hi
