"""Series in bounded memory: counts are exact, extremes never vanish, what is not finite is flagged."""

from __future__ import annotations

import math
import random
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.metrics.series import MAX_BUCKETS, MINUS_INF, NAN, PLUS_INF, TAIL, Series, flag_of

ANY = st.floats(allow_nan=True, allow_infinity=True)


def filled(values: list[float], chunk: int = 1000, first: int = 0) -> Series:
    series = Series("loss")
    for start in range(0, len(values), chunk):
        part = values[start : start + chunk]
        series.extend(array("d", range(first + start, first + start + len(part))), array("d", part))
    return series


@settings(max_examples=150, deadline=None)
@given(values=st.lists(ANY, max_size=300), repeat=st.integers(1, 20), chunk=st.integers(1, 700), n=st.integers(1, 400))
def test_nothing_that_matters_is_lost(values: list[float], repeat: int, chunk: int, n: int) -> None:
    values = values * repeat
    series = filled(values, chunk)
    finite = [value for value in values if math.isfinite(value)]
    assert series.count == len(series) == len(values)
    assert series.bad == len(values) - len(finite)
    assert series.minimum == min(finite, default=math.inf)
    assert series.maximum == max(finite, default=-math.inf)
    assert series.least_positive == min((value for value in finite if value > 0), default=math.inf)
    assert series.buckets <= MAX_BUCKETS
    assert len(series.tail) == min(len(values), TAIL)
    if len(finite) < len(values):
        step, value = next((step, value) for step, value in enumerate(values) if not math.isfinite(value))
        assert series.first_bad is not None
        assert series.first_bad[0] == step
        assert flag_of(series.first_bad[1]) == flag_of(value)
    else:
        assert series.first_bad is None
    columns = series.columns(0, max(0, len(values) - 1), n)
    indices = [column.column for column in columns]
    assert indices == sorted(set(indices))
    assert all(0 <= index < n for index in indices)
    assert min((one.lo for one in columns), default=math.inf) == series.minimum
    assert max((one.hi for one in columns), default=-math.inf) == series.maximum
    seen = 0
    for column in columns:
        seen |= column.flags
        assert column.mean is None or column.lo <= column.mean <= column.hi
        assert (column.mean is None) == (column.lo > column.hi)
    wanted = 0
    for value in values:
        wanted |= flag_of(value)
    assert seen == wanted


def test_a_spike_of_one_point_in_a_million_is_drawn_where_it_is() -> None:
    values = array("d", [1.0]) * 1_000_000
    values[700_000] = 50.0
    values[300_000] = math.nan
    series = Series("loss")
    for start in range(0, len(values), 5000):
        series.extend(array("d", range(start, start + 5000)), values[start : start + 5000])
    columns = {column.column: column for column in series.columns(0, 999_999, 200)}
    assert series.buckets <= MAX_BUCKETS
    assert [index for index, one in columns.items() if one.hi == 50.0] == [pytest.approx(139, abs=1)]
    assert [index for index, one in columns.items() if one.flags == NAN] == [pytest.approx(60, abs=1)]
    assert series.first_bad is not None
    assert series.first_bad[0] == 300_000
    assert series.maximum == 50.0
    assert series.count == 1_000_000


def test_the_mean_of_a_column_is_that_of_its_points() -> None:
    random.seed(1)
    values = [random.random() for _ in range(50_000)]
    (column,) = filled(values, 777).columns(0, 49_999, 1)
    assert column.mean == pytest.approx(sum(values) / len(values))


def test_a_short_series_is_exact() -> None:
    columns = filled([3.0, 1.0, 2.0]).columns(0, 2, 3)
    assert [(one.column, one.lo, one.hi, one.mean) for one in columns] == [
        (0, 3, 3, 3),
        (1, 1, 1, 1),
        (2, 2, 2, 2),
    ]


def test_the_end_of_a_long_run_is_drawn_from_its_raw_points() -> None:
    series = filled([float(step % 2) for step in range(100_000)])
    columns = series.columns(99_990, 99_999, 10)
    assert [one.mean for one in columns] == [0, 1] * 5


def test_flags() -> None:
    series = filled([1, math.nan, math.inf, -math.inf, 2])
    assert [one.flags for one in series.columns(0, 4, 5)] == [0, NAN, PLUS_INF, MINUS_INF, 0]
    assert [one.flags for one in series.columns(0, 4, 1)] == [NAN | PLUS_INF | MINUS_INF]
    assert series.first == (0, 1)
    assert series.last == (4, 2)


def test_sums_that_overflow() -> None:
    series = filled([1.7e308] * 5000 + [-1.7e308] * 5000)
    assert series.bad == 0
    assert series.first_bad is None
    assert all(one.mean is not None and math.isfinite(one.mean) for one in series.columns(0, 9999, 100))


def test_steps_may_repeat_and_go_back() -> None:
    series = Series("acc")
    series.extend([5, 5, 3, 9], [1, 2, 3, 4])
    assert [(one.column, one.lo, one.hi) for one in series.columns(3, 9, 7)] == [(0, 3, 3), (2, 1, 2), (6, 4, 4)]
    assert (series.first_step, series.last_step) == (3, 9)


@pytest.mark.parametrize(("x0", "x1", "n"), [(0, 1, 0), (1, 0, 10), (math.nan, 1, 10), (50, 60, 10)])
def test_nothing_to_show(x0: float, x1: float, n: int) -> None:
    assert filled([1.0, 2.0]).columns(x0, x1, n) == []
    assert Series("empty").columns(0, 1, 10) == []


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="2 steps but 1 values"):
        Series("loss").extend([1, 2], [1])
