"""Matrices as cells in colours."""

from __future__ import annotations

from tutor.plot import heat


def test_two_rows_in_a_line_and_runs_of_one_colour() -> None:
    (line,) = heat.half_blocks([[8, 8, -8, None], [8, 8, 8, None]], signed=True)
    assert line == [("  ", "", "#ffd75f"), ("▀", "#5fd7ff", "#ffd75f"), (" ", "", "")]


def test_an_odd_last_row_has_no_ground() -> None:
    assert heat.half_blocks([[8]], signed=False) == [[("▀", heat.color(8, False), "")]]
    assert heat.half_blocks([[None], [8]], signed=False) == [[("▄", heat.color(8, False), "")]]


def test_every_colour_is_one_of_the_256() -> None:
    steps = {0, 95, 135, 175, 215, 255}
    for level in (*range(-8, 9), heat.BROKEN):
        text = heat.color(level, level < 0)
        numbers = {int(text[at : at + 2], 16) for at in (1, 3, 5)}
        assert numbers <= steps or numbers == {0x30}


def test_small_matrices_are_enlarged_and_wide_ones_cut() -> None:
    assert heat.enlarged([[1, 2]], 9, 4) == [[1, 1, 1, 1, 2, 2, 2, 2]] * 4
    assert heat.enlarged([[1] * 50] * 60, 40, 26) == [[1] * 40] * 60
    assert heat.enlarged([], 9, 9) == [] and heat.half_blocks([], signed=True) == []


def test_ascii_tells_below_from_above() -> None:
    assert heat.glyphs([[-8, -1, 0, 1, 8, None, heat.BROKEN]]) == [[("@- .# !", "", "")]]
    assert all(text.isascii() for text, _, _ in heat.legend(True, ascii=True))
    assert len(heat.legend(True, ascii=False)) == 17
