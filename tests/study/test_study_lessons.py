"""Finding lessons, places, progress, drafts."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tutor.course.model import Course, Lesson
from tutor.errors import TutorError
from tutor.learning.state import Status
from tutor.store.database import Store
from tutor.study import LessonProgress, Place, Study

Find = Callable[[str], Any]
GOOD = "def mse(a, b):\n    return (a - b) * (a - b)"


@pytest.mark.parametrize(
    "name",
    [
        "one-neuron",
        "ONE-NEURON",
        "03",
        "3",
        "03-one-neuron",
        "03-one-neuron.md",
        "lessons/03-one-neuron.md",
        "one",
        "03-o",
        " one ",
    ],
)
def test_a_lesson_has_many_names(study: Study, name: str) -> None:
    assert study.lesson(name).id == "one-neuron"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("one-nueron", "Did you mean 'one-neuron'?"),
        ("99", "pytutor list"),
        ("", "pytutor list"),
        ("0", "02-why-pytorch"),
    ],
)
def test_an_unknown_lesson_is_a_sentence(study: Study, name: str, says: str) -> None:
    if name == "0":
        says = "why-pytorch, one-neuron"
    with pytest.raises(TutorError, match=says.replace("?", r"\?")):
        study.lesson(name)


def test_a_lesson_is_read_once_and_again_when_its_file_changes(course: Course, store: Store) -> None:
    from tutor.course.parser import parse_lesson

    read: list[Path] = []

    def parse(path: Path) -> Lesson:
        read.append(path)
        return parse_lesson(path)

    study = Study(course, store, parse=parse)
    assert study.lesson("3") is study.lesson("one-neuron")
    assert len(read) == 1
    path = read[0]
    path.write_text(path.read_text().replace("One neuron", "Two neurons"))
    assert study.lesson("3").title == "Two neurons"


def test_lessons_are_called_by_the_numbers_that_are_listed(course: Course, store: Store) -> None:
    numbers = {number: entry.front.id for number, entry in course.numbered()}
    assert numbers == {2: "why-pytorch", 3: "one-neuron"}
    study = Study(course, store)
    assert all(study.lesson(str(number)).id == name for number, name in numbers.items())


def test_lessons_without_numbers_of_their_own_are_counted(course: Course) -> None:
    module = course.modules[0]
    renamed = [replace(entry, path=entry.path.with_name(f"1-{entry.front.id}.md")) for entry in module.lessons]
    twice = replace(course, modules=(replace(module, lessons=tuple(renamed)),))
    assert [number for number, _ in twice.numbered()] == list(range(len(renamed)))


def test_next_lesson(study: Study) -> None:
    after = study.next_lesson("2")
    assert after is not None and after.front.id == "one-neuron"
    assert study.next_lesson("one-neuron") is None


def test_places(study: Study, course: Course, store: Store) -> None:
    assert study.place() is None
    study.remember_place("one-neuron", 2, "one-neuron/mse")
    study.remember_place("why-pytorch", 1)
    assert Study(course, store).place() == Place("why-pytorch", 1)
    assert study.place("one-neuron") == Place("one-neuron", 2, "one-neuron/mse")
    study.remember_place("gone-lesson", 1)
    assert study.place() is None


def test_progress_counts_what_can_be_answered(study: Study, lesson: Lesson, item: Find) -> None:
    assert study.progress() == {"why-pytorch": LessonProgress(0, 1, False), "one-neuron": LessonProgress(0, 4, False)}
    study.skip(lesson, item("mse"))
    study.answer_quiz(lesson, item("why"), frozenset({0}))
    progress = study.progress()["one-neuron"]
    assert progress == LessonProgress(2, 4, True, skipped=1) and progress.percent == 50


def test_progress_is_told_without_reading_lessons(course: Course, store: Store) -> None:
    def never(path: Path) -> Lesson:
        raise AssertionError(f"{path} was read")

    assert Study(course, store, parse=never).progress(read=False)["one-neuron"] == LessonProgress(
        0, 0, False, known=False
    )
    first = Study(course, store).progress()
    assert Study(course, store, parse=never).progress() == first
    entry = next(course.lessons())
    os.utime(entry.path, (1, 1))
    assert Study(course, store, parse=never).progress(read=False) == first
    with pytest.raises(AssertionError):
        Study(course, store, parse=never).progress()


def test_drafts_come_back(study: Study, lesson: Lesson, item: Find, course: Course, store: Store) -> None:
    mse = item("mse")
    assert study.code_for(lesson, mse) == mse.starter.source
    study.save_draft(lesson, mse, "def mse(")
    assert Study(course, store).code_for(lesson, mse) == "def mse("
    study.forget_draft(lesson, mse)
    assert study.code_for(lesson, mse) == mse.starter.source


def test_a_draft_that_changes_nothing_is_none(study: Study, lesson: Lesson, item: Find, store: Store) -> None:
    study.save_draft(lesson, item("x = "), "x = 5")
    study.save_draft(lesson, item("x = "), item("x = ").code.source)
    assert store.rows("SELECT * FROM drafts") == []


def test_every_kind_of_item_has_its_code(study: Study, lesson: Lesson, item: Find) -> None:
    assert study.code_for(lesson, item("sum")) == "print(x.sum())"
    assert study.code_for(lesson, item("y = ")) == "y = mse(x, 0)"
    assert study.code_for(lesson, item("why")) == ""


def test_a_changed_exercise_keeps_the_learners_code(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    mse = item("mse")
    study.take(lesson, runner.checked(study.check_request(lesson, mse, GOOD, {}), True), "s")
    assert study.state(lesson, mse).status is Status.PASSED
    lesson.path.write_text(lesson.path.read_text().replace("mse(1, 3) == 4", "mse(1, 4) == 9"))
    changed = study.lesson(lesson.id)
    new = changed.item(mse.key)
    assert new is not None
    assert study.state(changed, new).status is Status.CHANGED
    assert study.code_for(changed, new) == GOOD
    assert study.progress()[lesson.id].done == 1


def test_reset(study: Study, lesson: Lesson, item: Find) -> None:
    study.skip(lesson, item("mse"))
    study.save_draft(lesson, item("mse"), "x")
    study.reset("why")
    assert study.state(lesson, item("mse")).status is Status.SKIPPED
    study.reset("03")
    assert study.state(lesson, item("mse")).status is Status.NEW
    assert study.code_for(lesson, item("mse")) == item("mse").starter.source
    study.skip(lesson, item("mse"))
    study.reset()
    assert study.progress()["one-neuron"].done == 0
    with pytest.raises(TutorError):
        study.reset("nothing")


def test_the_stores_warning_is_passed_on(course: Course, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    study = Study(course, Store.open(tmp_path / "file"))
    assert "not saved" in study.warning
    study.remember_place("one-neuron", 2)
    assert study.place() == Place("one-neuron", 2)
