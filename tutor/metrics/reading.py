"""What a series is at a step: for the cursor of a plot."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import isfinite
from typing import NamedTuple

from tutor.metrics.series import Series
from tutor.metrics.words import count as step_words
from tutor.metrics.words import number


class Reading(NamedTuple):
    """A series at one of its steps: a value, or the mean of `points` points between `lo` and `hi`."""

    step: float
    value: float
    lo: float
    hi: float
    points: int = 1

    def words(self, name: str) -> str:
        """ "loss 0.41", or "loss 0.41 (0.38 to 0.44, 8 points)"."""
        text = f"{name} {number(self.value)}"
        return text if self.points < 2 else f"{text} ({number(self.lo)} to {number(self.hi)}, {self.points} points)"


def known_steps(series: Series) -> list[float]:
    """The steps at which something can be read, in order: the raw points that are left, and the buckets before."""
    raw = sorted({step for step, _ in series.points()})
    if len(raw) == series.count or not raw:
        return raw
    return [*sorted({one.first for one in series.stretches() if one.first < raw[0]}), *raw]


def nearest(steps: list[float], step: float) -> float:
    """The one of the sorted `steps`, which are not empty, that is nearest to `step`."""
    at = bisect_left(steps, step)
    around = steps[max(0, at - 1) : at + 1]
    return min(around, key=lambda one: abs(one - step))


def moved(steps: list[float], step: float, by: float) -> float:
    """From `step` at least `by` further (back where negative), to one of the sorted `steps`; at the ends it stays."""
    if by > 0:
        return steps[min(bisect_left(steps, step + by), len(steps) - 1)]
    return steps[max(bisect_right(steps, step + by) - 1, 0)]


def read(series: Series, step: float) -> Reading | None:
    """The series at its known step nearest to `step`; None for an empty one."""
    steps = known_steps(series)
    if not steps:
        return None
    at = nearest(steps, step)
    values = [value for known, value in series.points() if known == at]
    if values:
        return Reading(at, values[-1], values[-1], values[-1])
    for one in series.stretches():
        if one.first == at:
            mean = one.total / one.finite if one.finite else float("nan")
            return Reading(at, mean, one.lo, one.hi, max(1, one.finite))
    return None


def reading_words(series: list[Series], step: float) -> str:
    """ "at step 120: loss 0.41, val_loss 0.52 (step 100)": every series at its point nearest to `step`."""
    found = [(one.name, reading) for one in series if (reading := read(one, step)) is not None]
    parts = []
    for name, reading in found:
        where = "" if reading.step == step or not isfinite(step) else f" (step {step_words(reading.step)})"
        parts.append(reading.words(name) + where)
    return f"at step {step_words(step)}: {', '.join(parts)}"
