"""How far one is: percent, time, what changed, and the certificate at the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from study_runner import FakeRunner

from tutor.course.model import Course, Lesson
from tutor.errors import TutorError
from tutor.learning.certificate import digest, svg, text
from tutor.learning.state import Status
from tutor.store.database import Store
from tutor.study import Study
from tutor.study.luggage import pack, unpack

Find = Callable[[str], Any]
NOON = 1_780_056_000.0


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


def solve_everything(study: Study, runner: FakeRunner) -> None:
    lesson = study.lesson("one-neuron")
    items = {getattr(item, "name", ""): item for _, item in lesson.items()}
    check = study.check_request(lesson, items["mse"], "code", runner.executed)
    study.take(lesson, runner.checked(check, True), "s")
    study.answer_quiz(lesson, items["why"], frozenset({0}))
    for name in ("sum", "form"):
        study.lock_prediction(lesson, items[name], "6")
        request = study.run_request(lesson, items[name], "", runner.executed)
        study.judge_prediction(lesson, items[name], runner.printed(request, "6", result="(2, 3)"), "s")
    other = study.lesson("why-pytorch")
    ((_, hello),) = other.items()
    study.take(other, runner.printed(study.run_request(other, hello, "print(1)", {}), "1"), "s")


def test_an_item_that_changed_since_it_was_solved_stays_solved_and_is_marked(
    study: Study, course: Course, store: Store, runner: FakeRunner
) -> None:
    solve_everything(study, runner)
    assert study.progress()["one-neuron"].changed == 0
    entry = next(entry for entry in course.lessons() if entry.front.id == "one-neuron")
    text = entry.path.read_text()
    entry.path.write_text(text.replace("== 4, ", "== 4.0, ") + "\n")
    again = Study(course, store)
    progress = again.progress()["one-neuron"]
    assert (progress.changed, progress.done) == (1, 4)
    lesson = again.lesson("one-neuron")
    mse = next(item for _, item in lesson.items() if getattr(item, "name", "") == "mse")
    assert again.state(lesson, mse).status is Status.CHANGED and again.code_for(lesson, mse) == "code"
    entry.path.write_text(text)
    assert Study(course, store).progress()["one-neuron"].changed == 0


def test_time_is_counted_between_acts_and_a_long_silence_counts_as_a_short_one(study: Study, clock: Clock) -> None:
    study.remember_place("one-neuron", 1)
    for seconds in (2, 2, 2, 60, 3_600):
        clock.now += seconds
        study.remember_place("one-neuron", 2)
    assert study.progress()["one-neuron"].seconds == 6 + 60 + 300
    clock.now += 30
    study.remember_place("why-pytorch", 1)
    clock.now -= 1_000
    study.remember_place("why-pytorch", 1)
    progress = study.progress()
    assert progress["one-neuron"].seconds == 6 + 60 + 300 + 30 and progress["why-pytorch"].seconds == 0


def test_ideas_that_are_due_are_told_with_their_lesson(study: Study, lesson: Lesson, item: Find, clock: Clock) -> None:
    study.skip(lesson, item("mse"))
    assert (study.progress()["one-neuron"].due, study.progress()["one-neuron"].skipped) == (0, 1)
    clock.now += 86_400
    assert study.progress()["one-neuron"].due == 1 and study.progress()["why-pytorch"].due == 0


def test_before_the_end_the_certificate_says_how_far_it_is(study: Study, lesson: Lesson, item: Find) -> None:
    assert study.missing() == "Not yet: 0 of 5 answers solved. Next: why-pytorch (1 left), one-neuron (4 left)."
    study.skip(lesson, item("mse"))
    assert "0 of 5 answers solved, 1 skipped" in study.missing()


def test_the_certificate_names_what_was_solved(study: Study, course: Course, runner: FakeRunner) -> None:
    solve_everything(study, runner)
    assert study.missing() == ""
    found = study.certificate("Ada")
    assert (found.lessons, found.items) == (2, 5) and re.fullmatch("[0-9a-f]{64}", found.digest)
    fresh = Study(course, Store.in_memory())
    solve_everything(fresh, runner)
    fresh.missing()
    assert fresh.certificate("Grace").digest == found.digest, "the same content solved gives the same name"
    assert digest("a", [("k", "1")]) != digest("a", [("k", "2")]) != digest("b", [("k", "2")])


def test_the_certificate_as_text_and_as_a_picture_takes_names_as_data(study: Study, runner: FakeRunner) -> None:
    solve_everything(study, runner)
    found = replace(study.certificate('Ada <script>"&'), course="A & B", day="2026-05-29")
    lines = text(found).split("\n")
    assert len({len(line) for line in lines}) == 1 and any("Ada <script>" in line for line in lines)
    tree = ElementTree.fromstring(svg(found))
    words = [node.text for node in tree.iter() if node.text]
    sizes = [
        int(node.get("font-size", "0"))
        for name in ("Ada", "A" * 60)
        for node in ElementTree.fromstring(svg(replace(found, name=name))).iter()
        if node.text == name
    ]
    assert sizes[0] == 40 and 60 * 0.6 * sizes[1] < 700
    assert 'Ada <script>"&' in words and "A & B" in words and not list(tree.iter("script"))


def test_progress_travels_as_a_file_with_its_reviews(
    study: Study, course: Course, runner: FakeRunner, tmp_path: Path, clock: Clock
) -> None:
    solve_everything(study, runner)
    file = tmp_path / "progress.json"
    assert pack(study.store, file).endswith("5 solved, 4 reviews, 0 drafts.")
    assert file.stat().st_mode & 0o077 == 0
    other = Study(course, Store.in_memory(), clock=clock)
    assert "5 solved that were not" in unpack(other.store, file)
    assert other.missing() == "" and other.memory.outlook() == study.memory.outlook()
    with pytest.raises(TutorError, match="no JSON"):
        (tmp_path / "bad.json").write_text("[" * 100_000)
        unpack(other.store, tmp_path / "bad.json")
    with pytest.raises(TutorError, match="cannot be read"):
        unpack(other.store, tmp_path / "none.json")


def test_importing_while_a_window_is_open_loses_nothing_of_either(
    course: Course, runner: FakeRunner, tmp_path: Path
) -> None:
    elsewhere = Study(course, Store.in_memory())
    solve_everything(elsewhere, runner)
    pack(elsewhere.store, tmp_path / "p.json")
    window, command = Study(course, Store.open(tmp_path)), Store.open(tmp_path)
    lesson = window.lesson("one-neuron")
    mse = next(item for _, item in lesson.items() if getattr(item, "name", "") == "mse")
    window.save_draft(lesson, mse, "typing")
    unpack(command, tmp_path / "p.json")
    window.save_draft(lesson, mse, "typing on")
    assert window.missing() == "" and window.code_for(lesson, mse) == "typing on"
    assert window.state(lesson, mse).status is Status.PASSED
