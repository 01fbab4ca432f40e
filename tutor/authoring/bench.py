"""A session for the linter: send a request, get the finished record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tutor.errors import TutorError
from tutor.runner.client import Runner
from tutor.runner.protocol import Answer, Check, InputRequested, Restart, Run
from tutor.runner.transcript import RunRecord, Transcript


class Bench:
    """A runner and its transcript. Code that asks for input gets an end of file: nobody is there to answer."""

    def __init__(self, runner: Runner) -> None:
        self.transcript = Transcript()
        self._runner = runner
        self._events = runner.events()

    async def ready(self) -> None:
        """Wait for a kernel. Raises `TutorError` when there is none, or one without torch."""
        while self.transcript.kernel is None:
            await self._step()
            if self.transcript.kernel_death is not None and self.transcript.kernel is None:
                hint = "`pytutor doctor` says what is missing."
                raise TutorError("The kernel did not start", self.transcript.kernel_death.cause, hint)
        if not self.transcript.kernel.torch:
            raise TutorError("No torch", self.transcript.kernel.problem or "the interpreter has no torch.")

    async def fresh(self) -> None:
        """A new kernel with an empty namespace."""
        before = self.transcript.generation
        self._runner.send(Restart())
        while self.transcript.generation == before or self.transcript.kernel is None:
            await self._step()

    async def perform(self, request: Run | Check) -> RunRecord:
        """Run or check, to its end."""
        self._runner.send(request)
        while True:
            await self._step()
            record = self.transcript.runs.get(request.run)
            if record is not None and not record.running:
                # The transcript of a long check would keep the output of every cell.
                return self.transcript.runs.pop(request.run)

    async def _step(self) -> None:
        try:
            event = await anext(self._events)
        except StopAsyncIteration:
            raise TutorError("The session is gone", self._runner.lost or "its process has ended.") from None
        self.transcript.apply(event)
        if isinstance(event, InputRequested):
            self._runner.send(Answer("", eof=True))


@asynccontextmanager
async def private_bench(python: str | None, device: str | None) -> AsyncIterator[Bench]:
    """A bench on a new session, which ends with the block."""
    from tutor.runner import sessions
    from tutor.runner.client import Session

    info = await sessions.start(python=python, device=device or "auto")
    try:
        session = await Session.attach(info)
        try:
            bench = Bench(session)
            await bench.ready()
            yield bench
        finally:
            await session.close()
    finally:
        await sessions.stop(info)
