"""The learner's runs: kept once each, with the values they ran with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from study_runner import FakeRunner

from tutor.course.model import Lesson
from tutor.runner.protocol import Points
from tutor.runner.transcript import RunRecord
from tutor.store.runs import SeriesRow
from tutor.study import Study

LOSS = SeriesRow("loss", "train", "", 3, 3.0, 0.5, 0.5, b"x")
CODE = "lr = 0.3\nname = 'a\\nb'\nepochs: int = 3\nx = torch.ones(2)\n"


def ran(
    study: Study, runner: FakeRunner, lesson: Lesson, item: Callable[[str], Any], *, points: bool = True
) -> RunRecord:
    request = study.run_request(lesson, item("x = "), CODE, runner.executed)
    return runner.do(request, *([Points(run=request.run)] if points else []), seconds=1.5)


def test_a_run_with_a_curve_is_kept_once(
    study: Study, runner: FakeRunner, lesson: Lesson, item: Callable[[str], Any]
) -> None:
    record = ran(study, runner, lesson, item)
    assert study.runs.wants(record) and study.runs.take(lesson, record, [LOSS])
    assert not study.runs.wants(record) and not study.runs.take(lesson, record, [LOSS])
    (kept,) = study.runs.of(lesson.id, item("x = ").key)
    assert (kept.code, kept.outcome, kept.seconds, kept.number) == (CODE, "ok", 1.5, 1)
    assert kept.knobs == (("lr", "0.3"), ("name", "'a\\nb'"))
    study.runs.rename(kept.run, "  a\n name ")
    assert study.runs.of(lesson.id)[0].name == "a name"


def test_what_has_no_curve_or_has_not_ended_is_not_kept(
    study: Study, runner: FakeRunner, lesson: Lesson, item: Callable[[str], Any]
) -> None:
    record = ran(study, runner, lesson, item, points=False)
    assert not study.runs.take(lesson, record, [LOSS])
    record = ran(study, runner, lesson, item)
    record.outcome = ""
    assert not study.runs.take(lesson, record, [LOSS])
    assert not study.runs.of()


def test_a_second_study_knows_what_the_first_has_kept(
    study: Study, runner: FakeRunner, lesson: Lesson, item: Callable[[str], Any], course: Any, store: Any
) -> None:
    record = ran(study, runner, lesson, item)
    study.runs.take(lesson, record, [LOSS])
    assert not Study(course, store).runs.wants(record)
