"""What goes to the terminal while a training runs: what has changed, and nothing else again and again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.pilot import Pilot
from textual.widget import Widget

from tutor.ui.frame.key_bar import KeyBar
from tutor.ui.terminal_text import TerminalText
from tutor.ui.widgets.lines_view import LinesView


async def until(pilot: Pilot[None], predicate: Callable[[], object]) -> None:
    for _ in range(1500):
        if predicate():
            return
        await pilot.pause(0.02)
    raise AssertionError("it never came")


def refreshes(widget: Widget, monkeypatch: pytest.MonkeyPatch) -> list[Widget]:
    """Grows by one each time the widget asks to be painted, and paints nothing."""
    asked: list[Widget] = []
    monkeypatch.setattr(widget, "refresh", lambda *regions, **options: asked.append(widget))
    return asked


class Bar(App[None]):
    scopes = ("app",)

    def __init__(self) -> None:
        super().__init__()
        self.bar = KeyBar(id="keys")
        self.offered = True

    def compose(self) -> ComposeResult:
        yield self.bar

    def offers(self, name: str) -> bool:
        return self.offered or name != "interrupt"


async def test_the_keys_are_painted_again_only_when_they_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Bar()
    async with app.run_test(size=(80, 5)) as pilot:
        await until(pilot, lambda: app.bar.content_size.width)
        assert "interrupt" in str(app.bar.render())
        asked = refreshes(app.bar, monkeypatch)
        app.bar._changed(app.screen)
        assert not asked
        app.offered = False
        app.bar._changed(app.screen)
        assert asked
        assert "interrupt" not in str(app.bar.render())


class Panes(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.view, self.text = LinesView(), TerminalText()
        self.pane = Vertical(self.view)

    def compose(self) -> ComposeResult:
        yield self.pane

    def feed(self, words: str) -> None:
        self.text.feed(words, "stdout")
        self.view.show_lines(self.text.lines[:], [], self.text.take_changes())

    def shown(self, rows: int) -> list[str]:
        return [self.view.render_line(y).text.strip() for y in range(rows)]


async def test_output_that_is_not_seen_asks_for_no_painting(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Panes()
    async with app.run_test(size=(40, 10)) as pilot:
        await until(pilot, lambda: app.view.size)
        app.feed("one\n")
        app.pane.display = False
        await until(pilot, lambda: not app.view.size)
        with monkeypatch.context() as patch:
            asked = refreshes(app.view, patch)
            app.feed("two\n")
            assert not asked
        app.pane.display = True
        await until(pilot, lambda: app.view.size)
        app.feed("three\n")
        assert app.shown(3) == ["one", "two", "three"]
