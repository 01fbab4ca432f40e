"""Limits and ticks of an axis: round numbers, and limits that stay while the data grow into them.

Linear limits snap to a grid and are kept while the data fill more than half of them; the end of the x axis jumps by a
third to a half at a time. A plot that seldom rescales sends few bytes over SSH and is calmer to look at.
"""

from __future__ import annotations

from math import ceil, floor, isfinite, log10
from typing import NamedTuple

_LARGEST = 4e307
"""Limits beyond this would have a difference that is no float; what is larger is drawn at the edge."""

KEEP = 0.55
"""Limits are kept while the data fill this share of them."""


class Limits(NamedTuple):
    """Ends of an axis. On a log axis they are decimal exponents, see `logaxis`."""

    low: float
    high: float


def nice(step: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 times a power of ten that is not below `step` > 0."""
    power = 10.0 ** floor(log10(step))
    if power == 0:
        return step
    for factor in (1, 2, 2.5, 5):
        if step <= factor * power * (1 + 1e-9):
            return factor * power
    return 10 * power


def snap(low: float, high: float, before: Limits | None = None, parts: int = 5) -> Limits:
    """Round limits around the data `low` to `high`; `before` is kept where it still fits.

    Data that are constant, up to rounding, get half their size on either side. Without finite data: 0 to 1.
    """
    if not (isfinite(low) and isfinite(high)):
        return before or Limits(0.0, 1.0)
    low, high = max(low, -_LARGEST), min(high, _LARGEST)
    low, high = min(low, _LARGEST), max(high, -_LARGEST)
    size = max(abs(low), abs(high))
    if high - low <= 1e-7 * size or high - low < 1e-300:
        pad = size / 2 if size > 1e-300 else 1.0
        low, high = low - pad, high + pad
    if before is not None and _fits(low, high, before):
        return before
    step = nice((high - low) / parts)
    return Limits(floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step)


def _fits(low: float, high: float, limits: Limits) -> bool:
    room = limits.high - limits.low
    return limits.low <= low and high <= limits.high and high - low >= KEEP * room


def snap_end(start: float, end: float) -> float:
    """The end of an x axis from `start`: the next of 1, 1.5, 2, 3, 5, 7.5 times a power of ten beyond `end`."""
    span = end - start
    if not isfinite(span) or span <= 0:
        return start + max(1.0, abs(start) * 1e-6) if isfinite(start) else 1.0
    power = 10.0 ** floor(log10(span))
    for factor in (1, 1.5, 2, 3, 5, 7.5):
        if span <= factor * power * (1 + 1e-9):
            return start + factor * power
    return start + 10 * power


def ticks(limits: Limits, count: int) -> list[tuple[float, str]]:
    """At most about `count` round values within `limits`, each with its label."""
    low, high = limits
    if not (high > low and isfinite(high - low)):
        return [(low, label(low, 0.0, abs(low)))]
    step = nice((high - low) / max(1, count))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    size = max(abs(low), abs(high))
    return [(index * step, label(index * step, step, size)) for index in range(first, last + 1)]


def label(value: float, step: float, size: float) -> str:
    """A tick's label on an axis with values up to `size`, with the digits that a grid of `step` needs.

    Plain ASCII; at most 12 characters, on nearly all axes at most 6.
    """
    if value == 0 or abs(value) < step * 1e-6:
        return "0"
    if 1e-4 <= size < 1e6:
        decimals = min(9, max(0, -floor(log10(step) + 1e-9)) + _is_quarter(step)) if step > 0 else 4
        text = f"{value:.{decimals}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = max(0, floor(log10(abs(value))) - floor(log10(step) + 1e-9) + _is_quarter(step)) if step > 0 else 2
    mantissa, exponent = f"{value:.{min(6, digits)}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(exponent)}"


def _is_quarter(step: float) -> bool:
    """Whether a grid of 2.5 needs one digit more than its power of ten says."""
    return step > 1e-300 and abs(step / 10.0 ** floor(log10(step) + 1e-9) - 2.5) < 1e-6
