"""Numbers that are printed beside their names become series."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.metrics.board import Board
from tutor.metrics.printed import LONGEST_LINE, MOST_CHARACTERS, MOST_LINES, MOST_SERIES, printed


def curves(text: str) -> dict[str, list[tuple[float, float]]]:
    found = printed([text])
    return {name: list(one.points()) for name, one in found.board.series.items()} if found else {}


@pytest.mark.parametrize(
    "line",
    ["loss: {}", "loss={}", "loss {}", "loss = {}", "loss:{}", "  loss:   {} %", "loss=tensor({}, grad_fn=<A>)"],
)
def test_ways_to_print_a_number(line: str) -> None:
    assert curves("\n".join(line.format(value) for value in (0.5, 0.25, 0.125)))["loss"] == [
        (0, 0.5),
        (1, 0.25),
        (2, 0.125),
    ]


@pytest.mark.parametrize("head", ["Epoch {}: ", "Epoch [{}/3], ", "epoch {}/3 - ", "step={} ", "iteration: {} | "])
def test_the_axis_is_what_counts_the_lines(head: str) -> None:
    text = "\n".join(f"{head.format(at)}train loss: {1 / at:.3f}, val loss: {at}e-1" for at in (1, 2, 3))
    assert curves(text) == {"train loss": [(1, 1.0), (2, 0.5), (3, 0.333)], "val loss": [(1, 0.1), (2, 0.2), (3, 0.3)]}


def test_an_axis_that_begins_again_is_none() -> None:
    assert [x for x, _ in curves("step 0 a=1\nstep 1 a=2\nstep 0 a=3\nstep 1 a=4")["a"]] == [0, 1, 2, 3]


def test_other_lines_between_and_lines_that_are_written_over() -> None:
    assert curves("hello\nacc 0.1\rand so\racc 0.2\r\n\nacc 0.3")["acc"] == [(0, 0.1), (1, 0.2), (2, 0.3)]


def test_what_is_not_finite_is_kept() -> None:
    values = [value for _, value in curves("loss: 1\nloss: inf 7\nloss: nan 7")["loss"]]
    assert values[:2] == [1, math.inf] and math.isnan(values[2])


@pytest.mark.parametrize(
    "text",
    ["", "loss: 1\nloss: 2", "v1.2.3\n" * 9, "at 12:30:59\n" * 9, "took 3s\n" * 9, "n: 1,234\n" * 9, "Epoch 1\n" * 9],
)
def test_what_is_no_series(text: str) -> None:
    assert printed([text]) is None


def test_pieces_may_break_anywhere() -> None:
    text = "loss: 0.5\nloss: 0.25\nloss: 0.125\n"
    whole, broken = printed([text]), printed(list(text))
    assert whole is not None and broken is not None
    assert list(whole.board.series["loss"].points()) == list(broken.board.series["loss"].points())


def test_a_million_lines_are_not_read() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        for number in range(1_000_000):
            taken += 1
            yield f"loss: {number}\n"

    found = printed(endless())
    assert found is not None and not found.whole
    assert found.board.series["loss"].count == MOST_LINES
    assert taken <= MOST_LINES + 1


def test_one_huge_piece_is_cut() -> None:
    found = printed(["loss: 1\n" * 3 + "x" * (2 * MOST_CHARACTERS) + "\nloss: 2\n"])
    assert found is not None and not found.whole
    assert found.board.series["loss"].count == 3


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(st.text(max_size=60), st.text("ab:=. 019-+e[/\n\r\x1b_,", max_size=80)), max_size=8))
def test_hostile_text_makes_series_or_none(pieces: list[str]) -> None:
    found = printed([piece + "\n" + piece for piece in pieces] * 3)
    board = found.board if found is not None else Board()
    assert len(board.series) <= MOST_SERIES
    for name, series in board.series.items():
        assert name.isascii() and name.isprintable() and len(name) <= 80 < LONGEST_LINE
        assert series.count >= 3
        assert all(math.isfinite(step) for step, _ in series.points())
