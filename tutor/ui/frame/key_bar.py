"""The line at the bottom: the keys that matter now."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from tutor.ui.commands import COMMANDS, Command
from tutor.ui.keys import scopes_of, shown_keys

LAST = ("app.help", "app.quit")
"""Commands that stand at the right end whatever the width."""

GAP = 2
"""Cells between two entries."""


class KeyBar(Widget):
    """Shows as many commands as there is room for, those of the screen first; a click runs one.

    `note` stands before them: how to leave the editor, what the focused pane wants.
    """

    note: reactive[str] = reactive("")
    _places: list[tuple[int, int, Command]]
    _shown = Content("")

    def on_mount(self) -> None:
        """Follow the focus and everything that changes what can be done."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        """Most changes leave the line as it is: sent again, it would be the greater part of what a training sends."""
        if not self._line().is_same(self._shown):
            self.refresh()

    def render(self) -> Content:
        """The line."""
        self._shown = self._line()
        return self._shown

    def _line(self) -> Content:
        width = self.content_size.width
        usable = [command for command in COMMANDS if command.label and self._usable(command)]
        # What this screen adds to another one is why one is here.
        added = scopes_of(self.screen)[1:]
        usable.sort(key=lambda command: command.scope not in added)
        entries = {command: _entry(command, self._keymap) for command in usable}
        last = [command for command in usable if command.id in LAST]
        right = sum(entries[command].cell_length for command in last) + GAP * (len(last) - 1)
        line = Content.styled(self.note, "bold $text-accent")
        self._places = []
        for command, entry in entries.items():
            gap = GAP if line else 0
            if command not in last and line.cell_length + gap + entry.cell_length + GAP + right <= width:
                line = self._place(line.pad_right(gap), command, entry)
        line = line.pad_right(max(0, width - line.cell_length - right))
        for command in last:
            line = self._place(line, command, entries[command]).pad_right(GAP)
        return line.rstrip()

    def _place(self, line: Content, command: Command, entry: Content) -> Content:
        begin = line.cell_length
        line += entry
        self._places.append((begin, line.cell_length, command))
        return line

    async def on_click(self, event: events.Click) -> None:
        """Run the command under the mouse."""
        at = event.x - self.styles.padding.left
        for begin, end, command in self._places:
            if begin <= at < end:
                await (self.app if command.of_app else self.screen).run_action(command.action)

    @property
    def _keymap(self) -> Mapping[str, str]:
        keymap: Mapping[str, str] = getattr(self.app, "keymap", {})
        return keymap

    def _usable(self, command: Command) -> bool:
        screen = self.screen
        if command.of_app:
            here = command.scope in getattr(self.app, "scopes", ())
            return here and bool(getattr(self.app, "offers", bool)(command.name))
        return command.scope in scopes_of(screen) and bool(getattr(screen, "offers", bool)(command.name))


def _entry(command: Command, keymap: Mapping[str, str]) -> Content:
    key = next(iter(shown_keys(command, keymap)), "")
    return Content.styled(key, "bold $text-accent") + Content.styled(f" {command.label}", "$foreground 85%")
