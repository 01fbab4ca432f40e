"""What tests of the runner share: a viewer of a session, and a look at which processes there are."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

from tutor.runner.client import Session, new_run_id
from tutor.runner.protocol.message import Event, Message
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.protocol.session_events import CaughtUp
from tutor.runner.sessions import SessionInfo
from tutor.runner.transcript import RunRecord, Transcript

SECONDS = 60.0
"""How long a test waits for something that must happen; a loaded machine is slow."""

_THE_END = 1 << 60


class Viewer:
    """A client of a session with its transcript and all events that it has seen."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.transcript = Transcript()
        self.seen: list[Event] = []
        self._events = session.events()

    @classmethod
    async def attach(cls, info: SessionInfo, since: int = _THE_END) -> Viewer:
        """Attach and read the replay; by default there is none."""
        viewer = cls(await Session.attach(info, since))
        await viewer.until(lambda event: isinstance(event, CaughtUp))
        return viewer

    def send(self, request: Message) -> None:
        """Send a request."""
        self.session.send(request)

    async def until(self, wanted: Callable[[Event], object]) -> Event:
        """Read on until an event is wanted."""

        async def read() -> Event:
            async for event in self._events:
                self.seen.append(event)
                self.transcript.apply(event)
                if wanted(event):
                    return event
            raise AssertionError(f"the session is lost: {self.session.lost}")

        return await asyncio.wait_for(read(), SECONDS)

    async def until_type(self, *kinds: type[Event]) -> Event:
        """Read on until an event of one of these types comes."""
        return await self.until(lambda event: isinstance(event, kinds))

    def start(self, source: str, **more: object) -> str:
        """Send a run of one cell and return its id."""
        run = new_run_id()
        self.send(Run(run=run, cells=(Cell("cell", source, "lesson.md", 11),), **more))  # type: ignore[arg-type]
        return run

    async def finished(self, run: str) -> RunRecord:
        """Read on until a run has ended."""
        if run not in self.transcript.runs or self.transcript.runs[run].running:
            await self.until(lambda _: run in self.transcript.runs and not self.transcript.runs[run].running)
        return self.transcript.runs[run]

    async def run(self, source: str, **more: object) -> RunRecord:
        """Run one cell to its end."""
        return await self.finished(self.start(source, **more))

    async def check(self, code: str, tests: str, **more: object) -> RunRecord:
        """Check code to its end."""
        run = new_run_id()
        cell, test = Cell("answer", code, "lesson.md", 1), Cell("test", tests, "lesson.md", 20)
        self.send(Check(run=run, code=cell, tests=(test,), **more))  # type: ignore[arg-type]
        return await self.finished(run)


def belonging_to(folder: Path) -> list[int]:
    """Processes whose environment names `folder` as the place of sessions: hosts, zygotes, kernels, and theirs."""
    needle = f"PYTUTOR_SESSIONS={folder}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if needle in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Wait for something that other processes do."""
    latest = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < latest, what
        time.sleep(0.02)
