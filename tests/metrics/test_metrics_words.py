"""A run told in one line."""

from __future__ import annotations

import math
import random

import pytest

from tutor.metrics.board import Board
from tutor.metrics.series import Series
from tutor.metrics.words import became, count, number, summary, trend


def series(values: list[float], name: str = "loss", first: int = 0) -> Series:
    found = Series(name)
    found.extend(range(first, first + len(values)), values)
    return found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.4123456, "0.4123"),
        (0.41, "0.41"),
        (12.3456, "12.35"),
        (123.456, "123.5"),
        (1234.5, "1,234"),
        (999_999.0, "999,999"),
        (2.5e8, "2.5e8"),
        (1e308, "1e308"),
        (1.234e-7, "1.23e-7"),
        (-1e-300, "-1e-300"),
        (0.0, "0"),
        (1.0, "1"),
        (100.0, "100"),
        (-3.25, "-3.25"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text
    assert len(text) <= 9


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1234, "1,234"), (2.5, "2.5"), (1e300, "1e300")])
def test_steps(value: float, text: str) -> None:
    assert count(value) == text


def noisy(slope: float, noise: float, level: float = 1.0, points: int = 300) -> list[float]:
    random.seed(7)
    return [level + slope * step + random.gauss(0, noise) for step in range(points)]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([0.9**step for step in range(60)], "falling"),
        ([1.02**step for step in range(60)], "rising"),
        ([0.5] * 50, "flat"),
        (noisy(-0.005, 0.2, 3), "falling"),
        (noisy(0.005, 0.2), "rising"),
        (noisy(0, 0.3), "flat"),
        ([2.0 + (-1) ** step for step in range(60)], "oscillating"),
        ([-17.6, -20.8] * 30, "oscillating"),
        ([2.0 + 1e-4 * (-1) ** step for step in range(60)], "flat"),
        ([5.0, 4.0, 3.0, 2.5, 2.2, 2.0], "falling"),
        ([1.0, 2.0, 1.0], ""),
        ([], ""),
    ],
)
def test_trend(values: list[float], word: str) -> None:
    assert trend(series(values)) == word


def test_one_outlier_does_not_turn_the_trend() -> None:
    values = [0.97**step for step in range(100)]
    values[-2] = 50.0
    assert trend(series(values)) == "falling"


def test_summary() -> None:
    board = Board()
    assert summary(board) == "no points yet"
    board.add("loss", "train", "a.py:3", range(120), [0.99**step for step in range(120)])
    assert summary(board) == "step 119, loss 0.3024, falling"
    board.add("val_loss", "validation", "a.py:9", [120], [0.5])
    assert summary(board) == "step 119, loss 0.3024, falling, val_loss 0.5"


def test_summary_says_where_it_broke() -> None:
    board = Board()
    board.add("loss", "train", "", range(1234), [1.0] * 1234)
    board.add("loss", "train", "", [1234, 1235], [math.nan, math.nan])
    assert summary(board) == "step 1,235, loss NaN; loss became NaN at step 1,234"
    assert became(board.series["loss"]) == "loss became NaN at step 1,234"


def test_summary_of_many_series_stays_short() -> None:
    board = Board()
    for name in "abcdefgh":
        board.add(name, "logged", "", [0], [1])
    assert summary(board) == "step 0, a 1, b 1, c 1, d 1, 4 more"


def test_board() -> None:
    board = Board()
    assert board.main is None
    before = board.version
    logged = board.add("acc", "logged", "", [0], [1])
    assert board.main is logged
    train = board.add("loss", "train", "a.py:1", [0], [1])
    assert board.main is train
    assert board.add("loss", "train", "a.py:1", [1], [2]) is train
    assert board.version > before
    assert list(board.series) == ["acc", "loss"]
    assert (train.name, train.role, train.site, train.count) == ("loss", "train", "a.py:1", 2)
