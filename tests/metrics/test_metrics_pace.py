"""How fast a run goes on, and how long it still takes."""

from __future__ import annotations

import pytest

from tutor.metrics.board import Board
from tutor.metrics.pace import Pace, speed_words, time_words

START = 1_700_000_000.0


def at_speed(pace: Pace, speed: float, seconds: float, start: float = START, step: float = 0.0, every: float = 0.05):
    for tick in range(round(seconds / every) + 1):
        pace.arrived(start + tick * every, step + int(speed * tick * every))


def test_nothing_is_said_before_a_second_and_after_the_end() -> None:
    pace = Pace()
    at_speed(pace, 100, 0.9)
    assert pace.words == ""
    at_speed(pace, 100, 0.2, START + 0.9, 90)
    assert pace.words == "100 steps/s"
    pace.end()
    assert pace.words == ""
    at_speed(pace, 100, 3, START + 2, 200)
    assert pace.words == ""


def test_the_speed_is_that_of_the_last_seconds() -> None:
    pace = Pace()
    at_speed(pace, 10, 60)
    at_speed(pace, 400, 8, START + 60, 600)
    assert pace.speed == pytest.approx(400, rel=0.02)
    assert len(pace._arrived) < 30


def test_the_words_stand_for_a_second() -> None:
    pace = Pace()
    said = []
    for tick in range(200):  # ten seconds at a speed that goes up all the time
        pace.arrived(START + tick * 0.05, tick * tick)
        said.append(pace.words)
    assert 5 <= len(set(said)) <= 11


def test_a_slow_run_has_seconds_for_a_step() -> None:
    pace = Pace()
    for step in range(4):
        pace.arrived(START + 12 * step, step)
    assert pace.words == "12 s a step"


def test_a_clock_that_goes_back_begins_anew() -> None:
    pace = Pace()
    at_speed(pace, 100, 3)
    at_speed(pace, 100, 0.5, START - 3600, 300)
    assert pace.words == ""
    at_speed(pace, 100, 2, START - 3599.5, 350)
    assert pace.words == "100 steps/s"


def test_time_left_needs_a_whole_epoch_and_their_number() -> None:
    pace = Pace()
    at_speed(pace, 10, 20)
    assert pace.left is None
    pace.epoch(START + 20, 2)
    assert pace.left is None
    pace.epochs(4)
    assert pace.left == pytest.approx(60)
    at_speed(pace, 10, 5, START + 20, 200)
    assert pace.left == pytest.approx(55)
    assert pace.words == "10 steps/s, about 55 s left of 4 epochs"
    at_speed(pace, 10, 40, START + 25, 250)  # an epoch that takes longer than the ones before
    pace.epoch(START + 65, 5)
    assert pace.left is None  # more epochs than the code told


def test_without_epochs_the_rounds_of_the_outermost_loop_tell() -> None:
    pace = Pace()
    pace.rounds(40)
    pace.round(START, 1)
    at_speed(pace, 10, 4)
    assert pace.left is None  # no round has been seen to end
    pace.round(START + 4, 3)
    assert pace.left == pytest.approx(76)
    at_speed(pace, 10, 2, START + 4, 40)
    assert pace.words == "10 steps/s, about 1 min left of 40 rounds"
    pace.round(START + 6, 2)  # the next loop
    assert pace.left is None
    pace.round(START + 8, 3)
    assert pace.left is not None
    pace.rounds(30)
    assert pace.left is None


def test_fast_rounds_are_judged_by_seconds_and_epochs_are_worth_more() -> None:
    pace = Pace()
    pace.rounds(10_000)
    for tick in range(41):  # at first 100 rounds a second, then 200
        pace.round(START + tick * 0.5, 1 + 50 * tick + 50 * max(0, tick - 20))
        pace.arrived(START + tick * 0.5, 1 + 50 * tick + 50 * max(0, tick - 20))
    assert pace.left == pytest.approx((10_000 - 3000) / 200, rel=0.02)
    pace.epochs(4)
    pace.epoch(START + 20, 3)
    assert pace.left == pytest.approx(20)


def test_a_board_makes_no_curve_of_what_tells_how_far_a_run_is() -> None:
    board = Board()
    for second in range(5):
        board.add("rounds", "rounds", "", [second], [20.0], START + second)
        board.add("round", "round", "", [second], [second + 1.0], START + second)
        board.add("loss", "train", "", [second], [0.5], START + second)
    assert list(board.series) == ["loss"]
    assert len(board.epochs) == 1
    assert board.pace.words.endswith("left of 20 rounds")


def test_a_board_without_times_has_no_pace() -> None:
    board = Board()
    for step in range(100):
        board.add("loss", "train", "", [step], [1.0])
    assert board.pace.words == ""


def test_a_board_is_told_by_its_main_series_and_ends() -> None:
    board = Board()
    for tick in range(61):
        time = START + tick * 0.05
        board.add("loss", "train", "", [tick * 5], [1.0], time)
        board.add("val", "validation", "", [10_000], [1.0], time)
    board.add("epoch", "epoch", "", [300], [2], START + 3)
    board.add("epochs", "epochs", "", [300], [11], START + 3)
    assert set(board.series) == {"loss", "val"}
    assert board.pace.words == "100 steps/s"
    board.add("loss", "train", "", [400], [1.0], START + 4)
    assert board.pace.words == "100 steps/s, about 30 s left of 11 epochs"
    version = board.version
    board.end()
    board.end()
    assert board.version == version + 1
    assert board.pace.words == ""


@pytest.mark.parametrize(
    ("speed", "text"),
    [(1234, "1,200 steps/s"), (96.4, "96 steps/s"), (9.96, "10 steps/s"), (3.44, "3.4 steps/s"), (1, "1 steps/s")],
)
def test_speeds(speed: float, text: str) -> None:
    assert speed_words(speed) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "a few seconds"),
        (12, "about 10 s"),
        (57, "about 55 s"),
        (58, "about 1 min"),
        (170, "about 3 min"),
        (3590, "about 1 h"),
        (7800, "about 2 h 10 min"),
        (90_000, "about 25 h"),
    ],
)
def test_times(seconds: float, text: str) -> None:
    assert time_words(seconds) == text
