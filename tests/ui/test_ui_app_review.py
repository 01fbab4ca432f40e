"""The review in the app: what is due stands on the map, comes back question by question, and is rated."""

from __future__ import annotations

import time
from pathlib import Path

from textual.pilot import Pilot
from ui_course import Desktop, said, seen, wait_for

from tutor.course.items import Quiz
from tutor.learning.state import Status
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.review import ReviewScreen

LONG_AGO = 30 * 86_400.0


def due(folder: Path) -> Desktop:
    """An app whose learner got the quiz wrong, a month ago."""
    desktop = Desktop(folder)
    study, lesson = desktop.study, desktop.study.lesson("first")
    quiz = next(item for _, item in lesson.items() if isinstance(item, Quiz))
    study.memory.clock = lambda: time.time() - LONG_AGO
    study.answer_quiz(lesson, quiz, frozenset({0}))
    study.answer_quiz(lesson, quiz, frozenset({0}))
    study.memory.clock = time.time
    return desktop


def review(desktop: Desktop) -> ReviewScreen:
    screen = desktop.app.reviewing.screen
    assert screen is not None
    return screen


async def begin(desktop: Desktop, pilot: Pilot[None]) -> None:
    await wait_for(pilot, lambda: isinstance(desktop.app.screen, HomeScreen))
    await wait_for(pilot, lambda: "Review: 1 idea is due" in seen(desktop.app))
    await pilot.press("r")
    await wait_for(pilot, lambda: "question 1 of 1" in seen(desktop.app))


async def test_what_is_due_stands_on_the_map_and_is_asked_and_rated(tmp_path: Path) -> None:
    desktop = due(tmp_path)
    before = desktop.study.states(desktop.study.lesson("first"))
    async with desktop.running() as pilot:
        await begin(desktop, pilot)
        words = ("What is 1 + 1?", "not answered yet")
        await wait_for(pilot, lambda: all(one in seen(desktop.app) for one in words))
        await pilot.press("2", "enter")
        await wait_for(pilot, lambda: "easily, back in" in seen(desktop.app) and "f8 goes on" in seen(desktop.app))
        await pilot.press("f8")
        await wait_for(pilot, lambda: isinstance(desktop.app.screen, HomeScreen))
        await wait_for(pilot, lambda: "Reviewed 1, remembered 1." in " ".join(said(desktop.app)))
        await wait_for(pilot, lambda: "Nothing due today" in seen(desktop.app) and "Review:" not in seen(desktop.app))
    assert desktop.study.states(desktop.study.lesson("first")) == before


async def test_leaving_a_review_keeps_what_was_not_answered_due(tmp_path: Path) -> None:
    desktop = due(tmp_path)
    async with desktop.running((80, 24)) as pilot:
        await begin(desktop, pilot)
        await pilot.press("f2")
        await wait_for(pilot, lambda: isinstance(desktop.app.screen, HomeScreen))
        await wait_for(pilot, lambda: "what is due stays due" in " ".join(said(desktop.app)))
        await wait_for(pilot, lambda: "Review: 1 idea is due" in seen(desktop.app))


async def test_an_exercise_comes_back_with_its_starter_and_checks_without_touching_the_solved_one(
    tmp_path: Path,
) -> None:
    desktop = Desktop(tmp_path)
    study, lesson = desktop.study, desktop.study.lesson("first")
    exercise = next(item for _, item in lesson.items() if getattr(item, "name", "") == "double")
    study.memory.clock = lambda: time.time() - LONG_AGO
    study.skip(lesson, exercise)
    study.memory.clock = time.time
    study.save_draft(lesson, exercise, "half a thought")
    async with desktop.running() as pilot:
        await begin(desktop, pilot)
        screen = review(desktop)
        await wait_for(pilot, lambda: screen.editor.text.startswith("def double"))
        screen.editor.replace_code("def double(x):\n    return 2 * x\n")
        await pilot.press("ctrl+t")
        await wait_for(pilot, lambda: "back in" in str(screen.header.page))
        await pilot.press("f8")
        await wait_for(pilot, lambda: isinstance(desktop.app.screen, HomeScreen))
    assert study.state(lesson, exercise).status is Status.SKIPPED
    assert study.code_for(lesson, exercise) == "half a thought"


async def test_nothing_due_is_said_and_opens_nothing(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path)
    async with desktop.running() as pilot:
        await wait_for(pilot, lambda: isinstance(desktop.app.screen, HomeScreen))
        await pilot.press("r")
        await wait_for(pilot, lambda: "Nothing to review yet" in " ".join(said(desktop.app)))
        assert isinstance(desktop.app.screen, HomeScreen)
