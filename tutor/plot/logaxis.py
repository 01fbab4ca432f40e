"""Limits and ticks of a logarithmic axis: as tight around the data as round numbers allow.

Losses seldom span a whole decade at the end of a run, so limits go to 1, 2, 5 or, within a decade, to any leading
digit: 8 to 27 is drawn between 8 and 30, not between 1 and 100. Limits are decimal exponents, labels are values.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, inf, log10

from tutor.plot.axes import KEEP, Limits, snap, ticks

_LEAST, _GREATEST = -324, 309
"""Exponents of ten that floats have."""

_DIGITS = tuple(range(1, 10))
_CLOSE = log10(2.0)
"""Below this span, in decades, the axis is nearly linear and gets linear ticks."""


def snap_log(least: float, greatest: float, before: Limits | None = None) -> Limits:
    """Limits around positive data as exponents; `before` is kept where it still fits; 0 to 1 where there are none."""
    if not (0 < least <= greatest < inf):
        return before or Limits(0.0, 1.0)
    low, high = log10(least), log10(greatest)
    kept = before is not None and before.low <= low and high <= before.high
    if before is not None and kept and high - low >= KEEP * (before.high - before.low):
        return before
    if high - low < 1e-6:
        return _around(low, high, _DIGITS) if abs(low) < 300 else Limits(max(_LEAST, floor(low)), ceil(low) + 1.0)
    if high - low < _CLOSE and low > _LEAST + 20 and high < _GREATEST - 2:
        ends = snap(least, greatest)
        if ends.low > 0:
            return Limits(log10(ends.low), log10(ends.high))
    if high - low < 1:
        return _around(low, high, _DIGITS)
    return _around(low, high, (1, 2, 5) if high - low < 4 else (1,))


def log_ticks(limits: Limits, count: int) -> list[tuple[float, str]]:
    """At most about `count` round values within `limits`, each as (exponent, label), from the finest set that fits."""
    low, high = limits
    if high - low < _CLOSE and low > _LEAST + 20 and high < _GREATEST - 2:
        return [(log10(value), text) for value, text in ticks(Limits(10**low, 10**high), count) if value > 0]
    closest = (high - low) / max(1, count) * 0.6
    for digits in (_DIGITS, (1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
        if (high - low) * len(digits) > 4 * count:
            continue
        marks = _grid(low, high, digits)
        if 2 <= len(marks) <= count + 1 and all(b - a >= closest for a, b in pairwise(marks)):
            return [(mark, _value(mark)) for mark in marks]
    first, last = ceil(low - 1e-9), floor(high + 1e-9)
    step = max(1, ceil((last - first) / max(1, count)))
    powers = [(float(exponent), _power(exponent)) for exponent in range(first, last + 1, step)]
    return powers if len(powers) > 1 else [(low, _value(low)), (high, _value(high))]


def _around(low: float, high: float, digits: Sequence[int]) -> Limits:
    """The next of `digits` times a power of ten below `low` and above `high`, which differ."""
    marks = [
        exponent + log10(digit)
        for power in (floor(low + 1e-9), ceil(high - 1e-9))
        for exponent in range(power - 1, power + 2)
        for digit in digits
    ]
    bottom = max((mark for mark in marks if mark <= low + 1e-9), default=float(_LEAST))
    top = min((mark for mark in marks if mark >= high - 1e-9), default=float(_GREATEST))
    if top - bottom < 1e-9:
        bottom, top = (
            max(mark for mark in marks if mark < low - 1e-9),
            min(mark for mark in marks if mark > high + 1e-9),
        )
    return Limits(max(bottom, float(_LEAST)), min(top, float(_GREATEST)))


def _grid(low: float, high: float, digits: Sequence[int]) -> list[float]:
    return [
        mark
        for exponent in range(floor(low), ceil(high) + 1)
        for digit in digits
        if low - 1e-9 <= (mark := exponent + log10(digit)) <= high + 1e-9
    ]


def _value(exponent: float) -> str:
    """The label of 10 to the `exponent`, a number of at most three digits times a power of ten."""
    power = floor(exponent + 1e-9)
    if abs(exponent - power) < 1e-9:
        return _power(power)
    if not -4 <= power <= 4:
        return f"{10 ** (exponent - power):.3g}e{power}"
    return f"{10**exponent:.3g}" if power < 3 else f"{round(10**exponent, 3 - power):.0f}"


def _power(exponent: int) -> str:
    return f"{10.0**exponent:g}" if -3 <= exponent <= 3 else f"1e{exponent}"
