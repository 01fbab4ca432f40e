"""Static charts: what they show, and that no input breaks them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.plot.static import bar, histogram, scatter

ANY = st.floats(allow_nan=True, allow_infinity=True)
SIZE = {"width": st.integers(0, 90), "height": st.integers(0, 30)}


def well_formed(rows: list[str], width: int, height: int) -> None:
    assert len(rows) == height
    assert all(len(row) == width and row.isprintable() for row in rows)


@settings(max_examples=80, deadline=None)
@given(items=st.lists(st.tuples(st.text(max_size=12), ANY), max_size=8), **SIZE)
def test_bars_of_anything(items: list[tuple[str, float]], width: int, height: int) -> None:
    well_formed(bar([label for label, _ in items], [value for _, value in items], width, height), width, height)


@settings(max_examples=80, deadline=None)
@given(values=st.lists(ANY, max_size=60), bins=st.integers(0, 40), **SIZE)
def test_histograms_of_anything(values: list[float], bins: int, width: int, height: int) -> None:
    well_formed(histogram(values, width, height, bins=bins, title="\x1b[2J"), width, height)


@settings(max_examples=80, deadline=None)
@given(groups=st.dictionaries(st.text(max_size=9), st.lists(st.tuples(ANY, ANY), max_size=20), max_size=4), **SIZE)
def test_clouds_of_anything(groups: dict[str, list[tuple[float, float]]], width: int, height: int) -> None:
    well_formed(scatter(groups, width, height), width, height)


def test_bars_are_as_high_as_their_values() -> None:
    rows = bar(["a", "b", "c"], [1.0, 4.0, math.nan], 60, 16, title="counts")
    text = "\n".join(rows)
    assert "counts" in text
    assert "4" in text
    full = [row.count("█") for row in rows[2:-2]]
    assert full == sorted(full)
    heights = [sum(row[x] == "█" for row in rows) for x in (10, 50)]
    assert heights[1] >= 3 * heights[0] > 0
    assert " c " not in text


def test_bars_below_zero() -> None:
    assert any("█" in row for row in bar(["a", "b"], [-2.0, 1.0], 40, 12))


def test_a_histogram_counts() -> None:
    rows = histogram([0.0] * 30 + [1.0] * 10, 60, 14, bins=10)
    assert "30" in "\n".join(rows)


def test_a_cloud_names_its_groups() -> None:
    rows = scatter({"cats": [(0.0, 0.0), (1.0, 1.0)], "dogs": [(0.5, 0.5)]}, 50, 14)
    assert rows[-1].strip() == "o cats  x dogs"
    assert sum(row.count("o") for row in rows[:-1]) == 2
    assert sum(row.count("x") for row in rows[:-1]) == 1


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="2 labels but 1 values"):
        bar(["a", "b"], [1.0], 40, 10)
