"""The lesson screen over a scripted session: reading, running, checking, helping, answering."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.events import Hide
from textual.widgets import Input
from ui_course import Desktop, answers, said, seen, wait_for

from tutor.course.items import Quiz
from tutor.learning.state import Status
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.script import FOREVER, Step
from tutor.study.tags import MARK
from tutor.ui.widgets.card import ItemSelected


@pytest.fixture
def desktop(tmp_path: Path) -> Desktop:
    return Desktop(tmp_path, options={"lesson_id": "first"})


def requests(desktop: Desktop, kind: type) -> list:
    return [one for one in desktop.session.sent if isinstance(one, kind)]


async def test_the_page_its_code_and_the_tabs_stand_side_by_side(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await wait_for(pilot, lambda: "list[int] and [/bold]" in seen(desktop.app))
        await wait_for(pilot, lambda: "ready" in seen(desktop.app).splitlines()[0])
        text = seen(desktop.app)
        assert "page 1 of 3" in text.splitlines()[0]
        assert "total = sum(range(10))" in desktop.lesson.editor.text
        assert "Output" in text and "Plot" in text and "Checks" in text


async def test_running_prints_and_marks_the_snippet(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "finished" in seen(desktop.app) and "✓ ran" in seen(desktop.app))
        assert requests(desktop, Run)[0].cells[-1].source.startswith("total")


@pytest.mark.parametrize("key", ["3", "4"])
async def test_a_pane_shown_again_keeps_the_keyboard_when_the_news_of_its_hiding_come_late(
    desktop: Desktop, key: str
) -> None:
    async with desktop.running() as pilot:
        pane = desktop.lesson.keyboard_of({"3": "output", "4": "plot"}[key])
        await pilot.press(key)
        await wait_for(pilot, lambda: pane.has_focus)
        heard: list[bool] = []
        pane.post_message(Hide())
        pane.call_later(lambda: heard.append(pane.has_focus))
        await wait_for(pilot, lambda: heard)
        assert heard == [True] and pane.has_focus
        desktop.lesson.action_show_runs()
        await wait_for(pilot, lambda: desktop.lesson.focused_pane() == "runs")


async def test_only_the_selected_lines_run(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await pilot.press("2", "down", "shift+end", "ctrl+r")
        await wait_for(pilot, lambda: requests(desktop, Run))
        assert requests(desktop, Run)[0].cells[-1].source == 'print("total", total)'
        assert requests(desktop, Run)[0].cells[-1].line == 16


async def test_a_wrong_answer_is_told_and_a_right_one_passes(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await pilot.press("f8", "ctrl+t")
        await wait_for(pilot, lambda: "0 of 1 checks passed" in seen(desktop.app) and "expected" in seen(desktop.app))
        desktop.lesson.editor.replace_code("def double(x):\n    return 2 * x\n")
        await pilot.press("ctrl+t")
        words = ("The check passed", "solved", "f8 goes on")
        await wait_for(pilot, lambda: all(one in seen(desktop.app) for one in words))
        await wait_for(pilot, lambda: requests(desktop, Run))  # the namespace goes on with the learner's code
        assert "2 * x" in requests(desktop, Run)[-1].cells[-1].source
        assert desktop.lesson.panes.result == "checks"
        await pilot.press("ctrl+g")  # no hint any more: how the lesson does it, and why
        await wait_for(pilot, lambda: "Twice a number" in seen(desktop.app))


async def test_hints_then_gaps_then_the_offer_of_the_solution(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await pilot.press("f8", "ctrl+g")
        await wait_for(pilot, lambda: "Hint 1 of 2" in seen(desktop.app))
        await pilot.press("ctrl+g", "ctrl+g")
        await wait_for(pilot, lambda: "Fill the gaps" in seen(desktop.app))
        await pilot.press("ctrl+g")
        await wait_for(pilot, lambda: "no further help" in seen(desktop.app))
        await pilot.press("n")
        await pilot.pause()
        assert "Twice a number" not in seen(desktop.app)
        await pilot.press("ctrl+g")
        await wait_for(pilot, lambda: "no further help" in seen(desktop.app))
        await pilot.press("y")
        await wait_for(pilot, lambda: "Twice a number" in seen(desktop.app))


async def test_the_solution_is_not_shown_before_an_attempt_without_asking(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await pilot.press("f8")
        desktop.lesson.action_solution()
        await wait_for(pilot, lambda: "not checked an answer" in seen(desktop.app))
        await pilot.press("escape")
        await pilot.press("ctrl+t")
        await wait_for(pilot, lambda: "0 of 1 checks passed" in seen(desktop.app))
        desktop.lesson.action_solution()
        await wait_for(pilot, lambda: "Twice a number" in seen(desktop.app))


async def test_a_skipped_exercise_says_so(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await pilot.press("f8")
        desktop.lesson.action_skip()
        await wait_for(pilot, lambda: "skipped" in seen(desktop.app))


async def test_f3_answers_the_quiz_and_then_the_prediction(desktop: Desktop) -> None:
    async with desktop.running(size=(120, 60)) as pilot:
        study, lesson = desktop.study, desktop.study.lesson("first")
        await pilot.press("f8", "f8", "f3", "2", "enter")
        await wait_for(pilot, lambda: "Right." in seen(desktop.app))
        await pilot.press("f3")
        await wait_for(pilot, lambda: isinstance(desktop.app.focused, Input))
        await pilot.press("1", "2", "enter")
        await wait_for(pilot, lambda: "Three times four" in seen(desktop.app))
        states = study.states(lesson)
        assert states["first/sums"].status is states["first/prints"].status is Status.PASSED


async def test_a_prediction_is_not_run_before_it_is_made(desktop: Desktop) -> None:
    async with desktop.running(size=(120, 60)) as pilot:
        await pilot.press("f8", "f8")
        desktop.lesson.page.select("first/prints", focus=True)
        await wait_for(
            pilot, lambda: desktop.lesson.selected is not None and desktop.lesson.selected.key.endswith("prints")
        )
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: any("First say what you expect" in one for one in said(desktop.app)))
        assert not requests(desktop, Run)


async def test_pages_go_on_into_the_next_lesson_and_the_place_is_kept(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await pilot.press("right_square_bracket", "f8", "f8")
        await wait_for(pilot, lambda: "Second steps" in seen(desktop.app).splitlines()[0])
        await wait_for(pilot, lambda: desktop.lesson.editor.read_only)
        place = desktop.study.place()
        assert place is not None and (place.lesson_id, place.page) == ("second", 1)
        await pilot.press("f7")
        await wait_for(pilot, lambda: "page 3 of 3" in seen(desktop.app))


async def test_what_makes_no_sense_is_said_in_words(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await pilot.press("ctrl+t", "ctrl+g", "f3", "ctrl+c")
        await wait_for(pilot, lambda: len(said(desktop.app)) == 4)
        assert not requests(desktop, Check)
        assert said(desktop.app)[0] == "Only an exercise can be checked: this page has none."


async def test_the_lessons_code_comes_back_and_undo_returns_mine(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        editor = desktop.lesson.editor
        await pilot.press("2", "x", "escape")
        mine = editor.text
        desktop.lesson.action_reset_code()
        await wait_for(pilot, lambda: editor.text.startswith("total"))
        await pilot.press("2", "ctrl+z")
        await wait_for(pilot, lambda: editor.text == mine)


async def test_news_of_an_item_of_a_page_that_was_turned_is_late(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        quiz = next(item for item in desktop.lesson.desk.lesson.pages[2].items if isinstance(item, Quiz))
        before = desktop.lesson.desk.item
        desktop.lesson.page.post_message(ItemSelected(quiz))
        await pilot.pause()
        assert desktop.lesson.desk.item is before
        await pilot.press("f8")
        await wait_for(pilot, lambda: "page 2 of 3" in seen(desktop.app))


async def test_an_exercise_below_a_snippet_is_a_tab_away(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options={"lesson_id": "first", "page": 2})
    lesson = tmp_path / "course" / "01-first.md"
    text = lesson.read_text(encoding="utf-8")
    lesson.write_text(text.replace("## Your turn\n", "## Your turn\n\n```python\nprint(1)\n```\n"), encoding="utf-8")
    async with desktop.running() as pilot:
        await pilot.press("ctrl+t")
        there = "Only an exercise can be checked: on the page, tab goes on to it."
        await wait_for(pilot, lambda: said(desktop.app) == [there])
        await pilot.press("tab", "ctrl+t")
        await wait_for(pilot, lambda: requests(desktop, Check))


def compared(desktop: Desktop) -> list[Check]:
    return [one for one in requests(desktop, Check) if one.tag.endswith(MARK)]


async def test_typical_mistakes_are_compared_one_after_the_other(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options={"lesson_id": "first", "page": 2})
    async with desktop.running() as pilot:
        await pilot.press("2", *" x", "escape", "ctrl+t")
        await wait_for(pilot, lambda: len(compared(desktop)) == 2)
        assert "x ** 2" in compared(desktop)[0].code.source


async def test_what_the_learner_asks_for_goes_before_comparisons(tmp_path: Path) -> None:
    def slow(request: Run | Check) -> Iterable[Step]:
        return [*answers(request), FOREVER] if request.tag.endswith(MARK) else answers(request)

    desktop = Desktop(tmp_path, script=slow, options={"lesson_id": "first", "page": 2})
    async with desktop.running() as pilot:
        await pilot.press("2", *" x", "escape", "ctrl+t")
        await wait_for(pilot, lambda: compared(desktop))
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: requests(desktop, Run))
        await pilot.press("ctrl+c")  # the one comparison that goes on
        mine, reader = requests(desktop, Run)[0].run, desktop.app.reader
        await wait_for(pilot, lambda: (record := reader.record(mine)) is not None and record.outcome == "ok")
        assert len(compared(desktop)) == 1
