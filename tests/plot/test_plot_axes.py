"""Round limits that stay, and ticks that can be told apart."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.plot.axes import Limits, snap, snap_end, ticks
from tutor.plot.logaxis import log_ticks, snap_log

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE, FINITE)
def test_limits_hold_the_data_and_are_usable(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    limits = snap(low, high)
    assert math.isfinite(limits.high - limits.low)
    assert limits.high > limits.low
    if max(abs(low), abs(high)) < 1e307:
        slack = 1e-6 * (limits.high - limits.low)
        assert limits.low <= low + slack
        assert limits.high >= high - slack


@given(FINITE, FINITE, st.integers(1, 12))
def test_ticks_are_in_order_and_labels_differ(one: float, other: float, count: int) -> None:
    limits = snap(min(one, other), max(one, other))
    found = ticks(limits, count)
    values = [value for value, _ in found]
    labels = [text for _, text in found]
    assert values == sorted(values)
    assert len(set(labels)) == len(labels)
    assert all(text.isascii() and len(text) <= 13 for text in labels)
    assert len(found) <= count + 2


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.0, 1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (0.0, 1e6, ["0", "2e5", "4e5", "6e5", "8e5", "1e6"]),
        (-50.0, 50.0, ["-40", "-20", "0", "20", "40"]),
        (0.0, 1e-6, ["0", "2e-7", "4e-7", "6e-7", "8e-7", "1e-6"]),
        (1000.0, 1010.0, ["1000", "1002", "1004", "1006", "1008", "1010"]),
        (0.0, 0.125, ["0", "0.025", "0.05", "0.075", "0.1", "0.125"]),
    ],
)
def test_labels(low: float, high: float, labels: list[str]) -> None:
    assert [text for _, text in ticks(Limits(low, high), 5)] == labels


def test_limits_are_kept_until_the_data_shrink_or_leave() -> None:
    first = snap(0.0, 1.9)
    assert first == Limits(0.0, 2.0)
    assert snap(0.1, 1.4, first) is first
    assert snap(0.1, 0.9, first) != first
    assert snap(0.0, 2.1, first).high > 2.0


@pytest.mark.parametrize("value", [0.0, 5.0, -5.0, 1e308, 1e-310, 5e-324])
def test_constants_get_room(value: float) -> None:
    limits = snap(value, value)
    assert limits.low < limits.high
    assert limits.low <= value or value > 4e307


def test_nothing_finite() -> None:
    assert snap(math.inf, -math.inf) == Limits(0.0, 1.0)
    assert snap(math.inf, -math.inf, Limits(3.0, 4.0)) == Limits(3.0, 4.0)
    assert snap_log(math.inf, -math.inf) == Limits(0.0, 1.0)


@pytest.mark.parametrize(
    ("end", "snapped"), [(0, 1), (1, 1), (99, 100), (101, 150), (160, 200), (301, 500), (800, 1000)]
)
def test_the_end_of_the_steps(end: float, snapped: float) -> None:
    assert snap_end(0.0, end) == pytest.approx(snapped)


@given(FINITE, FINITE)
def test_the_end_is_beyond_the_start(one: float, other: float) -> None:
    start, end = min(one, other), max(one, other)
    if abs(start) < 1e307 and abs(end) < 1e307:
        assert snap_end(start, end) > start
        reached = snap_end(start, end)
        assert reached >= end - 1e-9 * (end - start) or math.isclose(reached, end)


@pytest.mark.parametrize(
    ("least", "greatest", "low", "high"),
    [(8, 27, 8, 30), (8.1, 8.3, 8.1, 8.3), (0.03, 4, 0.02, 5), (1e-5, 3, 1e-5, 10), (1, 1, 0.9, 2), (1, 10, 1, 10)],
)
def test_a_log_axis_is_tight(least: float, greatest: float, low: float, high: float) -> None:
    limits = snap_log(least, greatest)
    assert (10**limits.low, 10**limits.high) == pytest.approx((low, high))


def test_limits_of_a_log_axis_are_kept_while_the_data_fit() -> None:
    first = snap_log(0.2, 20)
    assert snap_log(0.3, 15, first) is first
    assert snap_log(0.1, 20, first) != first
    assert snap_log(5.0, 15, first) != first


def test_labels_of_a_log_axis() -> None:
    assert [text for _, text in log_ticks(Limits(-5.0, 1.0), 10)] == ["1e-5", "1e-4", "0.001", "0.01", "0.1", "1", "10"]
    assert [text for _, text in log_ticks(snap_log(8, 27), 4)] == ["10", "20", "30"]
    assert [text for _, text in log_ticks(snap_log(8.1, 8.3), 3)] == ["8.1", "8.2", "8.3"]
    assert [text for _, text in log_ticks(snap_log(2e-7, 3e-6), 3)] == ["3e-7", "1e-6", "3e-6"]
    assert len(log_ticks(Limits(-324.0, 309.0), 5)) <= 6


@given(st.floats(5e-324, 1.7e308), st.floats(5e-324, 1.7e308), st.integers(1, 12))
def test_any_log_axis_holds_its_data_and_has_ticks_in_order(one: float, other: float, count: int) -> None:
    least, greatest = min(one, other), max(one, other)
    limits = snap_log(least, greatest)
    assert limits.low < limits.high
    assert limits.low <= math.log10(least) + 1e-6
    assert limits.high >= math.log10(greatest) - 1e-6
    marks = log_ticks(limits, count)
    assert [at for at, _ in marks] == sorted({at for at, _ in marks})
    assert len(marks) <= max(count + 2, 3)
    assert all(len(text) <= 12 for _, text in marks)
