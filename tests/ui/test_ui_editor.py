"""The editor: indentation, escape, what is typed and what is pasted."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from tutor.ui.frame.editor import Editor
from tutor.ui.frame.indenting import begin_after, dedented, indented


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        ("x = 1", ""),
        ("for i in x:", "    "),
        ("    if y:", "        "),
        ("        return 3", "    "),
        ("pass", ""),
        ("call(", "    "),
        ("# note:", ""),
        ("    passed = 1", "    "),
        ("", ""),
    ],
)
def test_a_new_line_begins_where_python_wants_it(line: str, begins: str) -> None:
    assert begin_after(line) == begins


def test_lines_move_by_whole_steps() -> None:
    assert [dedented(" " * blanks + "x") for blanks in (0, 1, 4, 6, 8)] == ["x", "x", "x", "    x", "    x"]
    assert [indented(" " * blanks + "x") for blanks in (0, 1, 4)] == ["    x", "    x", "        x"]
    assert indented("") == ""


class Bench(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.editor = Editor()
        self.left = 0
        self.edits: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.editor

    def on_editor_left(self) -> None:
        self.left += 1

    def on_editor_edited(self, message: Editor.Edited) -> None:
        self.edits.append(message.text)


async def test_typing_indents_and_a_burst_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Bench()
    async with app.run_test() as pilot:
        app.editor.focus()
        monkeypatch.setattr("tutor.ui.frame.editor.BURST", -1.0)
        await pilot.press(*"if x:", "enter", *"y", "enter", "shift+tab", *"z")
        assert app.editor.text == "if x:\n    y\nz"
        app.editor.show_code("")
        monkeypatch.setattr("tutor.ui.frame.editor.BURST", 1e9)
        await pilot.press(*"if x:", "enter", *"  y", "enter", *"z")
        assert app.editor.text == "if x:\n  y\nz"


async def test_keys_in_one_burst_keep_their_order() -> None:
    app = Bench()
    async with app.run_test() as pilot:
        app.editor.show_code("one\ntwo\nthree", first_line=40)
        app.editor.focus()
        await pilot.pause()
        for key in ("down", "home", "ctrl+k", "x", "down", "end", "y"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert app.editor.text == "one\nx\nthreey"
        assert app.editor.line_number_start == 40


async def test_selected_lines_move_together_and_backspace_takes_a_step() -> None:
    app = Bench()
    async with app.run_test() as pilot:
        app.editor.show_code("a\nb\nc")
        app.editor.focus()
        await pilot.press("shift+down", "shift+end", "tab")
        assert app.editor.text == "    a\n    b\nc"
        await pilot.press("shift+tab")
        assert app.editor.text == "a\nb\nc"
        app.editor.show_code("        x")
        await pilot.press(*["right"] * 8, "backspace")
        assert app.editor.text == "    x"
        await pilot.press("ctrl+z")
        assert app.editor.text == "        x"


async def test_escape_leaves_and_loading_is_no_edit() -> None:
    app = Bench()
    async with app.run_test() as pilot:
        app.editor.show_code("x = 1")
        app.editor.focus()
        await pilot.press("escape")
        await pilot.pause()
        assert app.left == 1 and not app.edits
        await pilot.press("y")
        await pilot.pause()
        assert app.edits == ["yx = 1"]


async def test_all_of_it_is_selected_to_be_replaced_and_runs_as_a_whole() -> None:
    app = Bench()
    async with app.run_test() as pilot:
        app.editor.focus()
        app.editor.show_code("a = 1\nb = 2", 7)
        await pilot.press("down", "ctrl+a")
        assert app.editor.selected_text == "a = 1\nb = 2"
        assert app.editor.code_to_run == ("a = 1\nb = 2", 1)
        await pilot.press("c")
        assert app.editor.text == "c"
        await pilot.press("ctrl+z")
        assert app.editor.text == "a = 1\nb = 2"
