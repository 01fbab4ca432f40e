"""Curves in one of four words."""

from __future__ import annotations

import random
from math import inf, nan

import pytest

from tutor.metrics.series import Series
from tutor.metrics.shape import KINDS, shape_of


def kind(values: list[float]) -> str:
    series = Series("loss")
    series.extend(list(range(len(values))), values)
    found = shape_of(series)
    assert found is not None and found.kind in KINDS and found.why.endswith(".")
    return found.kind


def descent(lr: float, steps: int = 50, start: float = 3.0) -> list[float]:
    """The heights of gradient descent on x²: it falls below a rate of 1, stays at 1, and diverges beyond."""
    heights, x = [], start
    for _ in range(steps):
        heights.append(x * x)
        x -= lr * 2 * x
    return heights


@pytest.mark.parametrize("lr", [0.01, 0.05, 0.1, 0.3, 0.45])
def test_a_good_rate_falls(lr: float) -> None:
    assert kind(descent(lr)) == "falls"


@pytest.mark.parametrize("lr", [1.02, 1.1, 1.5, 3.0])
def test_too_high_a_rate_diverges(lr: float) -> None:
    assert kind(descent(lr)) == "diverges"


def test_too_low_a_rate_is_flat() -> None:
    assert kind(descent(1e-4)) == "flat" and kind([2.0] * 20) == "flat" and kind([0.0] * 20) == "flat"


def test_jumping_from_side_to_side_oscillates() -> None:
    assert kind([5.0 if step % 2 else -20.0 for step in range(60)]) == "oscillates"
    assert kind([1.0 + (step % 2) for step in range(20)]) == "oscillates"
    wild = random.Random(0)
    assert kind([1.0, *(wild.choice((-20.0, -5.0, 3.0, -12.0)) for _ in range(100))]) == "oscillates"


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_no_oscillation_where_the_fall_is_greater(seed: int) -> None:
    wild = random.Random(seed)
    assert kind([4 * 0.97**step * (1 + wild.gauss(0, 0.1)) + 0.2 for step in range(300)]) == "falls"
    assert kind([4 + wild.gauss(0, 0.02) for step in range(300)]) == "flat"


def test_what_becomes_no_number_diverges() -> None:
    assert kind([1.0, 2.0, nan, nan]) == "diverges" and kind([1.0, 2.0, inf, 1.0]) == "diverges"


def test_too_few_points_have_no_shape() -> None:
    series = Series("loss")
    series.extend([1, 2, 3], [3.0, 2.0, 1.0])
    assert shape_of(series) is None


def test_a_long_run_is_judged_by_its_beginning_too() -> None:
    series = Series("loss")
    values = [10 * 0.9995**step for step in range(20_000)]
    series.extend(list(range(20_000)), values)
    found = shape_of(series)
    assert found is not None and found.kind == "falls"
