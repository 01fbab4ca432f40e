"""How a run is looked at: zoom, cursor, panels, epochs and smoothing, without a screen."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.metrics.series import Series
from tutor.plot.axes import Limits
from tutor.plot.chart import LiveChart
from tutor.plot.frame import CURSOR, EPOCH, Frame, band_ink, line_ink
from tutor.plot.panels import arrange, layout
from tutor.plot.view import SMOOTHINGS, View, tail_of

RUN = Limits(0.0, 1000.0)


def series(name: str, values: list[float]) -> Series:
    made = Series(name)
    made.extend([float(step) for step in range(len(values))], values)
    return made


def inked(frame: Frame, ink: int) -> set[tuple[int, int]]:
    return {(x, y) for y in range(frame.height) for x in range(frame.width) if frame.inks[y][x] == ink}


def test_zoom_in_keeps_the_cursor_where_it_is_and_out_ends_at_the_whole_run() -> None:
    view = View(cursor=250.0).zoomed(RUN, RUN, 0.5)
    assert view.window == Limits(125.0, 625.0)
    wide = view.zoomed(Limits(125.0, 625.0), RUN, 2)
    assert wide.window is None
    assert View().zoomed(RUN, RUN, 0.5).window == Limits(500.0, 1000.0)


@given(st.lists(st.sampled_from([0.5, 2.0]), max_size=60), st.floats(0, 1000))
def test_zooming_stays_within_the_run(factors: list[float], cursor: float) -> None:
    view, shown = View(cursor=cursor), RUN
    for factor in factors:
        view = view.zoomed(shown, RUN, factor)
        shown = view.window or RUN
        assert RUN.low <= shown.low < shown.high <= RUN.high


def test_a_window_is_chosen_with_its_two_ends_and_taken_back() -> None:
    view = View(cursor=600.0).marked(RUN)
    assert view.mark == 600.0 and view.window is None
    view = view.pointed(200.0, RUN, RUN).marked(RUN)
    assert view.window == Limits(200.0, 600.0) and view.mark is None
    view = view.pointed(900.0, Limits(200.0, 600.0), RUN)
    assert view.window == Limits(600.0, 1000.0)  # the window went to the cursor
    assert view.back().cursor is None
    assert view.back().back() == View()
    assert not View().moved


def test_smoothing_goes_round() -> None:
    view, seen = View(), []
    for _ in SMOOTHINGS:
        seen.append(view.smoothing)
        view = view.smoother()
    assert tuple(seen) == SMOOTHINGS and view.smoothing == 0


@pytest.mark.parametrize("last", [1.0, 250.0, 670.0, 999.0, 1000.0])
def test_the_tail_holds_the_last_step_and_is_not_empty(last: float) -> None:
    tail = tail_of(RUN, last)
    assert tail.low < last <= tail.high
    assert tail.high - tail.low == pytest.approx(250.0)


def test_the_tail_is_drawn_with_limits_of_its_own() -> None:
    values = [100.0 * 0.99**step for step in range(1000)]
    chart = LiveChart()
    whole, tail = (chart.frame([series("loss", values)], 60, 16, View(tail=flag)) for flag in (False, True))
    assert "100" in "".join(row[:8] for row in whole.rows)
    assert "100" not in "".join(row[:8] for row in tail.rows)
    assert chart.shown.low == 750.0


def test_the_cursor_is_a_line_behind_the_curve() -> None:
    frame = LiveChart().frame([series("loss", [1.0] * 101)], 60, 16, View(cursor=50.0))
    cells = inked(frame, CURSOR)
    assert len({x for x, _ in cells}) == 1
    assert 10 <= len(cells) <= 14
    away = LiveChart().frame([series("loss", [1.0] * 101)], 60, 16, View(cursor=50.0, window=Limits(60.0, 70.0)))
    assert not inked(away, CURSOR)


def test_smoothing_is_drawn_on_top_and_the_raw_curve_stays() -> None:
    noisy = series("loss", [1.0 + (-1) ** step * 0.5 for step in range(100)])
    frame = LiveChart().frame([noisy], 60, 16, View(smoothing=0.9))
    assert len(inked(frame, band_ink(0))) > 100
    smooth_rows = {y for x, y in inked(frame, line_ink(0)) if y > 0 and x > 30}
    assert max(smooth_rows) - min(smooth_rows) <= 2


def test_panels_by_what_is_measured_and_by_size() -> None:
    found = [
        series("loss", [2.3, 0.5]),
        series("val_loss", [99.0, 500.0]),
        series("acc", [0.1, 0.9]),
        series("lr", [1e-3, 1e-4]),
        series("val/acc", [0.1, 0.8]),
        series("g_loss", [0.001, 0.002]),
    ]
    assert arrange(found, 9) == [[0, 1], [2, 4], [3], [5]]
    assert arrange([series("a", [1.0]), series("b", [20.0]), series("c", [100.0])], 9) == [[0, 1], [2]]
    assert arrange([series(name, [20.0, 22.0]) for name in ("mse", "mae", "huber")], 9) == [[0, 1, 2]]
    assert arrange([series(name, [0.2, 0.9]) for name in ("loss", "label_acc", "f1", "exact")], 2) == [[0], [1, 2, 3]]


def test_where_there_is_no_room_panels_of_one_size_are_joined_and_others_wait() -> None:
    found = [series("loss", [2.3, 0.5]), series("acc", [0.1, 0.9]), series("lr", [1e-3, 1e-4])]
    assert arrange(found, 1) == [[0, 1], [2]]
    chart = LiveChart()
    first = chart.frame(found, 50, 10)
    assert chart.hidden == 1 and "loss" in first.rows[0] and "acc" in first.rows[0]
    second = chart.frame(found, 50, 10, View(first=1))
    assert "lr" in second.rows[0] and "loss" not in second.rows[0]
    together = chart.frame(found, 50, 10, View(together=True))
    assert chart.hidden == 0 and "lr" in together.rows[0]
    tall = chart.frame(found, 80, 36)
    assert chart.hidden == 0 and "lr" in tall.rows[24] and "acc" in tall.rows[12]
    assert {row.index("┌") for row in (tall.rows[0], tall.rows[12], tall.rows[24])} == {tall.rows[0].index("┌")}


@given(st.integers(0, 12), st.integers(0, 200), st.integers(0, 60))
def test_boxes_fill_the_place_and_do_not_overlap(count: int, width: int, height: int) -> None:
    boxes = layout(count, width, height)
    assert 1 <= len(boxes) <= max(1, count)
    assert sum(box.width * box.height for box in boxes) == width * height
    cells = {(x, y) for box in boxes for x in range(box.x, box.x + box.width) for y in range(box.y, box.y + box.height)}
    assert len(cells) == width * height


def test_epochs_are_marked_on_the_lower_border() -> None:
    epochs = [(float(10 * number), number + 1) for number in range(10)]
    frame = LiveChart().frame([series("loss", [1.0] * 100)], 80, 16, epochs=epochs)
    border = frame.rows[-2]
    assert "▴2" in border and "▴10" in border and "▴1─" not in border
    assert {y for _, y in inked(frame, EPOCH)} == {14}
    many = [(float(number), number + 1) for number in range(100)]
    crowded = LiveChart().frame([series("loss", [1.0] * 100)], 80, 16, epochs=many, ascii=True).rows[-2]
    assert "^20" in crowded and "^2-" not in crowded
    assert "▴" not in LiveChart().frame([series("loss", [1.0] * 100)], 80, 16, epochs=epochs[:1]).rows[-2]


def test_curves_of_one_panel_end_in_glyphs_of_their_own() -> None:
    frame = LiveChart().frame([series("loss", [2.0, 1.0]), series("val_loss", [3.0, 2.0])], 60, 16)
    assert "● loss 1" in frame.rows[0] and "◆ val_loss 2" in frame.rows[0]
    assert sum(row.count("◆") for row in frame.rows[1:]) == 1


def test_a_window_between_points_and_nan_smoothing_break_nothing() -> None:
    odd = series("loss", [math.nan, math.inf, 0.0, -1.0, 1e300])
    for log in (False, True):
        for window in (Limits(1.1, 1.2), Limits(0.0, 4.0), Limits(50.0, 60.0)):
            frame = LiveChart().frame([odd], 60, 16, View(log=log, smoothing=0.9, window=window))
            assert [len(row) for row in frame.rows] == [60] * 16
