"""What is remembered of a lesson's work, and a review that touches none of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from study_runner import FakeRunner

from tutor.course.catalog import read_entry
from tutor.course.model import Course, Lesson, Module
from tutor.learning.grading import Grade
from tutor.learning.state import Status
from tutor.store.database import Store
from tutor.study import Study
from tutor.study.review import Review, due_questions

DAY = 86_400.0
NOON = 1_780_056_000.0
Find = Callable[[str], Any]


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def study(course: Course, store: Store, clock: Clock) -> Study:
    return Study(course, store, clock=clock)


def wrong_twice(study: Study, lesson: Lesson, quiz: Any) -> None:
    study.answer_quiz(lesson, quiz, frozenset({1}))
    study.answer_quiz(lesson, quiz, frozenset({2}))


def solve(study: Study, runner: FakeRunner, lesson: Lesson, exercise: Any, *oks: bool) -> None:
    record = runner.checked(study.check_request(lesson, exercise, "code", runner.executed), *oks)
    study.take(lesson, record, "session")


def test_nothing_is_due_before_anything_was_answered(study: Study) -> None:
    assert study.memory.due() == [] and not study.memory.outlook().begun and due_questions(study) == []


def test_a_quiz_is_remembered_once_it_is_settled_and_only_then(
    study: Study, lesson: Lesson, item: Find, clock: Clock
) -> None:
    study.answer_quiz(lesson, item("why"), frozenset({1}))
    assert not study.memory.outlook().begun
    study.answer_quiz(lesson, item("why"), frozenset({2}))
    study.answer_quiz(lesson, item("why"), frozenset({0}))  # the answer was known by then
    assert study.memory.outlook().forecast[1] == 1
    clock.now += DAY
    assert [due.item.name for due in due_questions(study)] == ["why"]


def test_what_was_right_comes_back_later_than_what_was_wrong(
    study: Study, lesson: Lesson, item: Find, clock: Clock
) -> None:
    study.answer_quiz(lesson, item("why"), frozenset({0}))
    clock.now += DAY
    assert study.memory.due() == []
    clock.now += DAY
    assert study.memory.due() == ["one-neuron"]


def test_a_wrong_prediction_is_due_tomorrow(
    study: Study, lesson: Lesson, item: Find, runner: FakeRunner, clock: Clock
) -> None:
    study.lock_prediction(lesson, item("sum"), "tensor(5.)")
    record = runner.printed(study.run_request(lesson, item("sum"), "print(x.sum())", runner.executed), "tensor(6.)\n")
    for _ in range(2):  # coming back to the session takes the same record in again
        study.judge_prediction(lesson, item("sum"), record, "session")
    clock.now += DAY
    assert [due.item.name for due in due_questions(study)] == ["sum"]
    assert study.memory.outlook().due == 1


def test_an_exercise_is_graded_by_attempts_and_help(
    study: Study, lesson: Lesson, item: Find, runner: FakeRunner, store: Store
) -> None:
    study.next_hint(lesson, item("mse"))
    solve(study, runner, lesson, item("mse"), False)
    assert store.rows("SELECT * FROM reviews") == []
    solve(study, runner, lesson, item("mse"), True)
    solve(study, runner, lesson, item("mse"), True)
    assert store.rows("SELECT grade, words FROM reviews") == [(2, "solved at attempt 2, with 1 hint")]


def test_skipping_and_the_solution_are_due_soon_and_said_once(
    study: Study, lesson: Lesson, item: Find, runner: FakeRunner, store: Store, clock: Clock
) -> None:
    for _ in range(2):
        study.skip(lesson, item("mse"))
        study.show_solution(lesson, item("mse"))
    solve(study, runner, lesson, item("mse"), True)  # with the solution before one's eyes nothing is remembered
    assert [words for (words,) in store.rows("SELECT words FROM reviews ORDER BY words")] == [
        "skipped",
        "the solution was shown",
    ]
    clock.now += DAY
    assert [due.kind for due in due_questions(study)] == ["exercise"]


def test_an_item_with_a_concept_is_remembered_under_it(course: Course, store: Store, clock: Clock) -> None:
    entry = next(entry for entry in course.lessons() if entry.front.id == "one-neuron")
    text = entry.path.read_text().replace('quiz="why"', 'quiz="why" concept="loss.mse"')
    entry.path.write_text(text.replace("seed: 7", "seed: 7\nconcepts: [loss.mse]"))
    tagged = replace(course, modules=(Module("a", "A", (read_entry(entry.path),)),))
    study = Study(tagged, store, clock=clock)
    lesson = study.lesson("one-neuron")
    wrong_twice(study, lesson, next(found for _, found in lesson.items() if getattr(found, "name", "") == "why"))
    clock.now += DAY
    assert study.memory.due() == ["loss.mse"]
    assert [(due.concept, due.item.name) for due in due_questions(study)] == [("loss.mse", "why")]


def test_a_review_touches_neither_answers_nor_drafts_nor_solved_states(
    study: Study, lesson: Lesson, item: Find, runner: FakeRunner, clock: Clock
) -> None:
    study.next_hint(lesson, item("mse"))
    solve(study, runner, lesson, item("mse"), True)
    study.save_draft(lesson, item("mse"), "my draft")
    before = study.states(lesson)
    clock.now += 3 * DAY
    review = Review(study, due_questions(study))
    small = review.study.lesson("review-1")
    again = review.item(0)
    assert review.study.code_for(small, again) == item("mse").starter.source
    assert again.key != item("mse").key and review.study.state(small, again).status is Status.NEW
    record = runner.checked(review.study.check_request(small, again, "other", runner.executed), True)
    assert study.take(lesson, record, "session") is None  # the lesson's own window sees the same session
    verdict = review.study.take(small, record, "session")
    assert verdict is not None and verdict.passed and review.ratings[0].grade is Grade.GOOD
    review.study.save_draft(small, again, "typed in the review")
    assert study.states(lesson) == before and study.code_for(lesson, item("mse")) == "my draft"
    assert study.memory.due() == []


def test_what_a_review_runs_leaves_nothing_in_the_namespace(
    study: Study, lesson: Lesson, item: Find, runner: FakeRunner, clock: Clock
) -> None:
    study.skip(lesson, item("mse"))
    clock.now += DAY
    review = Review(study, due_questions(study))
    small, again = review.study.lesson("review-1"), review.item(0)
    request = review.study.continue_request(small, again, "code", runner.executed)
    assert request.isolated and not request.fresh
    assert not review.study.needs_fresh_kernel(small, {"another/cell": "1"})


def test_the_cells_above_a_question_run_and_those_of_other_pages_are_hidden(
    study: Study, lesson: Lesson, item: Find, runner: FakeRunner, clock: Clock
) -> None:
    wrong_twice(study, lesson, item("why"))
    study.lock_prediction(lesson, item("sum"), "1")
    study.judge_prediction(
        lesson,
        item("sum"),
        runner.printed(study.run_request(lesson, item("sum"), "print(x.sum())", runner.executed), "tensor(6.)"),
        "s",
    )
    clock.now += DAY
    due = due_questions(study)
    assert len(due) == 1, "one question for each idea"
    review = Review(study, due)
    small = review.study.lesson("review-1")
    (page,) = small.pages
    kinds = [type(shown).__name__ for shown in page.items]
    assert kinds.count("Quiz") + kinds.count("Predict") == 1 and "Exercise" not in kinds
    hidden = [block.key for block in page.blocks if getattr(block, "hidden", False)]
    assert item("mse").key in hidden, "an exercise above stands there solved"


def test_a_question_is_rated_by_its_first_outcome_and_the_time_it_took(
    study: Study, lesson: Lesson, item: Find, clock: Clock
) -> None:
    wrong_twice(study, lesson, item("why"))
    clock.now += DAY
    told = []
    review = Review(study, due_questions(study))
    review.told = lambda number, rating: told.append((number, rating.sentence))
    small, again = review.study.lesson("review-1"), review.item(0)
    review.begin(0)
    clock.now += 5
    review.begin(0)
    review.study.answer_quiz(small, again, frozenset({0}))
    assert review.ratings[0].grade is Grade.EASY
    assert told == [(0, "Right at once. one-neuron comes back in 3 days.")]
    assert review.words == "Reviewed 1, remembered 1. Nothing of it is left for today."
    assert Review(study, due_questions(study)).words.startswith("Nothing was reviewed")


def test_a_reset_forgets_the_reviews_too(study: Study, lesson: Lesson, item: Find, clock: Clock) -> None:
    wrong_twice(study, lesson, item("why"))
    study.reset("one-neuron")
    clock.now += DAY
    assert study.memory.due() == [] and not study.memory.outlook().begun


def test_two_windows_add_up_to_one_card(course: Course, store: Store, clock: Clock) -> None:
    one, two = Study(course, store, clock=clock), Study(course, store, clock=clock)
    lesson = one.lesson("one-neuron")
    quiz = next(found for _, found in lesson.items() if getattr(found, "name", "") == "why")
    wrong_twice(one, lesson, quiz)
    two.answer_quiz(two.lesson("one-neuron"), quiz, frozenset({0}))  # settled there already: nothing new is learnt
    assert store.rows("SELECT reviews FROM cards") == [(1,)]


def test_an_exercise_comes_back_with_the_same_numbers_in_one_review_and_with_other_ones_in_the_next(
    course: Course, store: Store, clock: Clock, runner: FakeRunner
) -> None:
    entry = next(entry for entry in course.lessons() if entry.front.id == "one-neuron")
    text = entry.path.read_text().replace("def mse(a, b):", "n = 2\n\n\ndef mse(a, b):")
    generator = '<details class="generator">\n\n```python .noeval\nn = 2  # @param [2, 3, 4]\n```\n\n</details>\n\n'
    entry.path.write_text(text.replace("## Questions", generator + "## Questions"))
    study = Study(course, store, clock=clock)
    lesson = study.lesson("one-neuron")
    solve(
        study, runner, lesson, next(found for _, found in lesson.items() if getattr(found, "name", "") == "mse"), True
    )
    asked = []
    for _ in range(4):
        clock.now += 40_000 * DAY  # longer than any card waits
        review = Review(study, [due for due in due_questions(study) if due.kind == "exercise"])
        small, again = review.study.lesson("review-1"), review.item(0)
        numbers = {
            text.splitlines()[0]
            for text in (
                review.study.code_for(small, again),
                again.solution.code.source,
                again.mistakes[0].code.source,
                again.alternatives[0].code.source,
                review.study.code_for(small, review.item(0)),
            )
        }
        asked.append(numbers)
        solve(review.study, runner, small, again, False)
        assert review.study.code_for(small, again).splitlines()[0] in numbers
        solve(review.study, runner, small, again, True)
        assert review.ratings
    assert sorted(map(sorted, asked[:2])) == [["n = 3"], ["n = 4"]] and asked[2:] == asked[:2]


def test_a_question_with_a_generator_comes_back_with_numbers_of_the_seed_and_is_judged_by_its_run(
    course: Course, store: Store, clock: Clock, runner: FakeRunner
) -> None:
    entry = next(entry for entry in course.lessons() if entry.front.id == "one-neuron")
    text = entry.path.read_text().replace("print(x.sum())", "n = 2\nprint(n * x.sum())")
    generator = '\n<details class="generator">\n\n```python .noeval\nn = 2  # @param [2, 3]\n```\n\n</details>\n'
    entry.path.write_text(text.replace("Six ones.\n\n</details>\n", "Six ones.\n\n</details>\n" + generator))
    study = Study(course, store, clock=clock)
    lesson = study.lesson("one-neuron")
    asked = next(found for _, found in lesson.items() if getattr(found, "name", "") == "sum")
    study.lock_prediction(lesson, asked, "1")
    study.judge_prediction(lesson, asked, runner.printed(study.run_request(lesson, asked, "", runner.executed)), "s")
    clock.now += DAY
    review = Review(study, due_questions(study), seed=1)
    small, again = review.study.lesson("review-1"), review.item(0)
    assert review.study.code_for(small, again).startswith("n = 3\n")
    review.study.lock_prediction(small, again, "18")
    request = review.study.run_request(small, again, again.code.source, runner.executed)
    result = review.study.judge_prediction(small, again, runner.printed(request, "tensor(18.)\n"), "s")
    assert result is not None and result.right and review.ratings[0].grade is Grade.GOOD
