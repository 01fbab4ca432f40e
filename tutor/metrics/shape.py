"""Which way a curve went, in one of four words, and why: what a prediction of a curve is compared with.

The measures are medians of the first and the last tenth of a run, its fall from the one to the other, and the swing
from point to point in its last half. They hold for losses of any size, for smooth curves and for noisy ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from statistics import median

from tutor.metrics.series import Series
from tutor.metrics.words import became, count, number

KINDS = ("falls", "oscillates", "diverges", "flat")

FLAT = 0.05
"""A run is flat that changes by less than this share of its level."""

GROWN = 0.5
"""A run diverges that ends higher than it began by more than this share of its level."""

TURNS = 0.4
"""A run swings that turns round in at least this share of its steps."""

SWING = 0.25
"""A run oscillates whose swings are at least this share of its fall."""


@dataclass(frozen=True)
class CurveShape:
    """One of `KINDS`, and one sentence of figures that says why."""

    kind: str
    why: str


def shape_of(series: Series) -> CurveShape | None:
    """The shape of a series; None for fewer than four points."""
    if series.first_bad is not None:
        return CurveShape("diverges", f"{became(series)}.")
    values = [value for _, value in series.points()]
    if series.first is not None and series.count > len(values):
        values.insert(0, series.first[1])
    return _shape(series.name, values, series.last[0] if series.last is not None else 0.0) if len(values) > 3 else None


def _shape(name: str, values: Sequence[float], last_step: float) -> CurveShape:
    tenth = max(1, len(values) // 10)
    before, after = median(values[:tenth]), median(values[-tenth:])
    level = max(abs(before), 1e-12)
    highest = max(values)
    late = values[len(values) // 2 :]
    jumps = [b - a for a, b in pairwise(late)]
    swing = median(abs(jump) for jump in jumps)
    turns = sum(1 for a, b in pairwise(jumps) if a * b < 0)
    often = turns >= TURNS * max(1, len(jumps) - 1) and turns > 1
    way = f"{name} went from {number(before)} to {number(after)}"
    early = values[: len(values) // 2 + 1]
    grows = max(late) - min(late) > 2 * (max(early) - min(early))
    if often and not grows and isfinite(swing) and swing >= max(FLAT * level, SWING * abs(before - after)):
        return CurveShape(
            "oscillates",
            f"{name} turned round in {turns} of its last {len(jumps)} steps, and still jumps by about {number(swing)}.",
        )
    if after - before > GROWN * max(level, abs(before - min(values))):
        return CurveShape("diverges", f"{way} at step {count(last_step)}: each step made it worse.")
    if abs(after - before) <= FLAT * level and highest - min(values) <= 4 * FLAT * level:
        return CurveShape("flat", f"{way}: that is {abs(after - before) / level:.1%} of where it began.")
    if after < before:
        return CurveShape("falls", f"{way}, with swings of about {number(swing)} at the end.")
    return CurveShape("diverges" if after > before else "flat", f"{way}.")
