"""The tutor's app: the way between its screens; everything else is a screen's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import SuspendNotSupported
from textual.binding import BindingType

from tutor.errors import TutorError
from tutor.study import Study
from tutor.ui.farewell import farewell
from tutor.ui.keys import bindings
from tutor.ui.reviewing import Reviewing
from tutor.ui.session import Changes, Connect, SessionReader
from tutor.ui.session_app import SessionApp

if TYPE_CHECKING:
    from textual._path import CSSPathType

    from tutor.runner.sessions import SessionInfo
    from tutor.settings import Settings
    from tutor.ui.desk import Desk
    from tutor.ui.screens.lesson import LessonScreen


HERE = Path(__file__).parent


class PytutorApp(SessionApp):
    """The tutor on the screen. `connect` finds or starts a session and attaches to it from its first event."""

    # Read with the app's own: a style sheet that comes with a screen has all of them parsed again.
    CSS_PATH: ClassVar[CSSPathType | None] = [HERE / "app.tcss", HERE / "screens" / "lesson.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = bindings("course")
    scopes: ClassVar[tuple[str, ...]] = ("app", "course")

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
        super().__init__(settings, lambda announce: SessionReader(connect, announce))
        self.study = study
        self._opening = (lesson_id, page)
        self._opens_review = review
        self.lesson_screen: LessonScreen | None = None
        self.reviewing = Reviewing(self)
        self._said_warning = ""

    def open_first(self) -> None:
        """The lesson that was asked for, else where the learner was, else the map."""
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
        """Look for a session, and say once what is wrong with settings or store."""
        super().connect_session()
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

        desk = Desk(self.study)
        desk.open(lesson_id, page)
        self.lesson_screen = self.make_lesson_screen(desk)
        self.push_screen(self.lesson_screen)

    def make_lesson_screen(self, desk: Desk) -> LessonScreen:
        """The screen on which lessons are read."""
        from tutor.ui.screens.lesson import LessonScreen

        return LessonScreen(self.study, self.reader, desk, self.settings)

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

    # The session

    def take_changes(self, changes: Changes) -> None:
        """The screens of lessons show what the session has said."""
        for screen in (self.lesson_screen, self.reviewing.screen):
            if screen is not None:
                screen.take_changes(changes)

    def action_reconnect(self) -> None:
        """Connect again, unless there is a session."""
        if self.reader.attached:
            self.say("A session is there already.")
        else:
            self.connect_session()

    def offers(self, command: str) -> bool:
        """Whether a command makes sense now."""
        if command not in ("home", "review"):
            return super().offers(command)
        # A question or the help may lie over the screen: what counts is what lies beneath.
        scopes = [scope for screen in self.screen_stack if (scope := getattr(screen, "scope", ""))]
        if command == "review":
            return scopes[-1:] == ["home"] and bool(self.study.memory.due())
        return scopes[-1:] != ["home"]

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
