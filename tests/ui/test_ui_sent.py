"""What goes to the terminal while a training runs: what has changed, and nothing else again and again."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from tutor.ui.frame.key_bar import KeyBar
from tutor.ui.terminal_text import TerminalText
from tutor.ui.widgets.lines_view import LinesView


class Counting(KeyBar):
    """Counts how often it is drawn."""

    drawn = 0

    def render_line(self, y: int):  # type: ignore[no-untyped-def]
        self.drawn += 1
        return super().render_line(y)


class Bar(App[None]):
    scopes = ("app",)

    def __init__(self) -> None:
        super().__init__()
        self.bar = Counting(id="keys")
        self.offered = True

    def compose(self) -> ComposeResult:
        yield self.bar

    def offers(self, name: str) -> bool:
        return self.offered or name != "interrupt"


async def test_the_keys_are_drawn_again_only_when_they_are_others() -> None:
    app = Bar()
    async with app.run_test(size=(80, 5)) as pilot:
        bar = app.bar
        assert "interrupt" in bar.render().plain
        before = bar.drawn
        for _ in range(5):
            bar._changed(app.screen)
            await pilot.pause()
        assert bar.drawn == before
        app.offered = False
        bar._changed(app.screen)
        await pilot.pause()
        assert bar.drawn > before
        assert "interrupt" not in bar.render().plain


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


async def test_output_that_is_not_seen_asks_for_no_painting(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    app = Panes()
    async with app.run_test(size=(40, 10)) as pilot:
        app.feed("one\n")
        await pilot.pause()
        app.pane.display = False
        await pilot.pause()
        asked: list[Widget] = []
        monkeypatch.setattr(app.view, "refresh", lambda *regions, **options: asked.append(app.view))
        app.feed("two\n")
        await pilot.pause()
        assert not asked
        monkeypatch.undo()
        app.pane.display = True
        await pilot.pause()
        app.feed("three\n")
        await pilot.pause()
        assert [app.view.render_line(y).text.strip() for y in range(3)] == ["one", "two", "three"]
