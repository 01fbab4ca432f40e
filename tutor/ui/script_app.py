"""The app for one script: `pytutor run train.py` on a terminal, and coming back to it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from tutor.printable import printable
from tutor.runner.client import Runner
from tutor.runner.protocol.requests import Run
from tutor.runner.script_session import ScriptSession
from tutor.runner.sessions import start
from tutor.settings import Settings
from tutor.ui.keys import bindings
from tutor.ui.screens.script import ScriptScreen
from tutor.ui.script_state import going_on, report
from tutor.ui.session import Changes, Connect, SessionReader
from tutor.ui.session_app import SessionApp


class ScriptApp(SessionApp):
    """Output and curves of a script. After it, `farewell` and `status` are for the terminal and the shell."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("app")
    hard_words: ClassVar[str] = "Stopping hard: the script's process is ended."

    def __init__(self, script: str, settings: Settings, *, connect: Connect) -> None:
        super().__init__(settings, lambda announce: SessionReader(connect, announce, again=False))
        self.script = script
        self.status = 0
        self.script_screen = ScriptScreen(self.reader, script, settings)

    def open_first(self) -> None:
        """The only screen."""
        self.push_screen(self.script_screen)

    def take_changes(self, changes: Changes) -> None:
        """The screen shows them."""
        self.script_screen.take_changes(changes)

    async def action_quit(self) -> None:
        """Let go of the script, which goes on if it has not ended, and leave."""
        record, trouble = self.script_screen.record, self.reader.trouble
        if record is not None and not record.running:
            self.status = record.status
            self.farewell = report(self.script, record, self.reader.boards.get(record.run))
        elif trouble is not None:
            self.status, self.farewell = 1, f"pytutor: {trouble}"
        elif self.reader.transcript.session:
            self.farewell = going_on(self.script, self.reader.transcript.session)
        await self.reader.close()
        self.exit()


def run_script(script: str, request: Run, settings: Settings, *, mouse: bool = True) -> int:
    """Start a script and show it; its exit status, or 0 when it goes on without us."""

    async def connect() -> Runner:
        info = await start(**settings.session_options(), script=script)
        session = await ScriptSession.attach(info.folder)
        session.send(app.script_screen.output.fitted(request))
        return session

    app = ScriptApp(script, settings, connect=connect)
    return _show(app, mouse)


def attach_script(script: str, folder: Path, settings: Settings, *, mouse: bool = True) -> int:
    """Come back to a script, whether it runs or has ended; its exit status, or 0 when it still goes on."""
    return _show(ScriptApp(script, settings, connect=lambda: ScriptSession.attach(folder)), mouse)


def _show(app: ScriptApp, mouse: bool) -> int:
    app.run(mouse=mouse)
    if app.farewell:
        print(printable(app.farewell))
    return app.status
