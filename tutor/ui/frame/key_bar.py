"""The line at the bottom: the keys that matter now."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from tutor.ui.commands import COMMANDS, Command, shown_keys

LAST = ("app.help", "app.quit")
"""Commands that stand at the right end whatever the width."""


class KeyBar(Widget):
    """Shows as many commands as there is room for, those of the screen first; a click runs one.

    `note` stands before them: how to leave the editor, what the focused pane wants.
    """

    note: reactive[str] = reactive("")

    def on_mount(self) -> None:
        """Follow the focus and everything that changes what can be done."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Content:
        """The line."""
        width = self.content_size.width
        overrides = getattr(self.app, "keymap", {})
        usable = [command for command in COMMANDS if command.label and self._usable(command)]
        last = [_entry(command, overrides) for command in usable if command.id in LAST]
        right = Content("  ").join(last)
        line = Content.styled(self.note + "  ", "bold $text-accent") if self.note else Content("")
        for command in usable:
            entry = _entry(command, overrides) + Content("  ")
            if command.id not in LAST and line.cell_length + entry.cell_length + right.cell_length <= width:
                line += entry
        return line.pad_right(max(0, width - line.cell_length - right.cell_length)) + right

    def _usable(self, command: Command) -> bool:
        screen = self.screen
        if command.scope == "app":
            return bool(getattr(self.app, "offers", bool)(command.name))
        return command.scope == getattr(screen, "scope", "") and bool(getattr(screen, "offers", bool)(command.name))


def _entry(command: Command, overrides: dict[str, str]) -> Content:
    keys = shown_keys(command, overrides)
    text = Content.styled(keys[0] if keys else "", "bold $text-accent") + Content.styled(
        f" {command.label}", "$foreground 85%"
    )
    return text.stylize(Style.from_meta({"@click": command.action}))
