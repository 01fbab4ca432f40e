"""Verdicts, help and answers, and that each is kept once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor.course.blocks import plain
from tutor.course.model import Course, Lesson
from tutor.errors import TutorError
from tutor.learning.state import ItemState, Status
from tutor.runner.protocol.parts import Failure, Frame
from tutor.runner.protocol.run_events import CheckVerdict
from tutor.store.database import Store
from tutor.study import Study

Find = Callable[[str], Any]
GOOD = "def mse(a, b):\n    return (a - b) * (a - b)"
MISTAKE = "def mse(pred, target):\n    # the difference\n    return pred - target"


def test_a_pass_is_kept_with_its_code(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    mse = item("mse")
    result = study.take(lesson, runner.checked(study.check_request(lesson, mse, GOOD, {}), True), "s")
    assert result is not None and result.passed and result.mistake is None
    assert study.state(lesson, mse) == ItemState(mse.key, Status.PASSED, 1, answer=GOOD)
    assert study.code_for(lesson, mse) == GOOD


def test_a_listed_mistake_gets_its_own_feedback(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    mse = item("mse")
    result = study.take(lesson, runner.checked(study.check_request(lesson, mse, MISTAKE, {}), False), "s")
    assert result is not None and not result.passed and result.mistake is not None
    assert result.mistake.summary == "No square" and plain(result.mistake.blocks[0].spans) == "The sign stays."
    assert study.state(lesson, mse).status is Status.TRIED


def test_taking_the_same_check_again_changes_nothing(
    study: Study, lesson: Lesson, item: Find, runner: Any, course: Course, store: Store
) -> None:
    record = runner.checked(study.check_request(lesson, item("mse"), MISTAKE, {}), False)
    first = study.take(lesson, record, "s")
    again = Study(course, store).take(lesson, record, "s")
    assert first == again and study.state(lesson, item("mse")).attempts == 1


def test_an_unfinished_check_is_not_judged(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    record = runner.checked(study.check_request(lesson, item("mse"), GOOD, {}), True)
    record.outcome = ""
    assert study.take(lesson, record, "s") is None
    assert study.state(lesson, item("mse")).status is Status.NEW


@pytest.mark.parametrize("outcome", ["exit", "died", "timeout", "memory", "error", "interrupted", "stopped"])
def test_no_check_passes_that_did_not_run_to_its_end(
    study: Study, lesson: Lesson, item: Find, runner: Any, outcome: str
) -> None:
    record = runner.checked(study.check_request(lesson, item("mse"), GOOD, {}), True, outcome=outcome)
    result = study.take(lesson, record, "s")
    assert result is not None and not result.passed
    assert study.state(lesson, item("mse")).status is not Status.PASSED
    assert study.state(lesson, item("mse")).attempts == (outcome not in ("interrupted", "stopped"))


def test_a_check_without_verdicts_does_not_pass(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    result = study.take(lesson, runner.checked(study.check_request(lesson, item("mse"), GOOD, {})), "s")
    assert result is not None and not result.passed


def test_a_name_that_is_missing_is_the_headline_also_where_a_check_caught_the_error(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    request = study.check_request(lesson, item("mse"), "pass", {})
    caught = CheckVerdict(run=request.run, ok=False, message="It stops with NameError: name 'mse' is not defined.")
    result = study.take(lesson, runner.do(request, caught), "s")
    assert result is not None and result.headline == "Your code makes no 'mse', which the check needs."


def test_an_exception_is_told_with_its_line(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    failure = Failure(
        "NameError",
        "name 'q' is not defined\nmore",
        (Frame(str(lesson.path), 31, "mse"), Frame("lib.py", 4, "f", learner=False)),
        "Traceback …",
    )
    request = study.check_request(lesson, item("mse"), "q", {})
    result = study.take(lesson, runner.checked(request, outcome="error", stage="code", failure=failure), "s")
    assert result is not None
    assert result.headline == "Your code stopped with NameError: name 'q' is not defined in line 31, before any check."
    assert result.traceback == "Traceback …"


def test_runs_of_snippets_are_kept(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    x = item("x = ")
    study.take(lesson, runner.do(study.run_request(lesson, x, "x = 1 /", {}), outcome="error"), "s")
    assert study.state(lesson, x).status is Status.TRIED
    study.take(lesson, runner.do(study.run_request(lesson, x, "x = 1", {})), "s")
    assert study.state(lesson, x) == ItemState(x.key, Status.PASSED, 2, answer="x = 1")
    assert study.state(lesson, item("import")).status is Status.NEW, "what ran above was not the learner's doing"


def test_a_cell_that_should_raise_is_done_when_it_does(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    cell = item("x.reshape")
    study.take(lesson, runner.do(study.run_request(lesson, cell, cell.code.source, {})), "s")
    assert study.state(lesson, cell).status is Status.TRIED
    study.take(lesson, runner.do(study.run_request(lesson, cell, cell.code.source, {}), outcome="error"), "s")
    assert study.state(lesson, cell).status is Status.PASSED


def test_running_a_selection_or_an_exercise_is_no_attempt(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    study.take(lesson, runner.do(study.run_selection_request(lesson, item("x = "), "1", {})), "s")
    study.take(lesson, runner.do(study.run_request(lesson, item("mse"), GOOD, {})), "s")
    assert all(state.status is Status.NEW for state in study.states(lesson).values())


def test_records_of_something_else_are_left_alone(study: Study, lesson: Lesson, runner: Any) -> None:
    prose = study.lesson("why-pytorch")
    hello = next(one for _, one in prose.items())
    assert study.take(lesson, runner.do(study.run_request(prose, hello, "", {})), "s") is None
    assert study.progress()["why-pytorch"].done == 0


def test_hints_come_one_at_a_time(study: Study, lesson: Lesson, item: Find) -> None:
    mse = item("mse")
    assert study.hints_shown(lesson, mse) == () and not study.solution_offered(lesson, mse)
    first = study.next_hint(lesson, mse)
    assert first is not None and (first.number, first.total) == (1, 2) and first.hint is mse.hints[0]
    _, number, total = study.next_hint(lesson, mse) or pytest.fail("no second hint")
    assert (number, total) == (2, 2)
    assert study.next_hint(lesson, mse) is None
    assert study.hints_shown(lesson, mse) == mse.hints and study.solution_offered(lesson, mse)
    assert study.state(lesson, mse).hints == 2


def test_the_solution_is_kept_as_seen_only_before_a_pass(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    mse = item("mse")
    assert study.alternatives(lesson, mse) == ()
    study.take(lesson, runner.checked(study.check_request(lesson, mse, GOOD, {}), True), "s")
    assert study.show_solution(lesson, mse) is mse.solution
    assert not study.state(lesson, mse).solution and study.alternatives(lesson, mse) == mse.alternatives
    study.reset(lesson.id)
    study.show_solution(lesson, mse)
    assert study.state(lesson, mse).solution and study.state(lesson, mse).status is Status.TRIED
    assert study.alternatives(lesson, mse) == ()


def test_skipping_is_honest(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    mse = item("mse")
    study.skip(lesson, mse)
    assert study.state(lesson, mse).status is Status.SKIPPED and study.alternatives(lesson, mse) == ()
    study.take(lesson, runner.checked(study.check_request(lesson, mse, GOOD, {}), True), "s")
    study.skip(lesson, mse)
    assert study.state(lesson, mse).status is Status.PASSED


def test_a_quiz(study: Study, lesson: Lesson, item: Find, course: Course, store: Store) -> None:
    why = item("why")
    assert study.quiz_result(lesson, why) is None
    with pytest.raises(TutorError):
        study.answer_quiz(lesson, why, frozenset())
    wrong = study.answer_quiz(lesson, why, frozenset({2}))
    assert not wrong.passed and wrong.explain == {2}
    right = study.answer_quiz(lesson, why, frozenset({0}))
    assert right.passed and right.attempt == 2
    study.answer_quiz(lesson, why, frozenset({1}))
    standing = Study(course, store).quiz_result(lesson, why)
    assert standing is not None and standing.passed and standing.chosen == {0}


def test_a_changed_quiz_is_open_again(study: Study, lesson: Lesson, item: Find) -> None:
    study.answer_quiz(lesson, item("why"), frozenset({0}))
    lesson.path.write_text(lesson.path.read_text().replace("2. No reason", "2. Another reason"))
    changed = study.lesson(lesson.id)
    quiz = changed.item(item("why").key)
    assert study.quiz_result(changed, quiz) is None  # type: ignore[arg-type]


def test_a_prediction(study: Study, lesson: Lesson, item: Find, runner: Any, course: Course, store: Store) -> None:
    predict = item("sum")
    record = runner.printed(study.run_request(lesson, predict, predict.code.source, {}), "tensor(6.)\n")
    assert study.judge_prediction(lesson, predict, record, "s") is None, "nothing was predicted"
    with pytest.raises(TutorError):
        study.lock_prediction(lesson, predict, "  ")
    study.lock_prediction(lesson, predict, "5")
    assert study.state(lesson, predict).status is Status.TRIED and study.prediction_result(lesson, predict) is None
    result = study.judge_prediction(lesson, predict, record, "s")
    assert result is not None and not result.right and "tensor(6.)" in result.headline
    assert study.judge_prediction(lesson, predict, record, "s") == result
    assert study.state(lesson, predict) == ItemState(predict.key, Status.PASSED, 1, answer="5")
    assert Study(course, store).prediction_result(lesson, predict) == result


def test_a_predicted_shape(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    predict = item("form")
    study.lock_prediction(lesson, predict, "2x3")
    failed = runner.printed(study.run_request(lesson, predict, predict.code.source, {}), outcome="interrupted")
    assert study.judge_prediction(lesson, predict, failed, "s") is None
    record = runner.printed(study.run_request(lesson, predict, predict.code.source, {}), "noise\n", "(2, 3)")
    result = study.judge_prediction(lesson, predict, record, "s")
    assert result is not None and result.right and result.actual == "(2, 3)"


def test_a_full_disk_in_the_middle_of_a_lesson(
    course: Course, tmp_path: Path, lesson: Lesson, item: Find, runner: Any
) -> None:
    store = Store.open(tmp_path / "data")
    study = Study(course, store)
    study.next_hint(lesson, item("mse"))
    store.rows("PRAGMA max_page_count = 1")
    study.save_draft(lesson, item("mse"), "x" * 100_000)
    result = study.take(lesson, runner.checked(study.check_request(lesson, item("mse"), GOOD, {}), True), "s")
    assert result is not None and result.passed
    assert "full" in study.warning and study.state(lesson, item("mse")).hints == 1
    assert study.state(lesson, item("mse")).status is Status.PASSED
