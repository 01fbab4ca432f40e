"""The rungs between hints and solution, as the study keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tutor.course.model import Course, Lesson
from tutor.learning.blanks import Blanks
from tutor.learning.grading import Grade
from tutor.learning.ladder import Scaffold
from tutor.learning.state import Status
from tutor.store.database import Store
from tutor.study import Study

Find = Callable[[str], Any]


def test_after_the_hints_come_the_scaffolds_that_the_solution_gives(study: Study, lesson: Lesson, item: Find) -> None:
    mse = item("mse")
    assert study.ladder.next(lesson, mse).label == "hint 1 of 2"
    study.next_hint(lesson, mse)
    study.next_hint(lesson, mse)
    rung = study.ladder.next(lesson, mse)
    assert rung.scaffold is Scaffold.NAMES  # two lines are no puzzle
    assert isinstance(study.ladder.use(lesson, mse, Scaffold.NAMES), Blanks)
    assert study.ladder.next(lesson, mse).kind == "solution"
    study.show_solution(lesson, mse)
    assert study.ladder.next(lesson, mse).kind == "none"


def test_what_was_used_is_kept(study: Study, course: Course, store: Store, lesson: Lesson, item: Find) -> None:
    mse = item("mse")
    assert study.ladder.current(lesson, mse) is None
    study.ladder.use(lesson, mse, Scaffold.NAMES)
    again = Study(course, store)
    assert again.ladder.current(lesson, mse) is Scaffold.NAMES
    state = again.state(lesson, mse)
    assert (state.rung, state.status, state.attempts) == ("names", Status.TRIED, 0)


def test_an_exercise_without_that_scaffold_keeps_nothing(study: Study, lesson: Lesson, item: Find) -> None:
    mse = item("mse")
    assert study.ladder.use(lesson, mse, Scaffold.LINES) is None
    assert study.state(lesson, mse).rung == ""


def test_the_exercise_at_hand_and_open_ones_say_nothing_about_the_past(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    progress = study._progress
    mse = item("mse")
    study.skip(lesson, mse)
    assert progress.settled(mse.key, 5) == []
    assert [row.key for row in progress.settled("other", 5)] == [mse.key]
    study.answer_quiz(lesson, item("why"), frozenset({0}))
    assert len(progress.settled("other", 5)) == 1
    record = runner.checked(study.check_request(lesson, mse, "def mse(a, b): ...", {}), True)
    study.take(lesson, record, "s")
    assert [(row.status, row.attempts) for row in progress.settled("other", 5)] == [("passed", 1)]


def test_solved_from_the_solution_s_own_lines_is_not_remembered_as_known(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    mse = item("mse")
    study.ladder.use(lesson, mse, Scaffold.NAMES)
    record = runner.checked(study.check_request(lesson, mse, "def mse(a, b): ...", {}), True)
    study.take(lesson, record, "s")
    (kept,) = study.memory.last_of(lesson.id).values()
    assert kept[1] == Grade.AGAIN


def test_what_stands_in_the_gaps_is_a_draft_until_the_exercise_is_solved(
    study: Study, course: Course, store: Store, lesson: Lesson, item: Find, runner: Any
) -> None:
    mse = item("mse")
    task = study.ladder.use(lesson, mse, Scaffold.NAMES)
    assert isinstance(task, Blanks)
    study.ladder.keep_answers(lesson, mse, Scaffold.NAMES, task, {0: "a - \udcffb", 7: "no such gap"})
    again = Study(course, store)
    assert again.ladder.answers(lesson, mse, Scaffold.NAMES, task) == {0: "a - ?b"}
    assert again.ladder.answers(lesson, mse, Scaffold.EXPRESSIONS, task) == {}
    assert again.code_for(lesson, mse) == mse.starter.source
    failed = runner.checked(again.check_request(lesson, mse, "def mse(a, b): ...", {}), False)
    again.take(lesson, failed, "s")
    assert again.ladder.answers(lesson, mse, Scaffold.NAMES, task)
    passed = runner.checked(again.check_request(lesson, mse, "def mse(a, b): ...", {}), True)
    again.take(lesson, passed, "s")
    assert again.ladder.answers(lesson, mse, Scaffold.NAMES, task) == {}


def test_a_reset_gives_up_what_was_begun_and_an_old_pass_takes_nothing_from_a_new_beginning(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    mse = item("mse")
    task = study.ladder.use(lesson, mse, Scaffold.NAMES)
    assert isinstance(task, Blanks)
    passed = runner.checked(study.check_request(lesson, mse, "def mse(a, b): ...", {}), True)
    study.take(lesson, passed, "s")
    study.ladder.keep_answers(lesson, mse, Scaffold.NAMES, task, {0: "x"})
    study.reset(lesson.id)
    assert study.ladder.answers(lesson, mse, Scaffold.NAMES, task) == {}
    study.ladder.keep_answers(lesson, mse, Scaffold.NAMES, task, {0: "y"})
    study.take(lesson, passed, "s")  # as on coming back to the session
    assert study.ladder.answers(lesson, mse, Scaffold.NAMES, task) == {0: "y"}
