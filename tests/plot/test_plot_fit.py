"""Fits as cells."""

from __future__ import annotations

import math

from tutor.plot.fit import CURVE, POINT, line_rows, map_rows

POINTS = [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]


def text(rows: list[list[tuple[str, int]]]) -> list[str]:
    return ["".join(part for part, _ in row) for row in rows]


def test_points_and_a_curve_are_told_apart_without_colour() -> None:
    rows = line_rows(POINTS, [(0.0, 2.0), (2.0, 0.0)], 30, 8, ascii=False)
    assert len(rows) == 8 and {len(row) for row in text(rows)} == {30}
    assert "".join(text(rows)).count("•") == 3
    assert {ink for row in rows for _, ink in row} == {0, POINT, CURVE}
    plain = text(line_rows(POINTS, [(0.0, 2.0), (2.0, 0.0)], 30, 8, ascii=True))
    assert all(row.isascii() for row in plain) and "".join(plain).count("o") == 3


def test_a_curve_far_off_leaves_the_picture() -> None:
    rows = line_rows(POINTS, [(0.0, 1e9), (2.0, 1e9)], 30, 8, ascii=False)
    assert CURVE not in {ink for row in rows for _, ink in row}


def test_broken_values_and_no_room() -> None:
    assert line_rows([(math.nan, 1.0)], [(math.inf, 1.0)], 30, 8, ascii=False) == []
    assert line_rows(POINTS, [], 1, 1, ascii=False) == []
    assert len(line_rows([(1.0, 1.0)], [], 10, 4, ascii=False)) == 4


def test_regions_have_borders_and_points() -> None:
    (row,) = map_rows([[-8, -8, 8, 8]], [(0, 0, 0), (3, 0, 1)], ascii=False)
    assert "".join(part for part, _, _ in row) == "o· x"
    assert len({ground for _, _, ground in row}) == 2
    (plain,) = map_rows([[-8, -8, 8, 8]], [(0, 0, 0), (3, 0, 1)], ascii=True)
    assert plain == [("o .x", "", "")]
