"""A run in one line of words: how far it is, what its loss is, where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import floor, isfinite, isnan, log10
from statistics import median

from tutor.metrics.board import Board
from tutor.metrics.series import Series

_WINDOW = 200
"""Points of the end of a series that its trend is judged by."""

_TO_AND_FRO = 0.9
"""Share of its steps in which a series that oscillates turns round; white noise does in two thirds of them."""


def summary(board: Board) -> str:
    """One line such as "step 120, loss 0.41, falling, val_loss 0.52"; "no points yet" for an empty board."""
    main = board.main
    if main is None or main.last is None:
        return "no points yet"
    epoch = f" of epoch {board.epochs[-1][1]:,}" if len(board.epochs) > 1 else ""
    parts = [f"step {count(main.last[0])}{epoch}", f"{main.name} {number(main.last[1])}"]
    if main.first_bad is None:
        direction = trend(main)
        if direction:
            parts.append(direction)
    others = [one for one in board.series.values() if one is not main and one.last is not None]
    parts += [f"{one.name} {number(one.last[1])}" for one in others[:3] if one.last is not None]
    if len(others) > 3:
        parts.append(f"{len(others) - 3} more")
    text = ", ".join(parts)
    for one in board.series.values():
        if one.first_bad is not None:
            text += f"; {became(one)}"
    return text


def became(series: Series) -> str:
    """ "loss became NaN at step 1,234"; "" for a series of finite numbers."""
    if series.first_bad is None:
        return ""
    step, value = series.first_bad
    what = "NaN" if isnan(value) else "infinite" if value > 0 else "minus infinity"
    return f"{series.name} became {what} at step {count(step)}"


def trend(series: Series) -> str:
    """ "falling", "rising", "flat", "oscillating", or "" for too few points.

    Medians of the first and the last third of the last 200 finite points are compared. They differ where their distance
    is at least 0.1 % of the level, and more than about two standard errors of it: for white noise of deviation s the
    median step from point to point is 0.95 s and the error of the distance of two medians of n points 1.77 s / √n.
    """
    values = [value for _, value in list(series.points())[-_WINDOW:] if isfinite(value)]
    if len(values) < 6:
        return ""
    third = len(values) // 3
    before, after = median(values[:third]), median(values[-third:])
    jumps = [abs(b - a) for a, b in pairwise(values)]
    straight = abs(values[-1] - values[0]) >= 0.9 * sum(jumps)
    noise = 0.0 if straight else 4 * median(jumps) / third**0.5
    floor_ = 1e-3 * max(abs(before), abs(after))
    if abs(after - before) <= max(noise, floor_):
        return "oscillating" if _turns_round(values[third:]) else "flat"
    return "falling" if after < before else "rising"


def _turns_round(values: Sequence[float]) -> bool:
    """Whether it goes to and fro, step by step, and visibly so."""
    jumps = [after - before for before, after in pairwise(values)]
    if len(jumps) < 10 or median(map(abs, jumps)) <= 1e-2 * max(map(abs, values)):
        return False
    turns = sum(one * other < 0 for one, other in pairwise(jumps))
    return turns >= _TO_AND_FRO * (len(jumps) - 1)


def number(value: float) -> str:
    """A value in at most 9 characters: "0.4123", "12.35", "1,234", "1.2e-07", "NaN", "∞"."""
    if isnan(value):
        return "NaN"
    if not isfinite(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-3 or size >= 1e6:
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    if size >= 1000:
        return f"{value:,.0f}"
    decimals = max(0, 3 - floor(log10(size))) if size >= 1 else 4
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(value: float) -> str:
    """A step: "120", "1,234", "2.5" for one that is no whole number."""
    if not isfinite(value):
        return number(value)
    return f"{int(value):,}" if value == int(value) and abs(value) < 1e15 else number(value)
