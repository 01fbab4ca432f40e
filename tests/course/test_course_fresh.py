"""Generators: which constants of an item may change, and the item with other ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.course.fresh import count, draw, fresh_exercise, fresh_predict, told
from tutor.course.items import Exercise, Predict, Quiz
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.course.turning import values

HEAD = "---\ntitle: T\nid: t\nsummary: S\nminutes: 5\n---\n\n# T\n\n## P\n\n"
LINES = 'rows = 3  # @param [3, 5, 8]\ncut = 1  # @param {type:"integer", min:0, max:2}'


def generator(lines: str = LINES) -> str:
    return f'<details class="generator">\n<summary>Again</summary>\n\n```python .noeval\n{lines}\n```\n\n</details>\n\n'


def predict(extra: str = "", code: str = "rows = 3\ncut = 1\nprint(rows - cut)") -> str:
    return (
        f'<!-- #region predict="p" -->\nWhat?\n\n```python\n{code}\n```\n\n<details class="answer">\n'
        f"<summary>A</summary>\n\n```output\n2\n```\n\nThree minus one.\n\n</details>\n\n{extra}<!-- #endregion -->\n"
    )


EXERCISE = (
    '```python name="e" tags=["exercise"]\nrows = 3\ncut = 1\nleft = 0  # TODO\n```\n\n'
    '```python tags=["test"]\nassert left == rows - cut, "the rest"\n```\n\n'
    '<details class="solution">\n<summary>S</summary>\n\n```python .noeval\nrows = 3\ncut = 1\nleft = rows - cut\n'
    "```\n\n</details>\n\n"
)


def read(body: str) -> Lesson:
    return parse_lesson(Path("t.md"), HEAD + body)


def the_item(body: str) -> Exercise | Predict | Quiz:
    lesson = read(body)
    assert lesson.errors == ()
    (found,) = [item for _, item in lesson.items() if isinstance(item, Exercise | Predict | Quiz)]
    return found


def test_the_same_seed_gives_the_same_numbers_and_never_those_of_the_lesson() -> None:
    item = the_item(predict(generator()))
    assert isinstance(item, Predict)
    drawn = [draw(item.generator, seed) for seed in range(40)]
    assert drawn == [draw(item.generator, seed) for seed in range(40)]
    assert {one["rows"] for one in drawn} == {3, 5, 8} and {one["cut"] for one in drawn} == {0, 1, 2}
    assert {"rows": 3, "cut": 1} not in drawn


def test_seeds_in_a_row_go_through_all_sets_of_numbers_before_one_comes_again() -> None:
    item = the_item(predict(generator()))
    assert isinstance(item, Predict)
    assert count(item.generator) == 8
    drawn = [tuple(draw(item.generator, seed).items()) for seed in range(2**32 - 4, 2**32 + 12)]
    assert len(set(drawn[:8])) == 8 and drawn[:8] == drawn[8:]


def test_a_generator_may_be_wide_and_may_have_a_single_other_value() -> None:
    wide = the_item(predict(generator('rows = 3  # @param {type:"integer", min:0, max:999999999}')))
    narrow = the_item(predict(generator("rows = 3  # @param [3, 5]")))
    assert isinstance(wide, Predict) and isinstance(narrow, Predict)
    found = [draw(wide.generator, seed)["rows"] for seed in range(100)]
    assert len(set(found)) == 100 and 3 not in found
    assert [draw(narrow.generator, seed) for seed in (0, 1, 10**9)] == [{"rows": 5}] * 3


def test_a_prediction_comes_back_with_other_numbers_and_an_answer_that_is_computed() -> None:
    item = the_item(predict(generator()))
    assert isinstance(item, Predict)
    again = fresh_predict(item, 1)
    assert values(again.code.source) == draw(item.generator, 1)
    assert again.code.source.endswith("print(rows - cut)") and again.expected is None and item.expected == "2"
    assert len(again.answer) == len(item.answer) + 1, "the explanation says that it has the lesson's numbers"
    assert told(item.generator, 1) == ", ".join(
        f"{name} = {value}" for name, value in values(again.code.source).items()
    )


def test_an_exercise_changes_with_its_tests_and_its_solution() -> None:
    item = the_item(EXERCISE + generator())
    assert isinstance(item, Exercise)
    again, drawn = fresh_exercise(item, 5), draw(item.generator, 5)
    assert values(again.starter.source) | drawn == values(again.starter.source)
    assert values(again.solution.code.source) == drawn
    assert again.tests == item.tests, "they use the names"


def test_without_a_generator_it_is_the_same_item() -> None:
    item = the_item(predict())
    assert isinstance(item, Predict) and fresh_predict(item, 1) is item


def test_neither_a_generator_nor_a_concept_changes_what_is_asked() -> None:
    plain, tagged = the_item(predict()), the_item(predict(generator()).replace('"p"', '"p" concept="a.b"'))
    assert plain.hash == tagged.hash and tagged.concept == "a.b"
    assert the_item(EXERCISE).hash == the_item(EXERCISE + generator()).hash


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (predict(generator("lines = 3  # @param [3, 5]")), "no line lines = 3"),
        (predict(generator("rows = 4  # @param [4, 5]")), "rows is 4 here and 3 in the code"),
        (predict(generator("rows = 3")), "rows needs its values"),
        (predict(generator('rows = 3  # @param {type:"integer", min:0, max:8, step:2}')), "none of its values"),
        (predict(generator("rows = 0.5  # @param {min:0, max:1}"), code="rows = 0.5"), "rows needs its values"),
        (predict(generator() + generator()), "one generator"),
        (EXERCISE + generator() + generator(), "one generator"),
        (predict('<details class="generator">\n<summary>A</summary>\n\nNothing.\n\n</details>\n\n'), "exactly one"),
    ],
)
def test_what_does_not_fit_is_told(body: str, words: str) -> None:
    problems = read(body).problems
    assert [problem.code for problem in problems] == ["E133"] and words in problems[0].message


def test_a_generator_stands_below_an_exercise_or_in_a_predict() -> None:
    assert [problem.code for problem in read(generator()).problems] == ["E113"]
    quiz = (
        '<!-- #region quiz="q" -->\nQ?\n\n1. a\n2. b\n\n<details class="answer">\n<summary>A</summary>\n\n'
        f"- [x] yes\n- [ ] no\n\n</details>\n\n{generator()}<!-- #endregion -->\n"
    )
    assert [problem.code for problem in read(quiz).problems] == ["E133"]
