"""Help: the keys of what has the focus, then all commands by group, from the command table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.app import App
from textual.binding import ActiveBinding, Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from tutor.ui.commands import BY_ID, Command
from tutor.ui.keys import display_key, reach, shown_keys
from tutor.ui.screens.sheet import Sheet
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import EMPTY, hang, styled

Row = tuple[str, str]

KEYS_WIDTH = 22
"""The widest column of keys; longer ones have a line of their own."""


class Help(Sheet):
    """Keys and what they do; the key that shows it closes it too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "close", "Close", tooltip="Close the help", id="help.close"),
    ]

    def __init__(self, sections: Sequence[tuple[str, Sequence[Row]]]) -> None:
        super().__init__("Help", HelpText(sections))


class HelpText(Flow):
    """All sections, the words hanging behind the keys."""

    def __init__(self, sections: Sequence[tuple[str, Sequence[Row]]]) -> None:
        super().__init__()
        self._sections = sections

    def lines(self, width: int) -> list[Content]:
        """A heading and rows for each section."""
        lines: list[Content] = []
        lengths = [len(keys) for _, rows in self._sections for keys, _ in rows]
        column = max([15, *(length for length in lengths if length <= KEYS_WIDTH)])
        for title, rows in self._sections:
            lines.append(styled(title, ".flow--heading"))
            for keys, words in rows:
                if len(keys) > column:
                    lines.append(styled(keys, ".flow--key"))
                    keys = ""
                lines += hang(Content(words), width, styled(f"{keys:<{column}} ", ".flow--key"))
            lines.append(EMPTY)
        return lines[:-1]


def help_sections(
    screen: Screen[object], keymap: Mapping[str, str], app_scopes: Sequence[str]
) -> list[tuple[str, list[Row]]]:
    """What the help says on a screen, first for the widget that has the focus."""
    here = [*getattr(screen.focused, "key_help", ()), *_widget_rows(screen.active_bindings.values())]
    sections = [("Here", here)] if here else []
    usable = reach(screen, app_scopes)
    for group in dict.fromkeys(command.group for command in usable):
        sections.append((group, _group_rows([one for one in usable if one.group == group], keymap)))
    return sections


def _group_rows(commands: Sequence[Command], keymap: Mapping[str, str]) -> list[Row]:
    """A row for each command with keys; those without share one, because they are found in the palette."""
    rows = [(" ".join(keys), one.tooltip) for one in commands if (keys := shown_keys(one, keymap))]
    named = [one.title for one in commands if not shown_keys(one, keymap)]
    if named:
        palette = shown_keys(BY_ID["app.palette"], keymap)
        rows.append((" ".join(palette), f"and by name: {', '.join(named)}."))
    return rows


def _widget_rows(active: Iterable[ActiveBinding]) -> list[Row]:
    """Keys that belong to a widget: those of the screen and the app stand in the command table."""
    found: dict[str, list[str]] = {}
    for node, binding, enabled, tooltip in active:
        if enabled and tooltip and not isinstance(node, App | Screen):
            found.setdefault(tooltip, []).append(display_key(binding.key))
    return [(" ".join(keys), words) for words, keys in found.items()]
