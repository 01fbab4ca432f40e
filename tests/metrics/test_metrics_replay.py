"""A run played again."""

from __future__ import annotations

from tutor.metrics.replay import Replay
from tutor.metrics.series import Series


def series(name: str, steps: list[float], values: list[float]) -> Series:
    made = Series(name)
    made.extend(steps, values)
    return made


def test_points_come_back_in_the_order_of_their_steps() -> None:
    replay = Replay([series("loss", [0, 1, 2, 3, 4], [5, 4, 3, 2, 1]), series("val", [2, 4], [3, 2])])
    replay.to(0.0)
    assert {name: one.count for name, one in replay.board.series.items()} == {"loss": 1} and not replay.done
    replay.to(0.5)
    assert {name: one.count for name, one in replay.board.series.items()} == {"loss": 3, "val": 1}
    before = replay.board.version
    replay.to(0.1)
    assert replay.board.version == before
    replay.to(1.5)
    assert replay.done and list(replay.board.series["loss"].points()) == [(0, 5), (1, 4), (2, 3), (3, 2), (4, 1)]


def test_nothing_and_a_single_point_are_over_at_once() -> None:
    nothing, single = Replay([Series("loss")]), Replay([series("loss", [7], [1.0])])
    nothing.to(0.0)
    single.to(0.0)
    assert nothing.done and not nothing.board.series and single.board.series["loss"].count == 1


def test_epochs_come_back_with_the_steps_at_which_they_began() -> None:
    replay = Replay([series("loss", [0, 10, 20], [3, 2, 1])], [(0.0, 1), (10.0, 2), (20.0, 3)])
    replay.to(0.0)
    assert replay.board.epochs == [(0.0, 1)]
    replay.to(0.5)
    assert replay.board.epochs == [(0.0, 1), (10.0, 2)]
    replay.to(1.0)
    assert replay.board.epochs[-1] == (20.0, 3)
