"""Help: the keys of what has the focus, then all commands by group, from the command table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.app import App
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from tutor.ui.commands import COMMANDS, Command, display_key, shown_keys

Row = tuple[str, str]


class Help(ModalScreen[None]):
    """A table of keys and what they do; any of the usual keys closes it."""

    DEFAULT_CSS = """
    Help {
        align: center middle;
        & > VerticalScroll {
            width: 92; max-width: 100%; height: auto; max-height: 100%;
            padding: 1 2; border: round $primary; border-title-style: bold; background: $surface;
        }
        Static { height: auto; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f1,question_mark", "close", "Close", tooltip="Close the help", id="help.close"),
    ]

    def __init__(self, sections: Sequence[tuple[str, Sequence[Row]]]) -> None:
        super().__init__()
        self._sections = sections

    def compose(self) -> Iterable[Widget]:
        """One block of text per section."""
        with VerticalScroll() as scroll:
            scroll.border_title = Content(" Help ")
            scroll.border_subtitle = Content(" esc closes · arrows scroll ")
            for title, rows in self._sections:
                yield Static(_section(title, rows))

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


def help_sections(screen: Screen[object], scope: str, keymap: Mapping[str, str]) -> list[tuple[str, list[Row]]]:
    """What the help says on a screen of this scope, first for the widget that has the focus."""
    here = [*getattr(screen.focused, "key_help", ()), *_widget_rows(screen.active_bindings.values())]
    sections = [("Here", here)] if here else []
    usable = [command for command in COMMANDS if command.scope in ("app", scope)]
    for group in dict.fromkeys(command.group for command in usable):
        sections.append((group, [_row(command, keymap) for command in usable if command.group == group]))
    return sections


def _row(command: Command, keymap: Mapping[str, str]) -> Row:
    return " ".join(shown_keys(command, keymap)) or "ctrl+p", command.tooltip


def _widget_rows(active: Iterable[ActiveBinding]) -> list[Row]:
    """Keys that belong to a widget: those of the screen and the app stand in the command table."""
    found: dict[str, list[str]] = {}
    for node, binding, enabled, tooltip in active:
        if enabled and tooltip and not isinstance(node, App | Screen):
            found.setdefault(tooltip, []).append(display_key(binding.key))
    return [(" ".join(keys), words) for words, keys in found.items()]


def _section(title: str, rows: Sequence[Row]) -> Content:
    lines = [Content.styled(title, "bold underline")]
    for keys, words in rows:
        lines.append(Content.styled(f"{keys:<18} ", "bold $text-accent") + Content(words))
    return Content("\n").join([*lines, Content("")])
