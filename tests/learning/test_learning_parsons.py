"""Parsons puzzles: pieces, look-alikes, moving, and what is said of an arrangement."""

from __future__ import annotations

import ast

import pytest

from tutor.learning.parsons import MOST, Arrangement, Puzzle, Row, judge_arrangement, make_puzzle
from tutor.learning.program import assembled, logical_lines

SOLUTION = """
def fit(model, data):
    # a comment
    total = 0.0
    count = 0
    for x, y in data:
        loss = ((model(x) - y) ** 2).mean(
            dim=0,
        )
        loss.backward()
        total += loss.item()
    return total
"""
MISTAKES = [
    SOLUTION.replace(".mean(", ".sum("),
    SOLUTION.replace("loss.item()", "loss"),
    SOLUTION.replace("        loss.backward()\n", ""),
    SOLUTION.replace("y in data", "y in [data]"),
    SOLUTION.replace("count = 0", "count = 1"),
]


@pytest.fixture
def puzzle() -> Puzzle:
    found = make_puzzle(SOLUTION, "", MISTAKES)
    assert found is not None
    return found


def lines_of(found: Puzzle) -> list[str]:
    return [row.piece.text for row in found.solution]


def test_a_statement_over_several_lines_is_one_piece_and_comments_are_none(puzzle: Puzzle) -> None:
    assert lines_of(puzzle)[4].splitlines() == ["loss = ((model(x) - y) ** 2).mean(", "    dim=0,", ")"]
    assert [row.depth for row in puzzle.solution] == [0, 1, 1, 1, 2, 2, 2, 1]
    assert "comment" not in "".join(lines_of(puzzle))


def test_the_pieces_in_order_are_the_solution(puzzle: Puzzle) -> None:
    assert ast.dump(ast.parse(Arrangement(puzzle.solution).code)) == ast.dump(ast.parse(SOLUTION))


def test_a_line_of_a_mistake_that_an_alternative_has_too_is_right_and_no_lookalike(puzzle: Puzzle) -> None:
    assert "total += loss" in [piece.text for piece in puzzle.lookalikes]
    found = make_puzzle(SOLUTION, "", MISTAKES, [SOLUTION.replace("loss.item()", "loss")])
    assert found is not None and len(found.lookalikes) == 3
    assert "total += loss" not in [piece.text for piece in found.lookalikes]


def test_lookalikes_are_lines_of_mistakes_where_the_solution_has_others(puzzle: Puzzle) -> None:
    texts = [piece.text for piece in puzzle.lookalikes]
    assert len(texts) == 3
    assert texts[0].startswith("loss = ((model(x) - y) ** 2).sum(")
    assert texts[1] == "total += loss"
    assert set(texts).isdisjoint(lines_of(puzzle))


def test_the_same_seed_shuffles_alike_and_never_gives_it_away(puzzle: Puzzle) -> None:
    assert puzzle.shuffled("a") == puzzle.shuffled("a") != puzzle.shuffled("b")
    assert not any(judge_arrangement(puzzle, puzzle.shuffled(str(seed))).right for seed in range(30))


@pytest.mark.parametrize("source", ["", "x = 1", "def broken(:", "a = 1\nb = 2", "a = 1\nb = 2\nc = 3"])
def test_what_is_too_short_or_right_in_any_order_is_no_puzzle(source: str) -> None:
    assert make_puzzle(source) is None


def test_a_long_program_keeps_together_what_the_starter_gave() -> None:
    given = "".join(f"a{n} = f({n})\n" for n in range(20))
    found = make_puzzle(given + "b = a1\nc = b + a2\nprint(c)\n", given)
    assert found is not None and len(found.solution) <= MOST
    assert lines_of(found)[-1] == "print(c)"


def test_right_in_any_order_that_means_the_same(puzzle: Puzzle) -> None:
    rows = list(puzzle.solution)
    rows[1], rows[2] = rows[2], rows[1]  # two constants
    assert judge_arrangement(puzzle, Arrangement(tuple(rows))).right
    functions = make_puzzle("def f():\n    return 1\n\n\ndef g():\n    return 2\n\n\nprint(f() + g())\n")
    assert functions is not None
    f, f1, g, g1, last = functions.solution
    assert judge_arrangement(functions, Arrangement((g, g1, f, f1, last))).right
    assert not judge_arrangement(functions, Arrangement((g, f1, f, g1, last))).right


def test_calls_do_not_change_places() -> None:
    found = make_puzzle("a = f()\nb = g()\nc = a + b\n")
    assert found is not None
    a, b, c = found.solution
    assert not judge_arrangement(found, Arrangement((b, a, c))).right


def test_what_is_said_is_the_first_thing_and_no_more(puzzle: Puzzle) -> None:
    rows = puzzle.solution
    said = judge_arrangement(puzzle, Arrangement((rows[0], Row(rows[1].piece, 3), *rows[2:])))
    assert said.words == "The first line is right. Line 2 belongs here, 2 steps further left." and said.index == 1
    said = judge_arrangement(puzzle, Arrangement((*rows[:4], Row(puzzle.lookalikes[0], 2), *rows[5:])))
    assert "The first 4 lines are right. Line 5 does not belong in the program at all" in said.words
    said = judge_arrangement(puzzle, Arrangement((rows[0], rows[7], *rows[1:7])))
    assert said.words == "The first line is right. Line 2 does not come next."
    said = judge_arrangement(puzzle, Arrangement(rows[:-2]))
    assert said.words == "The first 6 lines are right. But 2 are missing." and said.index is None
    said = judge_arrangement(puzzle, Arrangement((*rows, rows[1])))
    assert "one too many" in said.words and said.index == 8


def test_moving_indenting_and_putting_aside(puzzle: Puzzle) -> None:
    begin = Arrangement(puzzle.solution)
    end = len(begin.rows) - 1
    assert begin.moved(0, -1) == (begin, 0)
    moved, at = begin.moved(0, 1)
    assert at == 1 and moved.rows[1] == begin.rows[0]
    out, at = begin.moved(end, 1)
    assert at == end and not out.rows[end].used and len(out.used) == end
    assert out.moved(end, 1) == (out, end)
    assert out.moved(end, -1) == (begin, end)
    assert begin.indented(0, -1) == begin and begin.indented(0, 1).rows[0].depth == 1
    aside, at = begin.put_aside(0)
    assert at == 0 and aside.rows[end] == Row(begin.rows[0].piece, 0, used=False)
    back, at = aside.put_aside(end)
    assert at == end and back.rows[end].used


def test_a_string_that_moving_would_change_makes_no_puzzle_and_a_docstring_is_no_line() -> None:
    source = 'class A:\n    def f(self):\n        """Says\n        so."""\n        text = "one"\n        return text\n'
    assert [line.depth for line in logical_lines(source)] == [0, 1, 2, 2]
    assert assembled(logical_lines(source)).startswith("class A:\n    def f(self):\n        text")
    assert logical_lines(source.replace('"one"', '"""one\n  two"""')) == ()
