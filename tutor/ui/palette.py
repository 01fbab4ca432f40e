"""The palette: every command of the table that belongs to the screen, what its panes can do, and every lesson."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tutor.ui.keys import display_key, reach, shown_keys
from tutor.ui.screens.paned import PanedScreen
from tutor.ui.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.widget import Widget

    from tutor.ui.app import PytutorApp


class Palette(Provider):
    """Offers commands with their keys and what they do."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed: commands only."""
        for title, help_text, run in self._commands():
            yield DiscoveryHit(Content(title), run, text=title, help=help_text)

    async def search(self, query: str) -> Hits:
        """What fits the query, lessons as well."""
        matcher = self.matcher(query)
        for title, help_text, run in (*self._commands(), *self._panes(), *self._lessons()):
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), run, text=title, help=help_text)

    @property
    def _tutor(self) -> PytutorApp:
        return cast("PytutorApp", self.app)

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], Awaitable[object]]]]:
        for command in reach(self.screen, self._tutor.scopes):
            if command.id != "app.palette":
                keys = " ".join(shown_keys(command, self._tutor.keymap))
                title = f"{command.title}  ({keys})" if keys else command.title
                node = self.app if command.of_app else self.screen
                yield title, command.tooltip, partial(node.run_action, command.name)

    def _panes(self) -> Iterator[tuple[str, str, Callable[[], Awaitable[object]]]]:
        """What the keys of the panes do, which take them while they have the keyboard."""
        screen = self.screen
        if isinstance(screen, PanedScreen):
            for pane, name in screen.keyed.items():
                for widget in dict.fromkeys((screen.query_one(f"#{pane}"), screen.keyboard_of(pane))):
                    for words, keys, action, tooltip in _bound(widget):
                        title = f"{name}: {words.lower()}  ({' '.join(keys)})"
                        yield title, tooltip, partial(self._do_in, pane, widget, action)

    async def _do_in(self, pane: str, widget: Widget, action: str) -> None:
        cast("PanedScreen", self.screen).go_to(pane)
        await widget.run_action(action)

    def _lessons(self) -> Iterator[tuple[str, str, Callable[[], Awaitable[object]]]]:
        if "course" not in self._tutor.scopes:
            return
        for number, entry in self._tutor.study.course.numbered():
            if entry.error is None:
                title = f"Open {number:02d}: {visible_line(entry.front.title)}"
                yield title, visible_line(entry.front.summary), partial(self._tutor.open_lesson, entry.front.id)


def _bound(widget: Widget) -> Iterator[tuple[str, list[str], str, str]]:
    """What a widget's own keys do: title, keys, the action of the first key, and the sentence that they share."""
    found: dict[str, tuple[str, list[str], str, str]] = {}
    for binding in Binding.make_bindings(type(widget).__dict__.get("BINDINGS", ())):
        if binding.tooltip and binding.description:
            known = found.setdefault(binding.tooltip, (binding.description, [], binding.action, binding.tooltip))
            known[1].append(display_key(binding.key))
    return iter(found.values())
