"""A session without a screen: its events as a stream, its runs as records. For commands and `--plain`."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tutor.errors import TutorError
from tutor.metrics.board import Board
from tutor.printable import printable
from tutor.runner import sessions
from tutor.runner.client import Runner, Session
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.requests import Answer, Check, Interrupt, Restart, Run
from tutor.runner.protocol.run_events import InputRequested, Points
from tutor.runner.protocol.session_events import CaughtUp, KernelReady
from tutor.runner.sessions import SessionInfo
from tutor.runner.transcript import RunRecord, Transcript
from tutor.settings import Settings

Watcher = Callable[[Event], None]


class Headless:
    """A session with its transcript and the series of each run."""

    def __init__(self, session: Runner) -> None:
        self.session = session
        self.transcript = Transcript()
        self._boards: dict[str, Board] = {}
        self._events = session.events()
        self._caught_up = False

    async def ready(self) -> KernelReady:
        """Wait until the kernel can run code; what it must do without is said on stderr.

        Raises `TutorError` when it cannot, or has no torch.
        """
        while not (self._caught_up and self.transcript.kernel):
            await self.step()
            if self._caught_up and self.transcript.kernel_death and not self.transcript.kernel:
                cause = self.transcript.kernel_death.cause
                raise TutorError("The kernel did not start", cause, "`pytutor doctor` says what is missing.")
        kernel = self.transcript.kernel
        if not kernel.torch:
            raise TutorError("No torch", kernel.problem or f"{kernel.executable} has no torch.")
        if kernel.problem:
            print(f"pytutor: {printable(kernel.problem, one_line=True)}", file=sys.stderr)
        return kernel

    async def run(self, request: Run | Check, watch: Watcher | None = None) -> RunRecord:
        """Send a request and follow it to its end; `watch` sees each event of it as it comes.

        ctrl+c interrupts the code, a second one insists, a third one stops it hard; the record then says so.
        `input()` in the code reads a line of our own standard input.
        """
        presses = 0

        def interrupt() -> None:
            nonlocal presses
            presses += 1
            self.session.send(Interrupt(force=presses == 2) if presses < 3 else Restart())

        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, interrupt)
        try:
            self.session.send(request)
            return await self.follow(request.run, watch)
        finally:
            loop.remove_signal_handler(signal.SIGINT)

    async def follow(self, run: str, watch: Watcher | None = None) -> RunRecord:
        """Read events until `run` has ended."""
        while True:
            event = await self.step()
            if getattr(event, "run", "") == run:
                if watch is not None:
                    watch(event)
                if isinstance(event, InputRequested):
                    line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
                    self.session.send(Answer(line.rstrip("\n"), eof=not line))
                record = self.transcript.runs.get(run)
                if record is not None and not record.running:
                    return record

    async def restart(self) -> None:
        """Ask for a new kernel and wait until it is ready."""
        before = self.transcript.generation
        self.session.send(Restart())
        while self.transcript.generation == before or self.transcript.kernel is None:
            await self.step()

    def board(self, run: str) -> Board:
        """The series of a run."""
        return self._boards.setdefault(run, Board())

    async def step(self) -> Event:
        """Take in the next event. Raises `TutorError` when the session is gone."""
        try:
            event = await anext(self._events)
        except StopAsyncIteration:
            raise TutorError("The session is gone", self.session.lost or "its process has ended.") from None
        self.transcript.apply(event)
        if isinstance(event, Points):
            board = self.board(event.run)
            for series, steps, values in event.unpack():
                board.add(series.name, series.role, series.site, steps, values)
        elif isinstance(event, CaughtUp):
            self._caught_up = True
        return event


@asynccontextmanager
async def attached(info: SessionInfo) -> AsyncIterator[Headless]:
    """Attach to a session for the length of the block; it lives on afterwards."""
    session = await Session.attach(info)
    try:
        yield Headless(session)
    finally:
        await session.close()


@asynccontextmanager
async def private_session(settings: Settings) -> AsyncIterator[Headless]:
    """A new session that ends with the block, whatever happens in it."""
    info = await sessions.start(**settings.session_options(), private=True)
    try:
        async with attached(info) as headless:
            yield headless
    finally:
        await sessions.stop(info)
