"""Tasks of the ladder half done, as text and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tutor.learning.blanks import Blanks, Level, make_blanks
from tutor.learning.parsons import Arrangement, Puzzle, Row, make_puzzle
from tutor.learning.unfinished import answers_found, answers_kept, arrangement_found, arrangement_kept

SOLUTION = """def total(numbers):
    found = torch.zeros(3, dtype=torch.float64)
    for number in numbers:
        found = found + number.mean(dim=0)
    return found.clamp(min=0)
"""
MISTAKE = SOLUTION.replace("mean(dim=0)", "sum(dim=0)")


@pytest.fixture
def puzzle() -> Puzzle:
    found = make_puzzle(SOLUTION, "", [MISTAKE])
    assert found is not None and found.lookalikes
    return found


@pytest.fixture
def blanks() -> Blanks:
    found = make_blanks(SOLUTION, "", Level.NAMES)
    assert found is not None and len(found.gaps) > 1
    return found


def test_answers_come_back(blanks: Blanks) -> None:
    answers = {1: "[b]x[/b] \x1b[31m\n\u2028 \u00e4\U0001f600"}
    assert answers_found(blanks, answers_kept(blanks, answers)) == answers


def test_nothing_written_is_nothing_to_keep(blanks: Blanks) -> None:
    assert answers_kept(blanks, {0: ""}) == ""
    assert answers_found(blanks, "") == {}


def test_lines_come_back_where_they_were(puzzle: Puzzle) -> None:
    placed = puzzle.shuffled("a").indented(1, 2).put_aside(0)[0].moved(2, -1)[0]
    assert arrangement_found(puzzle, arrangement_kept(puzzle, placed)) == placed


def test_lines_that_read_the_same_stay_two() -> None:
    found = make_puzzle("a = 1\nb = 2\na = 1\nprint(a, b)\n")
    assert found is not None
    placed = Arrangement(tuple(reversed(found.solution))).indented(0, 1)
    assert arrangement_found(found, arrangement_kept(found, placed)) == placed


def test_what_was_begun_with_another_program_is_not_taken_for_this_one(puzzle: Puzzle, blanks: Blanks) -> None:
    other = make_puzzle(SOLUTION.replace("found", "sum_"), "", [MISTAKE])
    assert other is not None
    assert arrangement_found(puzzle, arrangement_kept(other, other.shuffled("a"))) is None
    finer = make_blanks(SOLUTION, "", Level.EXPRESSIONS)
    assert finer is not None
    assert answers_found(blanks, answers_kept(finer, {0: "x"})) == {}


@pytest.mark.parametrize(
    "state",
    [
        None,
        7,
        "text",
        [],
        [[0, 0, True]],
        [[0, 0, True]] * 6,
        [["0", 0, True]],
        [[0, -1, True], [1, 0, True]],
        [[0, 99, True]],
        [[0, 0]],
        {"0": "x"},
    ],
)
def test_a_text_of_somebody_else_is_nothing(puzzle: Puzzle, blanks: Blanks, state: Any) -> None:
    name = json.loads(arrangement_kept(puzzle, puzzle.shuffled("a")))["task"]
    assert arrangement_found(puzzle, json.dumps({"task": name, "state": state})) is None
    name = json.loads(answers_kept(blanks, {0: "x"}))["task"]
    state = state if isinstance(state, list) else [state]
    assert answers_found(blanks, json.dumps({"task": name, "state": [[], 7, None, *state]})) == {}


@pytest.mark.parametrize("text", ["{", "deep", "7", "[]", '{"task": 3}', '{"state": []}'])
def test_a_text_that_is_no_document_is_nothing(puzzle: Puzzle, blanks: Blanks, text: str) -> None:
    text = "[" * 100_000 if text == "deep" else text
    assert arrangement_found(puzzle, text) is None and answers_found(blanks, text) == {}


def test_those_put_aside_stand_last_whatever_was_kept(puzzle: Puzzle) -> None:
    first, *rest = puzzle.shuffled("a").rows
    mixed = Arrangement((Row(first.piece, used=False), *rest))
    found = arrangement_found(puzzle, arrangement_kept(puzzle, mixed))
    assert found is not None and [row.used for row in found.rows] == [*[True] * len(rest), False]
