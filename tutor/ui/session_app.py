"""What every app of ours is: it owns a session's reader, stops what runs, and says sentences. Screens are for heirs."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import App
from textual.binding import BindingType
from textual.message import Message
from textual.worker import Worker, WorkerState

from tutor.ui.keys import bindings, keymap, scopes_of
from tutor.ui.pen import thinning
from tutor.ui.session import Changes, SessionReader
from tutor.ui.themes import ANSI, DARK, LIGHT, NAMES, theme_name
from tutor.ui.visible import visible_line

if TYPE_CHECKING:
    from textual._path import CSSPathType
    from textual.command import Provider
    from textual.driver import Driver

    from tutor.settings import Settings
    from tutor.ui.run_control import RunControl

Severity = Literal["information", "warning", "error"]


def _palette() -> type[Provider]:
    from tutor.ui.palette import Palette

    return Palette


class SessionChanged(Message):
    """The session's reader has something new; `SessionReader.take` says what."""


class SessionApp(App[None]):
    """An app over one session. Heirs say which scopes of commands they have and what they do with changes.

    `make_reader` gets what the reader is to call when something has changed.
    """

    TITLE = "pytutor"
    CSS_PATH: ClassVar[CSSPathType | None] = Path(__file__).with_name("app.tcss")
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    NOTIFICATION_TIMEOUT = 5
    scopes: ClassVar[tuple[str, ...]] = ("app",)
    hard_words: ClassVar[str] = ""

    def __init__(self, settings: Settings, make_reader: Callable[[Callable[[], object]], SessionReader]) -> None:
        super().__init__()
        for theme in (ANSI, DARK, LIGHT):
            self.register_theme(theme)
        self.theme = theme_name(settings.theme)
        self.stylesheet.set_variables(self.get_css_variables())
        self.settings = settings
        self.reader = make_reader(lambda: self.post_message(SessionChanged()))
        self.keymap, self._complaints = keymap(settings.keys)
        self.farewell = ""
        self._said = ("", 0.0)
        self._said_of_page: list[str] = []

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, sending no style twice."""
        return thinning(super().get_driver_class())

    def on_mount(self) -> None:
        """Show the first screen at once; the session comes after the first paint."""
        self.set_keymap(self.keymap)
        self.open_first()
        self.call_after_refresh(self.connect_session)

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew. The first theme asks for that before there is a screen: then nothing is styled yet."""
        if self.screen_stack:
            super().refresh_css(animate=animate)

    @cached_property
    def control(self) -> RunControl:
        """Stops what runs."""
        from tutor.ui.run_control import RunControl

        return RunControl(self.reader, self.say, self.set_timer, self.hard_words)

    def open_first(self) -> None:
        """Push the first screen."""

    def take_changes(self, changes: Changes) -> None:
        """Show what the session has said."""

    def offers(self, command: str) -> bool:
        """Whether a command makes sense now."""
        return command != "interrupt" or self.reader.transcript.busy

    def connect_session(self) -> None:
        """Look for the session in the background, and say once what is wrong with the settings."""
        if not gc.isenabled():  # see tutor.cli
            gc.freeze()  # what the start has made stays: later collections need not look at it
            gc.enable()
        self.run_worker(self.reader.run(), name="session", group="session", exclusive=True, exit_on_error=False)
        for complaint in (*self._complaints, *self.settings.warnings):
            self.say(complaint, severity="warning")
        self._complaints = []

    def on_session_changed(self) -> None:
        """Hand on what the session has said."""
        changes = self.reader.take()
        for note in changes.notes:
            self.say(note, severity="warning")
        if changes.kernel:
            self.screen.refresh_bindings()
        self.take_changes(changes)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault of the reader itself is said, and the rest of the app goes on."""
        if event.worker.group == "session" and event.state is WorkerState.ERROR:
            self.say(f"The session's reader has failed: {event.worker.error!r}. The palette can start another.")

    # What the keys do

    def action_help(self) -> None:
        """Show the help for what has the focus."""
        from tutor.ui.screens.help import Help, help_sections

        if scopes_of(self.screen):
            self.push_screen(Help(help_sections(self.screen, self.keymap, self.scopes)))

    def action_about(self) -> None:
        """Show version, licence and attributions."""
        from tutor.ui.screens.about import About

        self.push_screen(About())

    def action_palette(self) -> None:
        """Show all commands."""
        self.action_command_palette()

    def action_interrupt(self) -> None:
        """Interrupt what runs; else copy what is selected."""
        if not self.control.interrupt():
            self._copy()

    def action_insist(self) -> None:
        """Interrupt once more, harder."""
        self.control.insist()

    def action_stop_hard(self) -> None:
        """End the kernel and start another."""
        self.control.stop_hard()

    def _copy(self) -> None:
        selected = getattr(self.focused, "selected_text", "") or self.screen.get_selected_text() or ""
        if selected:
            self.copy_to_clipboard(selected)
            self.say("Copied.")
        else:
            self.say("Nothing runs and nothing is selected. ctrl+q leaves the tutor.")

    def action_theme_dark(self) -> None:
        """Dark colours."""
        self.theme = NAMES["dark"]

    def action_theme_light(self) -> None:
        """Light colours."""
        self.theme = NAMES["light"]

    def action_theme_ansi(self) -> None:
        """The terminal's colours."""
        self.theme = NAMES["ansi"]

    # Words

    def say(self, sentence: str, *, severity: Severity = "information", of_page: bool = False) -> None:
        """Tell the learner one sentence; it is data, whatever stands in it. `of_page`: it goes when the page does."""
        words, now = visible_line(sentence), time.monotonic()
        if words != self._said[0] or now - self._said[1] > self.NOTIFICATION_TIMEOUT:
            self._said = (words, now)
            self.notify(words, severity=severity, markup=False)
            if of_page:
                self._said_of_page.append(words)

    def page_left(self) -> None:
        """Another page is shown from now on: what was said of this one would only puzzle there."""
        if self._said_of_page:
            gone, self._said_of_page, self._said = frozenset(self._said_of_page), [], ("", 0.0)
            self.call_later(self._take_back, gone)  # behind those that are still on their way to the screen

    def _take_back(self, gone: frozenset[str]) -> None:
        for one in list(self._notifications):
            if one.message in gone:
                self._unnotify(one, refresh=False)
        self._refresh_notifications()

    def say_trouble(self) -> None:
        """Say why there is no session."""
        trouble = self.reader.trouble
        self.say(str(trouble) if trouble is not None else "The session is still starting.", severity="error")
