"""The cursor's reading and the smoothed curve of a series."""

from __future__ import annotations

import math

import pytest

from tutor.metrics.board import Board
from tutor.metrics.reading import known_steps, moved, nearest, read, reading_words
from tutor.metrics.series import Series
from tutor.metrics.words import summary


def series(count: int, every: float = 1.0) -> Series:
    made = Series("loss")
    made.extend([step * every for step in range(count)], [float(step) for step in range(count)])
    return made


def test_a_value_is_read_at_the_nearest_point() -> None:
    found = read(series(10, every=5.0), 11.0)
    assert found is not None and (found.step, found.value, found.points) == (10.0, 2.0, 1)
    assert read(Series("empty"), 1.0) is None


def test_of_a_long_run_the_early_part_is_read_in_buckets_and_the_end_exactly() -> None:
    long = series(100_000)
    early, late = read(long, 500.0), read(long, 99_990.0)
    assert early is not None and early.points > 1 and early.lo <= early.value <= early.hi
    assert late is not None and (late.step, late.value, late.points) == (99_990.0, 99_990.0, 1)
    assert "points)" in early.words("loss")


def test_moving_goes_at_least_one_point_and_stays_at_the_ends() -> None:
    steps = known_steps(series(10, every=5.0))
    assert moved(steps, 10.0, 0.5) == 15.0
    assert moved(steps, 10.0, -0.5) == 5.0
    assert moved(steps, 10.0, 21.0) == 35.0
    assert moved(steps, 45.0, 100.0) == 45.0
    assert moved(steps, 0.0, -3.0) == 0.0
    assert nearest(steps, 12.4) == 10.0


def test_words_say_where_another_series_was_read() -> None:
    other = Series("val_loss")
    other.extend([0.0, 8.0], [1.0, 0.5])
    assert reading_words([series(10), other], 6.0) == "at step 6: loss 6, val_loss 0.5 (step 8)"


def test_smoothing_is_exact_and_debiased() -> None:
    values = [3.0, 1.0, 2.0, 5.0]
    made = Series("loss")
    made.extend([0, 1, 2, 3], values)
    mean, expected = 0.0, []
    for count, value in enumerate(values, 1):
        mean = 0.9 * mean + 0.1 * value
        expected.append(mean / (1 - 0.9**count))
    found = made.smooth(0, 3, 4, 0.9)
    assert [column for column, _ in found] == [0, 1, 2, 3]
    assert [value for _, value in found] == pytest.approx(expected)


def test_smoothing_leaves_out_what_is_not_finite_and_is_the_same_at_every_width() -> None:
    made = Series("loss")
    made.extend(range(5000), [math.nan if step % 7 == 0 else 2.0 for step in range(5000)])
    for width in (10, 100, 1000):
        assert {round(value, 9) for _, value in made.smooth(0, 4999, width, 0.99)} == {2.0}
    assert made.smooth(0, 4999, 0, 0.9) == []


def test_a_snapshot_does_not_grow() -> None:
    board = Board()
    board.add("loss", "train", "", [0, 1], [2.0, 1.0])
    held = board.snapshot()
    board.add("loss", "train", "", [2], [0.5])
    assert held.series["loss"].last == (1.0, 1.0) and held.series["loss"].count == 2
    assert len(list(held.series["loss"].points())) == 2
    assert held.version < board.version


def test_epochs_are_no_curve_and_ranks_tell_the_same_ones() -> None:
    board = Board()
    board.add("loss", "train", "", [0, 8], [2.0, 1.0])
    for name in ("epoch [rank 0]", "epoch [rank 1]"):
        board.add(name, "epoch", "", [3.0, 6.0], [2.0, 3.0])
    assert board.epochs == [(0.0, 1), (3.0, 2), (6.0, 3)]
    assert list(board.series) == ["loss"]
    assert summary(board).startswith("step 8 of epoch 3, loss 1")
