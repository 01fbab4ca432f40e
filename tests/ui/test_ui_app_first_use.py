"""What trips somebody who is new: where the keyboard is, what is in view, what a key says when it can do nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from textual.app import App, ComposeResult
from textual.events import Show
from textual.theme import Theme
from textual.widgets import Input
from ui_course import Desktop, answers, found_first, said, seen, wait_for

from tutor.runner.protocol.requests import Check, Interrupt, Run
from tutor.runner.script import FOREVER, Step, asked, check_passed, ended, printed, training
from tutor.runner.transcript import Chunk, RunRecord
from tutor.ui.panes import PANES
from tutor.ui.themes import ANSI, DARK, EDITOR_ANSI, LIGHT
from tutor.ui.widgets.output import ABOVE_WORDS, OutputPane
from tutor.ui.widgets.page import PageView
from tutor.ui.widgets.plot import PlotPane

OPEN = {"lesson_id": "first"}
NARROW = (80, 24)

LONG_PREDICTION = """\
---
title: First steps
id: first
summary: A first lesson.
minutes: 10
---

# First steps

## Guess

<!-- #region predict="long" -->

What does this print?

```python
LINES
print(3 * 4)
```

<details class="answer"><summary>Answer</summary>

```output
12
```

Three times four.

</details>

<!-- #endregion -->
""".replace("LINES", "\n".join(f"number{at} = {at}" for at in range(30)))


def predicting(folder: Path) -> Desktop:
    desktop = Desktop(folder, options=OPEN)
    (folder / "course" / "01-first.md").write_text(LONG_PREDICTION, encoding="utf-8")
    return desktop


async def test_input_has_the_keyboard_on_a_narrow_screen_too(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, script=lambda request: [*asked("Name? "), *printed("hello\n")], options=OPEN)
    async with desktop.running(NARROW) as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "waiting for input" in seen(desktop.app))
        await wait_for(pilot, lambda: isinstance(desktop.app.focused, Input))
        await pilot.press(*["f9"] * len(PANES))  # all the way round
        await wait_for(pilot, lambda: desktop.lesson.panes.shown == "output")
        await pilot.press(*"Bo", "enter")
        await wait_for(pilot, lambda: "hello" in seen(desktop.app) and "Bo" in seen(desktop.app))


async def test_f3_brings_the_line_for_a_prediction_into_view_and_escape_leaves_it(tmp_path: Path) -> None:
    desktop = predicting(tmp_path)
    async with desktop.running(NARROW) as pilot:
        await wait_for(pilot, lambda: "Guess" in seen(desktop.app) and isinstance(desktop.app.focused, PageView))
        assert "Your prediction" not in seen(desktop.app)
        await pilot.press("f3")
        await wait_for(pilot, lambda: "Your prediction" in seen(desktop.app))
        await pilot.press("1", "escape", "2")
        await wait_for(pilot, lambda: desktop.lesson.editor.has_focus)
        assert desktop.lesson.query_one(Input).value == "1"


async def test_a_prediction_is_answered_on_the_page_where_one_pane_is_seen(tmp_path: Path) -> None:
    desktop = predicting(tmp_path)
    async with desktop.running(NARROW) as pilot:
        await pilot.press("f3", "1", "2", "enter")
        await wait_for(pilot, lambda: "Three times four" in seen(desktop.app))
        assert desktop.lesson.panes.shown == "page"


async def test_a_prediction_whose_code_fails_shows_why(tmp_path: Path) -> None:
    desktop = predicting(tmp_path)
    desktop.script = lambda request: ended("died", "It fell over.")
    async with desktop.running(NARROW) as pilot:
        await pilot.press("f3", "1", "2", "enter")
        await wait_for(pilot, lambda: "It fell over." in seen(desktop.app))


async def test_f3_goes_on_when_a_quiz_has_been_explained(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    async with desktop.running(size=(120, 60)) as pilot:
        await pilot.press("f8", "f8", "f3", "1", "enter")
        await wait_for(pilot, lambda: "Try once more" in seen(desktop.app))
        await pilot.press("f3", "1", "enter")  # wrong again: now it is explained and closed
        await wait_for(pilot, lambda: "Here is why" in seen(desktop.app))
        await pilot.press("f3")
        await wait_for(pilot, lambda: isinstance(desktop.app.focused, Input))


async def test_escape_goes_back_to_the_page_and_the_key_bar_knows_the_way(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    async with desktop.running(NARROW) as pilot:
        assert "1 page" not in seen(desktop.app).splitlines()[-1]
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "total 45" in seen(desktop.app) and desktop.lesson.panes.shown == "output")
        await wait_for(pilot, lambda: "1 page" in seen(desktop.app).splitlines()[-1])
        await pilot.press("escape")
        await wait_for(pilot, lambda: desktop.lesson.panes.shown == "page")


async def test_one_long_line_is_followed_to_its_end(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, script=lambda request: printed("0123456789" * 390 + "end\n"), options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "finished" in seen(desktop.app))


async def test_what_waits_for_its_turn_can_be_interrupted(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    async with desktop.running() as pilot:
        session = desktop.session
        take = session.send

        def first_in_a_queue(request: object) -> None:
            if isinstance(request, Interrupt):
                session.sent.append(request)
            else:
                take(request)  # type: ignore[arg-type]

        session.send = first_in_a_queue  # type: ignore[method-assign]
        desktop.app.reader.transcript.runs["waiting"] = RunRecord("waiting", "run", "", "")
        await pilot.press("ctrl+c")
        await wait_for(pilot, lambda: Interrupt() in session.sent)
        assert not any("Nothing runs" in one for one in said(desktop.app))


async def test_the_map_is_not_offered_over_the_map(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path)
    async with desktop.running() as pilot:
        await pilot.press("f1")
        await wait_for(pilot, lambda: "Choose a lesson" in seen(desktop.app))
        assert "f2 map" not in seen(desktop.app).splitlines()[-1]


async def test_about_names_version_licence_and_whose_data_it_is(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path)
    async with desktop.running(size=(100, 50)) as pilot:
        await pilot.press("ctrl+p", *"about")
        await wait_for(pilot, lambda: found_first(desktop.app, "About"))
        await pilot.press("enter")
        words = ("Handwritten Digits", "CC BY 4.0", "pytutor 0")
        await wait_for(pilot, lambda: all(one in seen(desktop.app) for one in words))
        await pilot.press("escape")
        await wait_for(pilot, lambda: "Handwritten Digits" not in seen(desktop.app))


def checking(request: Run | Check) -> Iterable[Step]:
    return [*check_passed("first"), FOREVER]


@pytest.mark.parametrize(
    ("script", "key", "begins"),
    [
        (lambda request: [*training([3.0, 2.0]), FOREVER], "ctrl+r", "The training goes on"),
        (lambda request: [*printed("step\n"), FOREVER], "ctrl+r", "What runs goes on"),
        (lambda request: asked("Name? "), "ctrl+r", "The code waits for input"),
        (checking, "ctrl+t", "The check goes on"),
        (answers, "ctrl+r", ""),
    ],
)
async def test_the_farewell_is_true_to_what_goes_on(tmp_path: Path, script: object, key: str, begins: str) -> None:
    desktop = Desktop(tmp_path, script=script, options=OPEN | {"page": 2 if key == "ctrl+t" else 1})  # type: ignore[arg-type]
    async with desktop.running() as pilot:
        transcript = desktop.app.reader.transcript
        await pilot.press(key)
        await wait_for(pilot, lambda: any(r.has_points or r.chunks or r.verdicts for r in transcript.runs.values()))
        if not begins:
            await wait_for(pilot, lambda: not transcript.busy)
        elif "waits" in begins:
            await wait_for(pilot, lambda: transcript.waiting_for_input)
        await pilot.press("ctrl+q")
        await wait_for(pilot, lambda: not desktop.app.is_running)
    assert desktop.app.farewell.startswith(begins) and bool(desktop.app.farewell) == bool(begins)


@pytest.mark.parametrize("size", [NARROW, (120, 34)])
async def test_a_plot_that_is_not_told_of_its_coming_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """Textual forgets `Show` where a place on the screen was asked for before the layout."""
    post = PlotPane.post_message
    monkeypatch.setattr(PlotPane, "post_message", lambda pane, one: isinstance(one, Show) or post(pane, one))
    desktop = Desktop(tmp_path, script=lambda request: training([3.0, 2.0, 1.0]), options=OPEN)
    async with desktop.running(size) as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "┤" in seen(desktop.app))
        await pilot.press("3")
        await wait_for(pilot, lambda: "┤" not in seen(desktop.app))
        await pilot.press("4")
        await wait_for(pilot, lambda: "┤" in seen(desktop.app))


async def test_an_interrupted_training_keeps_its_curve_on_the_screen(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, script=lambda request: [*training([3.0, 2.0]), FOREVER], options=OPEN)
    async with desktop.running(NARROW) as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: desktop.lesson.panes.shown == "plot")
        await pilot.press("ctrl+c")
        await wait_for(pilot, lambda: not desktop.app.reader.transcript.busy)
        await pilot.pause()
        assert desktop.lesson.panes.shown == "plot"
        await pilot.press("3")
        await wait_for(pilot, lambda: "■ interrupted" in seen(desktop.app))
        assert "Interrupted." not in seen(desktop.app)  # the same word once more


async def test_a_course_without_lessons_says_so(tmp_path: Path) -> None:
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.toml").write_text('format_version = 1\nid = "e"\ntitle = "E"\nmodules = []\n', encoding="utf-8")
    desktop = Desktop(tmp_path)
    async with desktop.running() as pilot:
        await pilot.press("enter", "down", "f8")
        await wait_for(pilot, lambda: "no lessons yet" in seen(desktop.app))


async def test_an_error_of_the_open_lesson_is_told_with_its_line(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    text = (tmp_path / "course" / "01-first.md").read_text(encoding="utf-8")
    (tmp_path / "course" / "01-first.md").write_text(text.replace('tags=["test"]', ""), encoding="utf-8")
    async with desktop.running(NARROW) as pilot:
        await wait_for(pilot, lambda: "01-first.md, line 27: this exercise has no check" in seen(desktop.app))
        await pilot.press("f8", "f8", "f8")
        await wait_for(pilot, lambda: "Second steps" in seen(desktop.app).splitlines()[0])
        assert "01-first.md" not in seen(desktop.app)


@pytest.mark.parametrize("ground", ["background", "surface", "panel"])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_grounds_stay_grey_where_there_are_256_colours(theme: Theme, ground: str) -> None:
    number = Color.parse(getattr(theme, ground)).downgrade(ColorSystem.EIGHT_BIT).number
    assert number is not None and (number >= 232 or number in (16, 231))


def test_the_ansi_theme_writes_nothing_in_the_blue_that_black_swallows() -> None:
    inks = {ANSI.primary, ANSI.secondary, ANSI.accent, ANSI.warning, ANSI.error, ANSI.success}
    editor = {style.color.name for style in EDITOR_ANSI.syntax_styles.values() if style.color is not None}
    assert "ansi_blue" not in inks and "blue" not in editor


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield OutputPane()


async def test_what_the_cells_above_printed_is_folded_away() -> None:
    host = Host()
    async with host.run_test(size=(70, 12)) as pilot:
        pane = host.query_one(OutputPane)
        chunks = [Chunk("above", "theirs\n"), Chunk("above", "theirs too\n"), Chunk("stdout", "mine\n")]
        pane.show(RunRecord("1", "run", "", "", started=1.0, chunks=chunks, outcome="ok"))
        pane.keyboard.focus()
        await pilot.pause()
        shown = [strip.text.strip() for strip in host.screen._compositor.render_strips()]
        assert shown[:2] == [f"↑ {ABOVE_WORDS}", "mine"]
        await pilot.press("a")
        await pilot.pause()
        shown = [strip.text.strip() for strip in host.screen._compositor.render_strips()]
        assert shown[:3] == ["↑ theirs", "↑ theirs too", "mine"]
