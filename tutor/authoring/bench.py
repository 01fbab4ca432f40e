"""A session for the linter: send a request, get the finished record."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tutor.errors import TutorError
from tutor.runner.client import Runner, new_run_id
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Answer, Check, Restart, Run
from tutor.runner.protocol.run_events import InputRequested
from tutor.runner.transcript import RunRecord, Transcript


class KernelLostError(Exception):
    """The kernel has ended, and with it the namespace that earlier cells made; the text says how."""


HURRY = """
def _hurry():
    import threading
    import time

    main, wait = threading.main_thread(), time.sleep
    time.sleep = lambda seconds: None if threading.current_thread() is main else wait(seconds)

_hurry()
del _hurry
"""
"""Cells may be paced for the eye; where nobody looks they need not wait. Threads do: some would turn in circles."""


class Bench:
    """A runner and its transcript. Code that asks for input gets an end of file: nobody is there to answer.

    With `guarded`, every kernel refuses the network, and files outside of the folder it runs in.
    """

    def __init__(self, runner: Runner, *, guarded: bool = False) -> None:
        self.transcript = Transcript()
        self._guarded = guarded
        self._generation = 0
        self._last_ending = ""
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

    async def fresh(self, *, hurry: bool = False) -> None:
        """A new kernel with an empty namespace; in a `hurry`, one in which nothing sleeps."""
        before = self.transcript.generation
        self._runner.send(Restart())
        while self.transcript.generation == before or self.transcript.kernel is None:
            await self._step()
        self._generation = self.transcript.generation
        if self._guarded:
            guard = Path(__file__).with_name("guard_cell.py").read_text(encoding="utf-8")
            cells = (Cell("guard", guard, "guard", 1), *((Cell("hurry", HURRY, "hurry", 1),) if hurry else ()))
            folder = tempfile.gettempdir()
            await self.perform(Run(run=new_run_id(), cells=cells, isolated=True, cwd=folder))

    async def perform(self, request: Run | Check) -> RunRecord:
        """Run or check, to its end.

        Raises `KernelLostError` when that happened in another kernel than the one that `fresh` made.
        """
        self._runner.send(request)
        while True:
            await self._step()
            record = self.transcript.runs.get(request.run)
            if record is None or record.running:
                continue
            # The transcript of a long lesson would keep the output of every cell.
            del self.transcript.runs[request.run]
            if record.generation != self._generation:
                raise KernelLostError(self._last_ending)
            self._last_ending = ending(record)
            return record

    def waited(self) -> float:
        """Seconds for which the kernel has stood in the queue for a processor; 0.0 where the system does not tell."""
        kernel = self.transcript.kernel
        with suppress(OSError, ValueError, IndexError):
            # Nanoseconds on a processor, nanoseconds in the queue, time slices; of the thread that runs cells.
            fields = Path(f"/proc/{kernel.pid if kernel else 0}/schedstat").read_text(encoding="ascii").split()
            return int(fields[1]) / 1e9
        return 0.0

    async def _step(self) -> None:
        try:
            event = await anext(self._events)
        except StopAsyncIteration:
            raise TutorError("The session is gone", self._runner.lost or "its process has ended.") from None
        self.transcript.apply(event)
        if isinstance(event, InputRequested):
            self._runner.send(Answer("", eof=True))


def ending(record: RunRecord) -> str:
    """How a run ended, in a few words."""
    if record.failure is not None:
        first = record.failure.message.strip().split("\n")[0]
        return f"{record.failure.kind}: {first}" if first else record.failure.kind
    return record.words or record.outcome


def went_outside(record: RunRecord) -> bool:
    """Whether a run ended because it wanted the network, or a file outside of its folder (see guard_cell.py)."""
    return record.failure is not None and record.failure.kind == "OutsideError"


@asynccontextmanager
async def private_bench(python: str | None, device: str | None) -> AsyncIterator[Bench]:
    """A bench on a new session, which ends with the block."""
    from tutor.runner import sessions
    from tutor.runner.client import Session

    info = await sessions.start(python=python, device=device or "auto", private=True)
    try:
        session = await Session.attach(info)
        try:
            bench = Bench(session, guarded=True)
            await bench.ready()
            yield bench
        finally:
            await session.close()
    finally:
        await sessions.stop(info)
        # Nobody will read its journal, and a learner's list of sessions should not show it.
        shutil.rmtree(info.folder, ignore_errors=True)
