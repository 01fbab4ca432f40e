"""The rungs between hints and solution, on the screen: lines out of order, gaps, and what is taken home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from ui_course import FIRST, MANIFEST, Desktop, said, seen, wait_for

from tutor.learning.ladder import Scaffold
from tutor.learning.parsons import Arrangement, Row
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.protocol.run_events import RunFinished
from tutor.runner.replay import ReplaySession
from tutor.runner.script import Step, check_failed
from tutor.store.database import Store
from tutor.study import Study
from tutor.ui.screens.beside import Beside
from tutor.ui.screens.gaps import GapsScreen
from tutor.ui.screens.lines import LinesScreen

LONGER = FIRST.replace(
    "def double(x):\n    return 2 * x\n",
    "def double(x):\n    twice = 2 * x\n    assert twice\n    return twice\n",
).replace("def double(x):\n    return x ** 2\n", "def double(x):\n    twice = x ** 2\n    return twice\n")


@pytest.fixture
def desktop(tmp_path: Path) -> Desktop:
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.toml").write_text(MANIFEST.replace(', "02-second.md", "03-broken.md"', ""), encoding="utf-8")
    (course / "01-first.md").write_text(LONGER, encoding="utf-8")
    return Desktop(tmp_path, options={"lesson_id": "first", "page": 2})


async def to_lines(desktop: Desktop, pilot: Pilot[None]) -> LinesScreen:
    await pilot.press("ctrl+g", "ctrl+g", "ctrl+g")
    await wait_for(pilot, lambda: isinstance(desktop.app.screen, LinesScreen))
    await wait_for(pilot, lambda: "shuffled" in seen(desktop.app))
    screen = desktop.app.screen
    assert isinstance(screen, LinesScreen)
    return screen


async def to_gaps(desktop: Desktop, pilot: Pilot[None]) -> GapsScreen:
    await to_lines(desktop, pilot)
    await pilot.press("ctrl+g")
    await wait_for(pilot, lambda: isinstance(desktop.app.screen, GapsScreen))
    await wait_for(pilot, lambda: isinstance(desktop.app.focused, Input))
    screen = desktop.app.screen
    assert isinstance(screen, GapsScreen)
    return screen


def solved(screen: LinesScreen) -> Arrangement:
    """The lines in order; the stranger behind them put aside."""
    puzzle = screen._puzzle
    return Arrangement((*puzzle.solution, *(Row(piece, used=False) for piece in puzzle.lookalikes)))


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["wide", "narrow"])
async def test_lines_put_in_order_go_into_the_editor_and_undo_brings_the_old_ones_back(
    desktop: Desktop, size: tuple[int, int]
) -> None:
    async with desktop.running(size) as pilot:
        starter = desktop.lesson.editor.text
        screen = await to_lines(desktop, pilot)
        assert "One does not belong" in screen.judgement.words
        whole = solved(screen)
        # The second line a step too far right, the last one left out.
        screen.board.arrangement = whole.indented(1, 1).moved(3, 1)[0]
        screen.board.at = 0
        await pilot.press("enter")
        await wait_for(pilot, lambda: "a step further left" in screen.judgement.words)
        await pilot.press("down", "left", "enter")
        await wait_for(pilot, lambda: "one is missing" in screen.judgement.words)
        await pilot.press("down", "down", "shift+up", "enter")
        await wait_for(pilot, lambda: desktop.app.screen is desktop.lesson)
        assert desktop.lesson.editor.text == "def double(x):\n    twice = 2 * x\n    assert twice\n    return twice\n"
        await wait_for(pilot, lambda: any("ctrl+z" in one for one in said(desktop.app)))
        await wait_for(pilot, lambda: desktop.lesson.editor.has_focus)
        await pilot.press("ctrl+z")
        assert desktop.lesson.editor.text == starter


async def test_a_lifted_line_moves_and_lines_are_put_aside_and_back(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        board = (await to_lines(desktop, pilot)).board
        first, second, third, *rest = board.arrangement.rows
        await pilot.press("space", "down", "down", "space", "up")
        assert [*board.arrangement.rows] == [second, third, first, *rest]
        assert (board.at, board.lifted) == (1, False)
        await pilot.press("x")
        assert board.arrangement.rows[-1] == Row(third.piece, used=False)
        await wait_for(pilot, lambda: "put aside" in seen(desktop.app))
        await pilot.press("u", "u")
        assert [*board.arrangement.rows] == [second, first, third, *rest]


async def test_whoever_leaves_finds_the_lines_as_they_were(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        screen = await to_lines(desktop, pilot)
        await pilot.press("x", "right")
        left = screen.board.arrangement
        await pilot.press("escape")
        await wait_for(pilot, lambda: desktop.app.screen is desktop.lesson)
        await pilot.press("ctrl+g")
        await wait_for(pilot, lambda: isinstance(desktop.app.screen, LinesScreen))
        again = desktop.app.screen
        assert isinstance(again, LinesScreen) and again.board.arrangement == left
        exercise = desktop.lesson.coach.exercise
        later = Study(desktop.study.course, desktop.study.store)
        assert later.ladder.arrangement(desktop.lesson.desk.lesson, exercise, again._puzzle) == left
        assert desktop.study.state(desktop.lesson.desk.lesson, desktop.lesson.coach.exercise).rung == "lines"


async def test_what_was_typed_into_gaps_outlives_the_window(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        screen = await to_gaps(desktop, pilot)
        await pilot.press("a", "+", "1")
        await wait_for(pilot, lambda: "a+1" in screen.code)
        exercise, lesson = desktop.lesson.coach.exercise, desktop.lesson.desk.lesson
        task = screen._blanks
        # As after a crash: nobody has left the screen, and another window opens the same file.
        store = Store.open(desktop.folder / "data")
        other = Study(desktop.study.course, store)
        await wait_for(pilot, lambda: other.ladder.answers(lesson, exercise, Scaffold.NAMES, task) == {0: "a+1"})
        store.close()
    again = Desktop(desktop.folder, options=desktop.options)
    async with again.running() as pilot:
        await pilot.press("ctrl+g")
        await wait_for(pilot, lambda: isinstance(again.app.screen, GapsScreen))
        await wait_for(pilot, lambda: "a+1" in seen(again.app))


async def test_more_help_leads_on_to_gaps_and_then_to_the_offer_of_the_solution(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        await to_gaps(desktop, pilot)
        await wait_for(pilot, lambda: "[1]" in seen(desktop.app))
        await pilot.press("ctrl+g")
        await wait_for(pilot, lambda: "no further help" in seen(desktop.app))
        await pilot.press("n")
        await wait_for(pilot, lambda: desktop.app.screen is desktop.lesson)
        assert "Twice a number" not in seen(desktop.app)
        await pilot.press("ctrl+g")
        await wait_for(pilot, lambda: "no further help" in seen(desktop.app))
        await pilot.press("y")
        await wait_for(pilot, lambda: "Twice a number" in seen(desktop.app))


async def test_gaps_are_compared_and_a_way_of_ones_own_is_checked_by_running_it(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        screen = await to_gaps(desktop, pilot)
        for index, gap in enumerate(screen._blanks.gaps):
            screen.query_one(f"#gap-{index}", Input).value = gap.text if index else "x + x"
        await wait_for(pilot, lambda: "x + x" in screen.code)
        await pilot.press("enter")
        await wait_for(pilot, lambda: "One gap differs" in screen.judgement.words)
        await wait_for(pilot, lambda: "not yet" in seen(desktop.app))
        await pilot.press("ctrl+t")
        await wait_for(pilot, lambda: any(isinstance(one, Check) for one in desktop.session.sent))
        assert "x + x" in next(one for one in desktop.session.sent if isinstance(one, Check)).code.source
        assert "x + x" in desktop.lesson.editor.text


async def test_right_gaps_become_the_code(desktop: Desktop) -> None:
    async with desktop.running() as pilot:
        screen = await to_gaps(desktop, pilot)
        for index, gap in enumerate(screen._blanks.gaps):
            screen.query_one(f"#gap-{index}", Input).value = gap.text
        await wait_for(pilot, lambda: "..." not in screen.code)
        await pilot.press("enter")
        await wait_for(pilot, lambda: desktop.app.screen is desktop.lesson)
        assert "twice = 2 * x" in desktop.lesson.editor.text


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["wide", "narrow"])
async def test_after_a_pass_the_lesson_s_solution_stands_beside_ones_own(
    desktop: Desktop, size: tuple[int, int]
) -> None:
    async with desktop.running(size) as pilot:
        desktop.lesson.editor.replace_code("def double(number):\n    return x + x\n")
        await pilot.press("ctrl+t")
        await wait_for(pilot, lambda: "The check passed" in seen(desktop.app))
        await pilot.press("ctrl+g")
        await wait_for(pilot, lambda: isinstance(desktop.app.screen, Beside))
        await wait_for(pilot, lambda: "lines differ" in seen(desktop.app))
        text = seen(desktop.app)
        beside = any("Yours" in row and "The lesson's" in row for row in text.splitlines())
        assert beside == (size[0] > 100)  # else one above the other
        assert "return x + x" in text and "twice = 2 * x" in text and "Twice a number" in text
        await pilot.press("escape")
        await wait_for(pilot, lambda: desktop.app.screen is desktop.lesson)


async def test_a_check_that_fails_as_a_typical_mistake_does_is_answered_with_its_feedback(tmp_path: Path) -> None:
    def script(request: Run | Check) -> Iterable[Step]:
        if isinstance(request, Check):
            got = "4" if "x ** 2" in request.code.source or "pow" in request.code.source else "None"
            return check_failed("double(2) should be 4", "9", got)
        return ()

    desktop = Desktop(tmp_path, script=script, options={"lesson_id": "first", "page": 2})
    async with desktop.running() as pilot:
        desktop.lesson.editor.replace_code("def double(x):\n    return pow(x, 2)\n")
        await pilot.press("ctrl+t")
        await wait_for(pilot, lambda: "This squares the number" in seen(desktop.app))
        words = "does the same as this typical mistake: Squares"
        await wait_for(pilot, lambda: words in " ".join(seen(desktop.app).split()))
        checks = [one for one in desktop.session.sent if isinstance(one, Check)]
        assert len(checks) == 3  # the learner's, the mistake, the starter
        assert desktop.study.state(desktop.lesson.desk.lesson, desktop.lesson.coach.exercise).attempts == 1
        await pilot.press("ctrl+t")
        await wait_for(pilot, lambda: len([one for one in desktop.session.sent if isinstance(one, Check)]) == 4)
        await wait_for(pilot, lambda: "This squares the number" in seen(desktop.app))


class Journal(ReplaySession):
    """A session that keeps what it says."""

    def emit(self, event: Event) -> None:
        self.__dict__.setdefault("said", []).append(event)
        super().emit(event)

    @property
    def kept(self) -> list[Event]:
        """What a journal would hold."""
        return [event for event in self.__dict__["said"] if event.journaled]


class Elsewhere(Desktop):
    """A window that finds a session in which something has happened, `past`."""

    past: Sequence[Event] = ()

    async def connect(self) -> ReplaySession:
        session = Journal(self.script, past=self.past)
        self.sessions.append(session)
        return session


@pytest.mark.parametrize("ended", [True, False], ids=["ended", "still running"])
async def test_a_window_that_comes_later_says_which_mistake_a_check_resembles(tmp_path: Path, ended: bool) -> None:
    def script(request: Run | Check) -> Iterable[Step]:
        if isinstance(request, Check):
            got = "4" if "x ** 2" in request.code.source or "pow" in request.code.source else "None"
            return check_failed("double(2) should be 4", "9", got)
        return ()

    words = "does the same as this typical mistake: Squares"
    first = Elsewhere(tmp_path, script=script, options={"lesson_id": "first", "page": 2})
    async with first.running() as pilot:
        first.lesson.editor.replace_code("def double(x):\n    return pow(x, 2)\n")
        await pilot.press("ctrl+t")
        await wait_for(pilot, lambda: words in " ".join(seen(first.app).split()))
    session = first.session
    assert isinstance(session, Journal)
    events, ends = session.kept, [at for at, one in enumerate(session.kept) if isinstance(one, RunFinished)]
    cut = len(events) if ended else ends[1]  # the end of the first comparison
    later = Elsewhere(tmp_path, script=script, options={"lesson_id": "first", "page": 2})
    later.past = events[:cut]
    async with later.running() as pilot:
        await pilot.press("7")
        await wait_for(pilot, lambda: "double(2) should be 4" in seen(later.app))
        assert ended or words not in " ".join(seen(later.app).split())
        for event in events[cut:]:
            later.session.emit(event)
        await wait_for(pilot, lambda: words in " ".join(seen(later.app).split()))
        await wait_for(pilot, lambda: "This squares the number" in seen(later.app))
        assert not [one for one in later.session.sent if isinstance(one, Check)], "nothing runs for it again"
