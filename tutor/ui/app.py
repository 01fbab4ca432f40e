"""The app: owns the session's reader and the way between screens; everything else is a screen's."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import App, SuspendNotSupported
from textual.binding import BindingType
from textual.message import Message
from textual.worker import Worker, WorkerState

from tutor.errors import TutorError
from tutor.study import Study
from tutor.ui.commands import bindings, keymap
from tutor.ui.farewell import farewell
from tutor.ui.reviewing import Reviewing
from tutor.ui.run_control import RunControl
from tutor.ui.session import Connect, SessionReader
from tutor.ui.themes import DARK, LIGHT, NAMES, theme_name
from tutor.ui.visible import visible_line

if TYPE_CHECKING:
    from textual.command import Provider

    from tutor.runner.sessions import SessionInfo
    from tutor.settings import Settings
    from tutor.ui.screens.lesson import LessonScreen

Severity = Literal["information", "warning", "error"]


def _palette() -> type[Provider]:
    from tutor.ui.palette import Palette

    return Palette


class SessionChanged(Message):
    """The session's reader has something new; `SessionReader.take` says what."""


class PytutorApp(App[None]):
    """The tutor on the screen. `connect` finds or starts a session and attaches to it from its first event."""

    TITLE = "pytutor"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    NOTIFICATION_TIMEOUT = 5

    def __init__(
        self,
        study: Study,
        settings: Settings,
        *,
        connect: Connect,
        lesson_id: str | None = None,
        page: int | None = None,
        review: bool = False,
    ) -> None:
        super().__init__()
        self.study = study
        self.settings = settings
        self.reader = SessionReader(connect, lambda: self.post_message(SessionChanged()))
        self.keymap, self._complaints = keymap(settings.keys)
        self._opening = (lesson_id, page)
        self._opens_review = review
        self.control = RunControl(self.reader, self.say, self.set_timer)
        self.lesson_screen: LessonScreen | None = None
        self.reviewing = Reviewing(self)
        self.farewell = ""
        self._said = ("", 0.0)
        self._said_warning = ""

    def on_mount(self) -> None:
        """Show the lesson or the map at once; the session comes after the first paint."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = theme_name(self.settings.theme)
        self.set_keymap(self.keymap)
        self._open_first()
        self.call_after_refresh(self.connect_session)

    def _open_first(self) -> None:
        lesson_id, page = self._opening
        if self._opens_review:
            self.action_home()
            self.action_review()
            return
        if lesson_id is None:
            place = self.study.place()
            lesson_id = place.lesson_id if place is not None else None
        if lesson_id is None:
            self.action_home()
            return
        try:
            self._push_lesson(lesson_id, page)
        except TutorError as error:
            self.say(str(error), severity="error")
            self.action_home()

    def connect_session(self) -> None:
        """Look for a session in the background, and say once what is wrong with settings or store."""
        if not gc.isenabled():  # see tutor.commands.learn
            gc.freeze()  # what the start has made stays: later collections need not look at it
            gc.enable()
        self.run_worker(self.reader.run(), name="session", group="session", exclusive=True, exit_on_error=False)
        for complaint in (*self._complaints, *self.settings.warnings):
            self.say(complaint, severity="warning")
        self._complaints = []
        self.say_store_warning()

    async def action_quit(self) -> None:
        """Keep what was typed, let go of the session, and leave; what runs goes on."""
        if self.lesson_screen is not None:
            self.lesson_screen.drafts.flush()
        self.farewell = farewell(self.reader.transcript)
        await self.reader.close()
        self.exit()

    # Lessons and the map

    def _push_lesson(self, lesson_id: str, page: int | None = None) -> None:
        from tutor.ui.desk import Desk
        from tutor.ui.screens.lesson import LessonScreen

        desk = Desk(self.study)
        desk.open(lesson_id, page)
        self.lesson_screen = LessonScreen(self.study, self.reader, desk, self.settings)
        self.push_screen(self.lesson_screen)

    async def open_lesson(self, lesson_id: str) -> None:
        """Go from the map to a lesson; what cannot be shown is said."""
        try:
            if self.lesson_screen is None:
                self._push_lesson(lesson_id)
            else:
                await self.lesson_screen.open(lesson_id)
                self.leave_map()
        except TutorError as error:
            self.say(str(error), severity="error")

    def leave_map(self) -> None:
        """Go back from the map to the lesson that is open."""
        if self.lesson_screen is not None and self.screen is not self.lesson_screen:
            # Not awaited: the map itself may be the caller, and would wait for its own end.
            self.pop_screen()

    def action_home(self) -> None:
        """Show the course map."""
        from tutor.ui.screens.home import HomeScreen

        self.reviewing.end()
        if isinstance(self.screen, HomeScreen):
            return
        if self.lesson_screen is not None:
            self.lesson_screen.drafts.flush()
        self.push_screen(HomeScreen(self.study))

    def action_review(self) -> None:
        """Ask again what is due."""
        self.reviewing.begin()

    def action_help(self) -> None:
        """Show the help for what has the focus."""
        from tutor.ui.screens.help import Help, help_sections

        scope = getattr(self.screen, "scope", "")
        if scope:
            self.push_screen(Help(help_sections(self.screen, scope, self.keymap)))

    def action_about(self) -> None:
        """Show version, licence and attributions."""
        from tutor.ui.screens.about import About

        self.push_screen(About())

    def action_palette(self) -> None:
        """Show all commands."""
        self.action_command_palette()

    # The session

    def on_session_changed(self) -> None:
        """Hand on what the session has said."""
        changes = self.reader.take()
        for note in changes.notes:
            self.say(note, severity="warning")
        if changes.kernel:
            self.screen.refresh_bindings()
        for screen in (self.lesson_screen, self.reviewing.screen):
            if screen is not None:
                screen.take_changes(changes)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault of the reader itself is said, and the rest of the tutor goes on."""
        if event.worker.group == "session" and event.state is WorkerState.ERROR:
            self.say(f"The session's reader has failed: {event.worker.error!r}. The palette can start another.")

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

    def action_reconnect(self) -> None:
        """Connect again, unless there is a session."""
        if self.reader.attached:
            self.say("A session is there already.")
        else:
            self.connect_session()

    # Looks and words

    def action_theme_dark(self) -> None:
        """Dark colours."""
        self.theme = NAMES["dark"]

    def action_theme_light(self) -> None:
        """Light colours."""
        self.theme = NAMES["light"]

    def action_theme_ansi(self) -> None:
        """The terminal's colours."""
        self.theme = NAMES["ansi"]

    def offers(self, command: str) -> bool:
        """Whether a command makes sense now."""
        if command == "interrupt":
            return self.reader.transcript.busy
        # A question or the help may lie over the screen: what counts is what lies beneath.
        scopes = [scope for screen in self.screen_stack if (scope := getattr(screen, "scope", ""))]
        if command == "review":
            return scopes[-1:] == ["home"] and bool(self.study.memory.due())
        return command != "home" or scopes[-1:] != ["home"]

    def say(self, sentence: str, *, severity: Severity = "information") -> None:
        """Tell the learner one sentence; it is data, whatever stands in it."""
        words, now = visible_line(sentence), time.monotonic()
        if words != self._said[0] or now - self._said[1] > self.NOTIFICATION_TIMEOUT:
            self._said = (words, now)
            self.notify(words, severity=severity, markup=False)

    def say_trouble(self) -> None:
        """Say why there is no session."""
        trouble = self.reader.trouble
        self.say(str(trouble) if trouble is not None else "The session is still starting.", severity="error")

    def say_store_warning(self) -> None:
        """Say once that nothing can be kept."""
        warning = self.study.warning
        if warning and warning != self._said_warning:
            self._said_warning = warning
            self.say(warning, severity="warning")

    def edit_outside(self, text: str) -> str | None:
        """Let the learner's own editor change a text; None when that did not work, which is said."""
        from tutor.ui.external_editor import edit, editor_command

        try:
            command = editor_command()
            with self.suspend():
                return edit(text, command)
        except TutorError as error:
            self.say(str(error), severity="error")
        except SuspendNotSupported:
            self.say("This terminal cannot be lent to another program.", severity="error")
        return None


def run_app(
    study: Study,
    settings: Settings,
    *,
    lesson_id: str | None = None,
    page: int | None = None,
    new: bool = False,
    session: SessionInfo | None = None,
    mouse: bool = True,
    review: bool = False,
) -> int:
    """Show the tutor until the learner leaves; the exit code. With `review` it begins with what is due.

    It comes back to `session`, else to the newest one that is alive; `new` starts another. A session that goes on
    after this is told on stdout.
    """
    from tutor.ui.connecting import connector

    connect = connector(settings, new=new, session=session)
    app = PytutorApp(study, settings, connect=connect, lesson_id=lesson_id, page=page, review=review)
    app.run(mouse=mouse)
    if app.farewell:
        print(app.farewell)
    return app.return_code or 0
