"""The session of one script: followed while it lives, read from its journal when it has ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tutor.runner import folders, sessions
from tutor.runner.client import Session
from tutor.runner.journal import read_events
from tutor.runner.protocol.message import Event, Message
from tutor.runner.protocol.session_events import CaughtUp, SessionEnded, SessionStarted


@dataclass(frozen=True)
class EndedScript:
    """The session of a script that has ended; `ended` is wall-clock time. Its journal is kept for some days."""

    id: str
    folder: Path
    script: str
    ended: float


def ended_scripts() -> Iterator[EndedScript]:
    """What is kept of scripts whose sessions have ended, newest first."""
    for journal in sessions.left_behind():
        with suppress(OSError):
            first = next(read_events(journal), None)
            if isinstance(first, SessionStarted) and first.script:
                folder = journal.parent
                yield EndedScript(folder.name, folder, first.script, journal.stat().st_mtime)


class ScriptSession:
    """A `tutor.runner.client.Runner` that loses nothing when the session ends before all of it was read.

    A script's session ends with the script, and waits only a moment for those who look. Whatever they had not read by
    then comes from the journal; without a living session all of it does.
    """

    def __init__(self, folder: Path, live: Session | None) -> None:
        self.lost = ""
        self._folder = folder
        self._live = live
        self._closed = False

    @classmethod
    async def attach(cls, folder: Path) -> ScriptSession:
        """Attach to the session in a folder, alive or not, from its first event. Raises `TutorError`."""
        place = _Place(folder)
        return cls(folder, None if folders.is_dead(folder) else await Session.attach(place))

    def send(self, request: Message) -> None:
        """Send a request; nobody hears it when the session has ended."""
        if self._live is not None:
            self._live.send(request)

    async def events(self) -> AsyncIterator[Event]:
        """Every event once, in order, and one `CaughtUp`."""
        last, told, ended = 0, False, False
        if self._live is not None:
            async for event in self._live.events():
                last = event.seq or last
                told = told or isinstance(event, CaughtUp)
                ended = isinstance(event, SessionEnded)
                yield event
            self.lost = self._live.lost
        if self._closed:
            return
        if not ended:
            with suppress(OSError):
                for event in read_events(self._folder / "journal"):
                    if event.seq > last and not self._closed:
                        last = event.seq
                        self.lost = event.why if isinstance(event, SessionEnded) else self.lost
                        yield event
        if not told:
            yield CaughtUp(last=last)

    async def close(self) -> None:
        """Leave; a script that runs goes on."""
        self._closed = True
        if self._live is not None:
            await self._live.close()


@dataclass(frozen=True)
class _Place:
    folder: Path
