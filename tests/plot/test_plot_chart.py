"""Frames: any size, any numbers, every row exactly as wide as asked for, and the picture is the data."""

from __future__ import annotations

import math
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.metrics.series import Series
from tutor.plot.chart import LiveChart
from tutor.plot.frame import CHROME, GHOST, MARK, NOTE, Frame, band_ink, changes, line_ink, narrow
from tutor.plot.text import plain_chart
from tutor.plot.view import View


def series(values: list[float], name: str = "loss", steps: list[float] | None = None) -> Series:
    found = Series(name)
    found.extend(steps if steps is not None else [float(step) for step in range(len(values))], values)
    return found


def cells(text: str) -> int:
    assert text.isprintable()
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def well_formed(frame: Frame, width: int, height: int) -> None:
    assert (frame.width, frame.height) == (width, height)
    assert [len(row) for row in frame.rows] == [width] * height
    assert [cells(row) for row in frame.rows] == [width] * height
    assert [len(row) for row in frame.inks] == [width] * height


ANY = st.floats(allow_nan=True, allow_infinity=True)
STEPS = st.floats(min_value=-1e300, max_value=1e300)
NAMES = st.text(max_size=40)


@settings(max_examples=300, deadline=None)
@given(
    data=st.lists(st.tuples(NAMES, st.lists(st.tuples(STEPS, ANY), max_size=40)), max_size=4),
    ghosts=st.lists(st.lists(ANY, max_size=10), max_size=2),
    width=st.integers(0, 170),
    height=st.integers(0, 50),
    log=st.booleans(),
    ascii=st.booleans(),
)
def test_any_numbers_at_any_size(
    data: list[tuple[str, list[tuple[float, float]]]],
    ghosts: list[list[float]],
    width: int,
    height: int,
    log: bool,
    ascii: bool,
) -> None:
    chart = LiveChart()
    drawn = [series([y for _, y in points], name, [x for x, _ in points]) for name, points in data]
    shadows = [series(values) for values in ghosts]
    frame = chart.frame(drawn, width, height, View(log=log), ascii=ascii, ghosts=shadows)
    well_formed(frame, width, height)
    assert chart.frame(drawn, width, height, View(log=log), ascii=ascii, ghosts=shadows) == frame
    if ascii:
        assert all(row.isascii() for row in frame.rows)
        assert all(note.isascii() for note in frame.notes)


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(
        st.sampled_from([0.0, -0.0, 1e308, -1e308, 1.8e308, 5e-324, 1e-300, -1e-300, 1.0, 1 + 1e-15, math.nan]),
        min_size=1,
        max_size=12,
    ),
    log=st.booleans(),
)
def test_huge_and_tiny_numbers(values: list[float], log: bool) -> None:
    for width, height in ((80, 24), (24, 6), (3, 2)):
        well_formed(LiveChart().frame([series(values)], width, height, View(log=log)), width, height)


@pytest.mark.parametrize("width", range(1, 40))
@pytest.mark.parametrize("height", [1, 2, 3, 5, 6, 7, 12])
def test_every_small_size(width: int, height: int) -> None:
    chart = LiveChart()
    well_formed(chart.frame([series([3.0, 1.0, 2.0])], width, height), width, height)
    well_formed(chart.frame([], width, height), width, height)


def canvas(frame: Frame, ink: int) -> set[tuple[int, int]]:
    return {(x, y) for y in range(frame.height) for x in range(frame.width) if frame.inks[y][x] == ink}


def test_no_points_yet() -> None:
    frame = LiveChart().frame([Series("loss")], 40, 10)
    assert "no points yet" in frame.rows[5]
    assert set(frame.inks[5]) == {NOTE}


def test_a_falling_curve_falls() -> None:
    frame = LiveChart().frame([series([10.0 - step for step in range(11)])], 60, 20)
    dots = canvas(frame, line_ink(0)) - {(x, 0) for x in range(60)}
    heights = [min(y for at, y in dots if at == x) for x in sorted({x for x, _ in dots})]
    assert heights == sorted(heights)
    assert heights[0] <= 2
    assert heights[-1] >= 16
    assert "loss 0" in frame.rows[0]
    assert "10" in frame.rows[1]


def test_one_point_and_a_constant_are_seen() -> None:
    for values in ([5.0], [5.0] * 30, [0.0], [1e308], [-3.0, -3.0]):
        frame = LiveChart().frame([series(values)], 50, 12)
        assert canvas(frame, line_ink(0)) - {(x, 0) for x in range(50)}, values


def test_a_spike_among_many_points_is_in_the_band() -> None:
    values = [1.0 + 0.1 * (step % 2) for step in range(20_000)]
    values[10_000] = 9.0
    frame = LiveChart().frame([series(values)], 80, 24)
    top = min(y for _, y in canvas(frame, band_ink(0)))
    assert top <= 4


def test_what_is_not_finite_is_marked_in_its_column() -> None:
    values = [1.0] * 101
    values[50], values[70], values[90] = math.nan, math.inf, -math.inf
    frame = LiveChart().frame([series(values)], 80, 24)
    marks = {frame.rows[y][x]: (x, y) for x, y in canvas(frame, MARK)}
    assert set(marks) == {"×", "▲", "▼"}
    assert marks["×"][1] == marks["▲"][1] == 1
    assert marks["▼"][1] == 21
    assert marks["×"][0] < marks["▲"][0] < marks["▼"][0]
    assert frame.notes == ("loss: NaN at ×, ∞ at ▲, -∞ at ▼",)
    assert "NaN at ×" in frame.rows[1]


def test_only_nan() -> None:
    frame = LiveChart().frame([series([math.nan] * 5)], 60, 10)
    assert canvas(frame, MARK)
    assert "loss NaN" in frame.rows[0]


def test_log_axis_says_what_it_cannot_show() -> None:
    frame = LiveChart().frame([series([100.0, 1.0, 0.0, -5.0, 0.01])], 60, 16, View(log=True))
    assert {frame.rows[y][x] for x, y in canvas(frame, MARK)} == {"▼"}
    assert frame.notes == ("loss: ▼ is 0 or less",)
    text = "\n".join(frame.rows)
    assert "0.01" in text
    assert "100" in text
    assert LiveChart().frame([series([-1.0, 0.0])], 60, 16, View(log=True)).notes


def test_an_exponential_is_a_straight_line_on_a_log_axis() -> None:
    frame = LiveChart().frame([series([10.0 ** (-step / 20) for step in range(101)])], 80, 24, View(log=True))
    dots = canvas(frame, line_ink(0)) - {(x, 0) for x in range(80)}
    columns = sorted({x for x, _ in dots})
    middle = columns[len(columns) // 2]
    assert next(y for x, y in sorted(dots) if x == middle) == pytest.approx(11, abs=2)


def test_ghosts_lie_beneath() -> None:
    down, up = series([3.0, 2.0, 1.0]), series([1.0, 2.0, 3.0], "earlier")
    frame = LiveChart().frame([down], 60, 16, ghosts=[up])
    assert canvas(frame, GHOST)
    assert "earlier" not in frame.rows[0]
    assert canvas(LiveChart().frame([], 60, 16, ghosts=[up]), GHOST)


def test_many_series_are_counted_when_the_legend_is_full() -> None:
    frame = LiveChart().frame([series([1.0, 2.0], f"series_number_{index}") for index in range(12)], 60, 12)
    assert "series_number_0 2" in frame.rows[0]
    assert " +1" in frame.rows[0]
    few = LiveChart().frame([series([1.0, 0.1234], name) for name in ("loss", "val_loss")], 34, 12)
    assert "● loss  ◆ val_loss" in few.rows[0] and "+" not in few.rows[0]
    assert line_ink(8) == line_ink(0)


@pytest.mark.parametrize("name", ["\x1b[31mred", "损失", "a\nb", "\u202eevil", "e\u0301", "[/bold]", "🔥" * 30])
def test_names_cannot_move_the_cells(name: str) -> None:
    frame = LiveChart().frame([series([1.0, 2.0], name)], 60, 12)
    well_formed(frame, 60, 12)
    assert "\x1b" not in "".join(frame.rows)


def test_narrow() -> None:
    assert narrow("loss") == "loss"
    assert narrow("größe") == "größe"
    assert narrow("größe", ascii=True) == "gr??e"
    assert narrow("损a\x07") == "?a?"


def test_limits_stay_while_the_curve_grows() -> None:
    chart = LiveChart()
    values = [2.0 * 0.99**step for step in range(400)]
    chart.frame([series(values[:200])], 80, 24)
    built = chart.panels[0]._chromes.built
    cells_changed = 0
    before = chart.frame([series(values[:210])], 80, 24)
    for stop in range(220, 300, 10):
        after = chart.frame([series(values[:stop])], 80, 24)
        cells_changed += sum(x1 - x0 for _, x0, x1 in changes(before, after))
        before = after
    assert chart.panels[0]._chromes.built <= built + 1
    assert cells_changed / 8 < 80 * 24 / 8


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_changes_are_all_that_differs(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(1, 60)), data.draw(st.integers(1, 4))
    row = st.text("ab ", min_size=width, max_size=width)
    ink = st.binary(min_size=width, max_size=width).map(lambda raw: bytes(one % 3 for one in raw))
    frames = [
        Frame(
            width,
            height,
            tuple(data.draw(row) for _ in range(height)),
            tuple(data.draw(ink) for _ in range(height)),
        )
        for _ in range(2)
    ]
    old, new = frames
    rows = [list(one) for one in old.rows]
    inks = [bytearray(one) for one in old.inks]
    found = changes(old, new)
    for y, x0, x1 in found:
        rows[y][x0:x1] = new.rows[y][x0:x1]
        inks[y][x0:x1] = new.inks[y][x0:x1]
    assert tuple("".join(one) for one in rows) == new.rows
    assert tuple(bytes(one) for one in inks) == new.inks
    for (y, _, x1), (next_y, x0, _) in pairwise(found):
        assert y != next_y or x0 - x1 >= 10
    assert changes(new, new) == []


def test_changes_bridge_short_gaps() -> None:
    old = Frame(40, 1, (" " * 40,), (bytes(40),))
    new = Frame(40, 1, ("a" + " " * 9 + "b" + " " * 20 + "c" + " " * 8,), (bytes(40),))
    assert changes(old, new) == [(0, 0, 11), (0, 31, 32)]
    assert changes(None, new) == [(0, 0, 40)]
    assert changes(Frame(39, 1, (" " * 39,), (bytes(39),)), new) == [(0, 0, 40)]


def test_chrome_ink_is_zero_and_the_frame_is_closed() -> None:
    frame = LiveChart().frame([series([1.0, 2.0])], 60, 12)
    assert frame.rows[0][-1] == "┐"
    assert frame.inks[0][-1] == CHROME
    assert frame.rows[-2].endswith("┘")


def test_plain_text() -> None:
    lines = plain_chart([series([2.0, 1.0, math.nan])], 60, 12, ascii=True)
    assert len(lines) == 13
    assert lines[-1] == "loss: NaN at x"
    assert all(len(line) <= 60 and line.isascii() for line in lines)
    assert plain_chart([], 20, 1) == ["   no points yet"]
