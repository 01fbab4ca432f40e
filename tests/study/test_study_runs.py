"""The learner's runs: kept once each, with the values they ran with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from study_runner import FakeRunner

from tutor.course.model import Lesson
from tutor.metrics.board import Board
from tutor.runner.transcript import RunRecord
from tutor.study import Study

CODE = "lr = 0.3\nname = 'a\\nb'\nepochs: int = 3\nx = torch.ones(2)\n"


def board(*names: str) -> Board:
    made = Board()
    for name in names:
        made.add(name, "train" if name == "loss" else "logged", "", [1, 2, 3], [3.0, 1.0, 2.0])
    return made


def ran(
    study: Study, runner: FakeRunner, lesson: Lesson, item: Callable[[str], Any], *, points: bool = True
) -> RunRecord:
    request = study.run_request(lesson, item("x = "), CODE, runner.executed)
    return runner.do(request, seconds=1.5)


def test_a_run_with_a_curve_is_kept_once(
    study: Study, runner: FakeRunner, lesson: Lesson, item: Callable[[str], Any]
) -> None:
    record = ran(study, runner, lesson, item)
    assert study.runs.take(lesson, record, board("acc", "loss"))
    assert not study.runs.take(lesson, record, board("loss"))
    assert [(one.name, one.final, one.best) for one in study.runs.of()[0].series] == [
        ("loss", 2.0, 1.0),
        ("acc", 2.0, 3.0),
    ]
    assert [list(one.points()) for one in study.runs.series(record.run)] == [[(1, 3.0), (2, 1.0), (3, 2.0)]] * 2
    (kept,) = study.runs.of(lesson.id, item("x = ").key)
    assert (kept.code, kept.outcome, kept.seconds, kept.number) == (CODE, "ok", 1.5, 1)
    assert kept.knobs == (("lr", "0.3"), ("name", "'a\\nb'"))
    study.runs.rename(kept.run, "  a\n name ")
    assert study.runs.of(lesson.id)[0].name == "a name"


def test_what_has_no_curve_or_has_not_ended_is_not_kept(
    study: Study, runner: FakeRunner, lesson: Lesson, item: Callable[[str], Any]
) -> None:
    assert not study.runs.take(lesson, ran(study, runner, lesson, item), board())
    record = ran(study, runner, lesson, item)
    record.outcome = ""
    assert not study.runs.take(lesson, record, board("loss"))
    assert not study.runs.of()
    record.outcome = "interrupted"
    assert study.runs.take(lesson, record, board("loss"))


def test_a_second_study_knows_what_the_first_has_kept(
    study: Study, runner: FakeRunner, lesson: Lesson, item: Callable[[str], Any], course: Any, store: Any
) -> None:
    record = ran(study, runner, lesson, item)
    study.runs.take(lesson, record, board("loss"))
    assert not Study(course, store).runs.take(lesson, record, board("loss"))
    assert len(study.runs.of()) == 1


def test_epochs_are_kept_and_of_many_every_tenth(
    study: Study, runner: FakeRunner, lesson: Lesson, item: Callable[[str], Any]
) -> None:
    for many in (3, 1000):
        made = board("loss")
        made.add("epoch", "epoch", "", [10.0 * at for at in range(1, many)], [at + 1.0 for at in range(1, many)])
        assert study.runs.take(lesson, ran(study, runner, lesson, item), made)
    long, short = study.runs.of()
    assert short.epochs == ((10.0, 2), (20.0, 3))
    assert long.epochs[:2] == ((90.0, 10), (190.0, 20)) and len(long.epochs) == 100
