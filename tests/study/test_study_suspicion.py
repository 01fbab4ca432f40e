"""Finding the typical mistake that a failed check resembles by what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tutor.course.items import Exercise
from tutor.course.model import Course, Lesson
from tutor.runner.protocol.requests import Check
from tutor.runner.protocol.run_events import CheckVerdict
from tutor.runner.transcript import RunRecord
from tutor.store.database import Store
from tutor.study import CheckResult, Study
from tutor.study.suspicion import BUDGET
from tutor.study.tags import MARK

Find = Callable[[str], Any]
MINE = "def mse(a, b):\n    c = b\n    return a - c\n"


def failing(runner: Any, request: Check, got: str, outcome: str = "ok") -> RunRecord:
    verdict = CheckVerdict(run=request.run, index=0, ok=False, message="m", expected="4", got=got)
    return runner.do(request, verdict, outcome=outcome)


def failed(study: Study, runner: Any, lesson: Lesson, mse: Exercise, got: str) -> tuple[RunRecord, CheckResult]:
    record = failing(runner, study.check_request(lesson, mse, MINE, {}), got)
    result = study.take(lesson, record, "s")
    assert result is not None and result.mistake is None
    return record, result


def test_a_mistake_that_does_the_same_is_found_and_known_from_then_on(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    mse, suspicion = item("mse"), study.suspicion
    record, result = failed(study, runner, lesson, mse, "-2")
    probes = suspicion.requests(lesson, mse, record, result, {})
    assert [probe.code.source for probe in probes] == [mse.mistakes[0].code.source, mse.starter.source]
    assert all(probe.tag == mse.key + MARK and lesson.item(probe.tag) is None for probe in probes)
    assert suspicion.found(record.run) is None  # it still runs
    assert suspicion.learn(failing(runner, probes[0], "-2")) == ""
    assert suspicion.learn(failing(runner, probes[1], "None")) == record.run
    found = suspicion.found(record.run)
    assert found is not None and found.mistake is mse.mistakes[0] and found.alike
    assert suspicion.found(record.run) is None
    again, result = failed(study, runner, lesson, mse, "-2")
    assert suspicion.requests(lesson, mse, again, result, {}) == ()
    assert suspicion.found(again.run) == found
    assert study.state(lesson, mse).attempts == 2


def test_another_value_or_a_mistake_that_did_not_end_is_no_match(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    mse, suspicion = item("mse"), study.suspicion
    record, result = failed(study, runner, lesson, mse, "-2")
    mistake, starter = suspicion.requests(lesson, mse, record, result, {})
    suspicion.learn(failing(runner, starter, "None"))
    assert suspicion.learn(failing(runner, mistake, "-2", outcome="timeout")) == record.run
    assert suspicion.found(record.run) is None


def test_nothing_runs_for_a_pass_or_for_a_mistake_that_is_recognised_as_written(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    mse = item("mse")
    for source, ok in ((MINE, True), (mse.mistakes[0].code.source, False)):
        record = runner.checked(study.check_request(lesson, mse, source, {}), ok)
        result = study.take(lesson, record, "s")
        assert study.suspicion.requests(lesson, mse, record, result, {}) == ()
        assert study.suspicion.found(record.run) is None


def test_where_the_cells_above_take_long_nothing_is_compared(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    mse = item("mse")
    record, result = failed(study, runner, lesson, mse, "-2")
    record.seconds = BUDGET
    assert study.suspicion.requests(lesson, mse, record, result, {}) == ()
    assert study.suspicion.found(record.run) is None


def test_after_coming_back_what_was_compared_tells_it_again(
    study: Study, course: Course, store: Store, lesson: Lesson, item: Find, runner: Any
) -> None:
    mse = item("mse")
    record, result = failed(study, runner, lesson, mse, "-2")
    probes = study.suspicion.requests(lesson, mse, record, result, {})
    others = [failing(runner, probe, got) for probe, got in zip(probes, ("-2", "None"), strict=True)]
    later = Study(course, store)
    again = later.take(lesson, record, "s")
    assert again is not None and again.mistake is None
    assert later.suspicion.recalled(mse, record, again, others[:1]) is None  # not all is known
    unfinished = replace(others[1], outcome="")
    assert later.suspicion.recalled(mse, record, again, [others[0], unfinished]) is None
    foreign = replace(others[1], tag="other" + MARK)
    assert later.suspicion.recalled(mse, record, again, [others[0], foreign]) is None
    found = later.suspicion.recalled(mse, record, again, others)
    assert found is not None and found.mistake is mse.mistakes[0] and found.alike
    passed = runner.checked(study.check_request(lesson, mse, MINE, {}), True)
    done = later.take(lesson, passed, "s")
    assert done is not None and later.suspicion.recalled(mse, passed, done, others) is None


def test_cells_above_that_stand_ready_do_not_count(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    mse = item("mse")
    record, result = failed(study, runner, lesson, mse, "-2")
    record.seconds, record.ready_seconds = 2 * BUDGET, 2 * BUDGET - 0.1
    assert len(study.suspicion.requests(lesson, mse, record, result, {})) == 2
