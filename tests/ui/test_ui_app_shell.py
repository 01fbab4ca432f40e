"""Layout, commands, help, palette, map, themes and keys."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.geometry import Size
from ui_course import Desktop, found_first, said, seen, wait_for

from tutor.runner.protocol.requests import Check, Run
from tutor.runner.script import Step, printed
from tutor.settings import Settings
from tutor.ui.commands import COMMANDS
from tutor.ui.frame.tabs import TabBar
from tutor.ui.keys import bindings, keymap, reach
from tutor.ui.panes import PANES
from tutor.ui.preview.screen import PreviewScreen
from tutor.ui.screens.help import Help, HelpText
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.script import ScriptScreen


def desktop(folder: Path, lesson: str | None = "first", **settings: object) -> Desktop:
    return Desktop(folder, settings=Settings(**settings), options={"lesson_id": lesson})  # type: ignore[arg-type]


# The table


def test_no_handler_of_an_event_calls_that_of_its_base() -> None:
    """Textual calls each class's own: a screen that calls its base's too would be mounted twice."""
    for file in (Path(__file__).parents[2] / "tutor" / "ui").rglob("*.py"):
        for name in re.findall(r"super\(\)\.(_?on_\w+)", file.read_text(encoding="utf-8")):
            assert name == "_on_key", f"{file}: {name}"  # a text area prevents the default after a key that it took


def test_every_command_has_its_own_id_title_and_tooltip() -> None:
    assert len({one.id for one in COMMANDS}) == len(COMMANDS)
    assert all(one.title and one.tooltip.endswith(".") and one.group for one in COMMANDS)


def test_no_key_means_two_things_on_a_screen() -> None:
    for screen in (PreviewScreen, HomeScreen, ScriptScreen):
        keys = [key for one in reach(screen, ("app", "course")) for key in one.keys]
        assert len(keys) == len(set(keys))


def test_every_command_has_a_binding_with_its_id() -> None:
    scopes = {one.scope for one in COMMANDS}
    found = {binding.id for scope in scopes for binding in bindings(scope)}  # type: ignore[union-attr]
    assert found == {one.id for one in COMMANDS}


def test_keys_are_remapped_by_id_or_name_and_nonsense_is_told() -> None:
    usable, _ = keymap({"enlarge": ("z",)})
    assert usable == {"lesson.enlarge": "z", "script.enlarge": "z"}
    usable, complaints = keymap({"run": ("ctrl+x", "f12"), "lesson.check": ("]",), "fly": ("f2",)})
    assert usable == {"lesson.run": "ctrl+x,f12", "lesson.check": "right_square_bracket"}
    assert len(complaints) == 1 and "'fly'" in complaints[0]


async def test_every_command_is_an_action_of_its_screen(tmp_path: Path) -> None:
    table = desktop(tmp_path)
    async with table.running() as pilot:
        await pilot.press("f2")
        await wait_for(pilot, lambda: isinstance(table.app.screen, HomeScreen))
        nodes = {"app": table.app, "course": table.app, "lesson": table.lesson, "home": table.app.screen}
        nodes |= {"preview": PreviewScreen, "script": ScriptScreen}
        missing = [one.id for one in COMMANDS if not hasattr(nodes[one.scope], f"action_{one.name}")]
        assert not missing


# Layout


@pytest.mark.parametrize("size", [(80, 24), (99, 30)])
async def test_a_narrow_screen_shows_one_pane_at_a_time(tmp_path: Path, size: tuple[int, int]) -> None:
    table = desktop(tmp_path)
    async with table.running(size) as pilot:
        lesson = table.lesson
        await wait_for(pilot, lambda: "1 Page" in seen(table.app) and "Words with" in seen(table.app))
        assert not lesson.editor.is_on_screen
        for key, pane in (
            ("2", "code"),
            ("escape", "page"),
            ("3", "output"),
            ("4", "plot"),
            ("5", "xray"),
            ("6", "runs"),
            ("7", "checks"),
            ("1", "page"),
        ):
            await pilot.press(key)
            widget = lesson.query_one(f"#{pane}")
            await wait_for(pilot, lambda pane=pane, widget=widget: lesson.panes.shown == pane and widget.is_on_screen)
        await pilot.press("f9")
        await wait_for(pilot, lambda: lesson.panes.shown == "code")


def test_all_tabs_have_room_on_the_smallest_screen() -> None:
    class Small(TabBar):
        size = Size(58, 1)

    bar = Small(PANES)
    bar.set_reactive(TabBar.marked, frozenset({"output", "runs"}))
    assert bar.render().plain == "1 Page 2 Code 3 Output• 4 Plot 5 X-ray 6 Runs• 7 Checks"


@pytest.mark.parametrize("size", [(120, 36), (200, 60)])
async def test_a_wide_screen_shows_page_editor_and_results(tmp_path: Path, size: tuple[int, int]) -> None:
    table = desktop(tmp_path)
    async with table.running(size) as pilot:
        lesson = table.lesson
        widgets = (lesson.page, lesson.editor, lesson.output)
        await wait_for(pilot, lambda: all(widget.is_on_screen for widget in widgets))
        await pilot.press("f9")
        await wait_for(pilot, lambda: lesson.plot.is_on_screen and not lesson.output.is_on_screen)
        assert lesson.panes.result == "plot"


async def test_a_screen_that_becomes_narrow_shows_the_pane_that_has_the_keyboard(tmp_path: Path) -> None:
    table = desktop(tmp_path)
    async with table.running((120, 36)) as pilot:
        lesson = table.lesson
        await wait_for(pilot, lambda: lesson.editor.is_on_screen and lesson.page.has_focus_within)
        await pilot.click(lesson.editor)
        await wait_for(pilot, lambda: lesson.panes.shown == "code")
        await pilot.resize_terminal(80, 24)
        await wait_for(pilot, lambda: lesson.editor.is_on_screen and not lesson.page.is_on_screen)
        await wait_for(pilot, lambda: lesson.editor.has_focus)


async def test_a_pane_is_enlarged_and_comes_back(tmp_path: Path) -> None:
    table = desktop(tmp_path)
    async with table.running() as pilot:
        lesson = table.lesson
        await pilot.press("2", "f10")
        await wait_for(pilot, lambda: lesson.editor.size.width > 100 and not lesson.page.is_on_screen)
        assert lesson.editor.has_focus
        await pilot.press("f10")
        await wait_for(pilot, lambda: lesson.page.is_on_screen and lesson.editor.has_focus)


async def test_a_small_terminal_gets_a_message_and_everything_back_when_it_grows(tmp_path: Path) -> None:
    table = desktop(tmp_path)
    async with table.running((50, 10)) as pilot:
        await wait_for(pilot, lambda: "needs 60x16" in seen(table.app))
        assert not table.lesson.show_vertical_scrollbar
        await pilot.resize_terminal(80, 24)
        await wait_for(pilot, lambda: "Words with" in seen(table.app))
        await pilot.resize_terminal(120, 36)
        await wait_for(pilot, lambda: table.lesson.editor.is_on_screen)
        await pilot.resize_terminal(80, 10)
        await wait_for(pilot, lambda: "needs 60x16" in seen(table.app))


async def test_a_run_brings_its_output_forward_unless_somebody_types(tmp_path: Path) -> None:
    typed = asyncio.Event()

    def script(request: Run | Check) -> Iterable[Step]:
        while not typed.is_set():
            yield 0.01
        yield from printed("there\n")

    table = desktop(tmp_path)
    table.script = script
    async with table.running((80, 24)) as pilot:
        lesson = table.lesson
        await pilot.press("2", "ctrl+r", "space")
        typed.set()
        await wait_for(pilot, lambda: "output" in lesson.marked)
        assert lesson.panes.shown == "code" and lesson.editor.has_focus
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: lesson.panes.shown == "output" and "there" in seen(table.app))


# Help, palette, map


async def test_help_speaks_of_the_focus_and_of_remapped_keys(tmp_path: Path) -> None:
    table = desktop(tmp_path, keys={"check": ("f12",)})
    async with table.running() as pilot:
        await pilot.press("2", "f1")
        await wait_for(pilot, lambda: isinstance(table.app.screen, Help))
        await wait_for(pilot, lambda: "Leave the editor" in seen(table.app) and "f12" in seen(table.app))
        assert "ctrl+t" not in seen(table.app)
        await pilot.press("escape")
        await wait_for(pilot, lambda: table.lesson.editor.has_focus)


def test_the_words_of_the_help_stand_below_each_other() -> None:
    rows = [("left -", "Down"), ("shift+left shift+right", "Ten times"), ("ctrl+shift+alt+left f11 f12", "Remapped")]
    lines = [line.plain for line in HelpText([("Here", rows)]).lines(74)]
    assert {line.index(word) for word in ("Down", "Ten times", "Remapped") for line in lines if word in line} == {23}


async def test_a_remapped_key_works_and_the_old_one_does_not(tmp_path: Path) -> None:
    table = desktop(tmp_path, keys={"next_page": ("f12",), "skip": ("f11",)})
    async with table.running() as pilot:
        await pilot.press("f8")
        assert table.lesson.desk.page.number == 1
        await pilot.press("f12")
        await wait_for(pilot, lambda: table.lesson.desk.page.number == 2)
        await pilot.press("f11")
        await wait_for(pilot, lambda: "skipped" in seen(table.app))


async def test_the_palette_has_every_command_of_the_screen(tmp_path: Path) -> None:
    from tutor.ui.palette import Palette

    table = desktop(tmp_path)
    async with table.running() as pilot:
        offered = [hit.text or "" async for hit in Palette(table.lesson).discover()]
        for one in COMMANDS:
            if one.scope in ("app", "lesson") and one.id != "app.palette":
                assert any(text.startswith(one.title) for text in offered), one.id
        found = [hit.text or "" async for hit in Palette(table.lesson).search("log scale")]
        assert any("Plot: log scale  (l)" in text for text in found) and any(
            "Runs: log scale" in text for text in found
        )
        await pilot.press("ctrl+p")
        await pilot.press(*"next page")
        await wait_for(pilot, lambda: found_first(table.app, "Next page"))
        await pilot.press("enter")
        await wait_for(pilot, lambda: table.lesson.desk.page.number == 2)


async def test_the_map_lists_lessons_and_what_is_wrong_with_one(tmp_path: Path) -> None:
    table = desktop(tmp_path, lesson=None)
    async with table.running((80, 24)) as pilot:
        words = ("0 of 3", "Start: First steps", "Second steps", "03-broken", "line 1")
        await wait_for(pilot, lambda: all(one in seen(table.app) for one in words))
        await pilot.press("end", "enter")
        await wait_for(pilot, lambda: any("03-broken.md" in one for one in said(table.app)))
        await pilot.press("home", "enter")
        await wait_for(pilot, lambda: table.app.lesson_screen is not None and table.app.screen is table.lesson)
        await pilot.press("f2")
        await wait_for(pilot, lambda: "Continue: First steps, page 1" in seen(table.app))
        await pilot.press("escape")
        await wait_for(pilot, lambda: table.app.screen is table.lesson)


async def test_the_map_says_no_total_before_it_knows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HomeScreen, "refresh_progress", lambda self: None)
    table = desktop(tmp_path)  # opens, and so reads, one lesson of the three
    async with table.running() as pilot:
        await pilot.press("f2")
        await wait_for(pilot, lambda: "Continue: First steps" in seen(table.app) and "Beginnings" in seen(table.app))
        shown = seen(table.app)
        assert " of " not in shown and "01  First steps" in shown
        table.app.screen._progress = table.app.study.progress()  # type: ignore[attr-defined]
        table.app.screen._draw()  # type: ignore[attr-defined]
        await wait_for(pilot, lambda: seen(table.app).count("0 of 3") == 2)


async def test_what_was_said_of_a_page_goes_with_it(tmp_path: Path) -> None:
    table = desktop(tmp_path)
    table.app.NOTIFICATION_TIMEOUT = 600  # type: ignore[misc]
    async with table.running() as pilot:
        table.app.say("Kept for all pages.")
        for _ in range(2):  # on the same page again, it is said again
            await pilot.press("ctrl+t")
            await wait_for(pilot, lambda: "Only an exercise can be checked" in seen(table.app))
            await pilot.press("f8")
            await wait_for(pilot, lambda: table.lesson.desk.page.number == 2)
            await wait_for(pilot, lambda: "Only an exercise can be checked" not in seen(table.app))
            await wait_for(pilot, lambda: "Kept for all pages." in seen(table.app))
            await pilot.press("f7")
            await wait_for(pilot, lambda: table.lesson.desk.page.number == 1)


async def test_another_lesson_is_opened_from_the_map(tmp_path: Path) -> None:
    table = desktop(tmp_path)
    async with table.running((80, 24)) as pilot:
        await pilot.press("f2")
        await wait_for(pilot, lambda: "Second steps" in seen(table.app))
        await pilot.press("down", "down", "enter")
        await wait_for(pilot, lambda: "nothing to run here" in seen(table.app))
        await pilot.press("f7")
        await wait_for(pilot, lambda: "First steps" in seen(table.app).splitlines()[0])
        await pilot.press("f7", "ctrl+t")
        await wait_for(pilot, lambda: table.lesson.panes.shown == "checks" and "0 of 1" in seen(table.app))


async def test_an_unknown_lesson_is_said_and_the_map_shown(tmp_path: Path) -> None:
    table = desktop(tmp_path, lesson="nowhere")
    async with table.running() as pilot:
        await wait_for(pilot, lambda: any("nowhere" in one for one in said(table.app)))
        await wait_for(pilot, lambda: isinstance(table.app.screen, HomeScreen))


async def test_a_key_in_the_bar_can_be_clicked(tmp_path: Path) -> None:
    table = desktop(tmp_path)
    async with table.running() as pilot:
        await wait_for(pilot, lambda: "f8 next" in seen(table.app).splitlines()[-1])
        bar = seen(table.app).splitlines()[-1]
        await pilot.click("#keys", offset=(bar.index("f8 next"), 0))
        await wait_for(pilot, lambda: table.lesson.desk.page.number == 2)


@pytest.mark.parametrize("theme", ["dark", "light", "ansi"])
async def test_themes(tmp_path: Path, theme: str) -> None:
    table = desktop(tmp_path, theme=theme)
    async with table.running() as pilot:
        await wait_for(pilot, lambda: theme in table.app.theme and theme in table.lesson.editor.theme)
        table.app.action_theme_light()
        await wait_for(pilot, lambda: "light" in table.lesson.editor.theme)


def inks_of_the_page(table: Desktop) -> list[tuple[str, str]]:
    """The text of the lesson's page, with its colours."""
    page = table.lesson.page.region
    strips = table.app.screen._compositor.render_strips()[page.y : page.bottom]
    return [(part.text, str(part.style)) for strip in strips for part in strip.crop(page.x, page.right - 1)]


@pytest.mark.parametrize("theme", ["light", "ansi"])
async def test_a_theme_that_is_chosen_later_colours_the_same(tmp_path: Path, theme: str) -> None:
    first = desktop(tmp_path / "first", theme=theme)
    async with first.running() as pilot:
        await wait_for(pilot, lambda: "Running code" in seen(first.app))
        wanted = inks_of_the_page(first)
    later = desktop(tmp_path / "later", theme="dark")
    async with later.running() as pilot:
        await wait_for(pilot, lambda: "Running code" in seen(later.app))
        assert inks_of_the_page(later) != wanted
        await later.app.run_action(f"theme_{theme}")
        await wait_for(pilot, lambda: inks_of_the_page(later) == wanted)


async def test_no_color(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    table = desktop(tmp_path)
    async with table.running() as pilot:
        await wait_for(pilot, lambda: "Running code" in seen(table.app))


async def test_without_an_editor_e_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    table = desktop(tmp_path)
    async with table.running() as pilot:
        await pilot.press("e")
        await wait_for(pilot, lambda: any("export EDITOR" in one for one in said(table.app)))
