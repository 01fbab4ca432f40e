"""A session without a host: scripted or recorded events in answer to requests, for tests, demos and screenshots.

    session = ReplaySession(lambda request: [*printed("hello\\n"), *training([0.9, 0.5, 0.3])])

What a real host adds, this adds: `RunQueued`, `RunStarted`, `RunFinished` where the script gives none, ids, sequence
numbers and times. A script may be a generator; see `tutor.runner.script` for the pieces of one.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from pathlib import Path

from tutor.runner import script
from tutor.runner.journal import read_events
from tutor.runner.protocol.message import Event, Message
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Answer, Check, Interrupt, Restart, Run, Stop
from tutor.runner.protocol.run_events import (
    CellFinished,
    InputAnswered,
    InputRequested,
    RunFinished,
    RunQueued,
    RunStarted,
)
from tutor.runner.protocol.session_events import (
    CaughtUp,
    KernelDied,
    KernelReady,
    KernelStarting,
    Refused,
    SessionEnded,
    SessionStarted,
)
from tutor.runner.script import Step

Answers = Callable[[Run | Check], Iterable[Step]]

READY = KernelReady(generation=1, pid=1, python="3.11", executable="python", torch="2.13.0", device="cpu")


class ReplaySession:
    """A `Runner` that plays what `answers` gives for each `Run` and `Check`.

    `past` are events that happened before anybody attached; `kernel` is what `KernelReady` says, None for a kernel
    that does not come up by itself. `sent` lists all requests. `emit` and `lose` let a test play the host's part.
    Runs follow one another as in a host; Interrupt, Restart, Answer and Stop do what they do there.
    """

    def __init__(
        self,
        answers: Answers = lambda request: (),
        *,
        past: Iterable[Event] = (),
        kernel: KernelReady | None = READY,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.lost = ""
        self.sent: list[Message] = []
        self._answers = answers
        self._clock = clock
        self._kernel = kernel
        self._generation = 1
        self._seq = 0
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._waiting: list[Run | Check] = []
        self._playing: asyncio.Task[None] | None = None
        self._current: Run | Check | None = None
        self._asked: asyncio.Future[None] | None = None
        self._closed = False
        past = tuple(past)
        if not any(isinstance(one, SessionStarted) for one in past):
            self.emit(SessionStarted(session="replay", python="python"))
            self._begin_kernel("session started")
        for event in past:
            self.emit(event)
        self.emit(CaughtUp(last=self._seq))

    def emit(self, event: Event) -> None:
        """Deliver one event now, with sequence number and time stamped."""
        if event.journaled:
            self._seq += 1
            event = replace(event, seq=self._seq, time=event.time or self._clock())
        self._events.put_nowait(event)

    def lose(self, why: str = "The session's process has gone.") -> None:
        """End the connection as a dead host would."""
        self._halt()
        self.lost = why
        self._events.put_nowait(None)

    def send(self, request: Message) -> None:
        """Take a request; its events follow."""
        if self.lost or self._closed:
            return
        self.sent.append(request)
        if isinstance(request, (Run, Check)):
            self.emit(_queued(request))
            self._waiting.append(request)
            self._play_next()
        elif isinstance(request, Answer):
            self._answer(request)
        elif isinstance(request, Interrupt) and self._current is not None:
            self._end_current(script.interrupted())
            self._play_next()
        elif isinstance(request, Restart):
            self._restart()
        elif isinstance(request, Stop):
            self._end_current(RunFinished(outcome="stopped", words="Stopped with the session."))
            self.emit(SessionEnded(why="The session was stopped."))
            self.lose("The session was stopped.")

    async def events(self) -> AsyncIterator[Event]:
        """Yield events until `lose`, `close` or a `Stop`."""
        while (event := await self._events.get()) is not None:
            yield event

    async def close(self) -> None:
        """Leave. Nothing goes on in a replay."""
        self._closed = True
        self._halt()
        self._events.put_nowait(None)

    async def idle(self) -> None:
        """Wait until everything asked for has been played."""
        while self._playing is not None:
            await asyncio.wait({self._playing})

    def _play_next(self) -> None:
        if self._current is None and self._waiting:
            self._current = self._waiting.pop(0)
            self._playing = asyncio.get_running_loop().create_task(self._play(self._current))

    async def _play(self, request: Run | Check) -> None:
        begun = self._clock()
        if isinstance(request, Run) and request.fresh:
            self._generation += 1
            self._begin_kernel("a fresh namespace was asked for")
        self.emit(RunStarted(run=request.run, generation=self._generation))
        if isinstance(request, Run):
            for cell in request.cells[: request.quiet_cells]:
                self.emit(CellFinished(run=request.run, key=cell.key))
        for step in self._answers(request):
            if not isinstance(step, Event):
                await (asyncio.sleep(step) if math.isfinite(step) else asyncio.Event().wait())
                continue
            self._deliver(step, request)
            if isinstance(step, InputRequested):
                self._asked = asyncio.get_running_loop().create_future()
                await self._asked
            elif isinstance(step, RunFinished):
                break
            await asyncio.sleep(0)
        else:
            self._deliver(RunFinished(outcome="ok", seconds=max(0.0, self._clock() - begun)), request)
        self._current = self._playing = None
        self._play_next()

    def _deliver(self, event: Event, request: Run | Check) -> None:
        if getattr(event, "run", None) == "":
            event = replace(event, run=request.run)  # type: ignore[call-arg]
        self.emit(event)
        if isinstance(event, RunFinished) and event.outcome in ("died", "timeout", "memory"):
            self.emit(KernelDied(generation=self._generation, run=request.run, cause=event.words))
            self._generation += 1
            self._begin_kernel("the last one died")

    def _answer(self, request: Answer) -> None:
        if self._asked is None or self._current is None:
            self.emit(Refused(why="Nothing asks for input."))
            return
        self.emit(InputAnswered(run=self._current.run, text=request.text))
        asked, self._asked = self._asked, None
        asked.set_result(None)

    def _restart(self) -> None:
        self._end_current(RunFinished(outcome="stopped", words="Stopped by a restart."))
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            self.emit(RunFinished(run=one.run, outcome="stopped", words="Not begun: the kernel was restarted."))
        self._generation += 1
        self._begin_kernel("restarted on request")

    def _end_current(self, finished: RunFinished) -> None:
        request = self._current
        self._halt()
        if request is not None:
            self.emit(replace(finished, run=request.run))

    def _halt(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
        self._current = self._playing = self._asked = None

    def _begin_kernel(self, why: str) -> None:
        self.emit(KernelStarting(generation=self._generation, why=why))
        if self._kernel is not None:
            self.emit(replace(self._kernel, generation=self._generation))


def _queued(request: Run | Check) -> RunQueued:
    if isinstance(request, Check):
        cells: tuple[Cell, ...] = (*request.setup, request.code)
        return RunQueued(run=request.run, kind="check", tag=request.tag, label=request.label, cells=cells)
    return RunQueued(
        run=request.run,
        tag=request.tag,
        label=request.label,
        cells=request.cells,
        quiet_cells=request.quiet_cells,
        isolated=request.isolated,
        kept_cells=request.kept_cells,
    )


def record(journal: Path) -> list[Event]:
    """The events of a recorded journal, to play as `past` or to answer from. Raises `OSError`."""
    return list(read_events(journal))


def answers_from(events: Iterable[Event]) -> Answers:
    """Answers that play recorded runs again: that of the same code, else that of the same tag, else nothing."""
    runs: dict[str, list[Event]] = {}
    by_code: dict[tuple[str, ...], str] = {}
    by_tag: dict[str, str] = {}
    for event in events:
        if isinstance(event, RunQueued):
            by_code[(event.kind, *(cell.source for cell in event.cells))] = event.run
            by_tag[event.kind + event.tag] = event.run
        elif not isinstance(event, RunStarted) and (run := getattr(event, "run", "")):
            runs.setdefault(run, []).append(event)

    def answers(request: Run | Check) -> Iterable[Step]:
        asked = _queued(request)
        code = (asked.kind, *(cell.source for cell in asked.cells))
        run = by_code.get(code) or by_tag.get(asked.kind + asked.tag, "")
        for event in runs.get(run, ()):
            if not isinstance(event, (InputAnswered, KernelDied)):
                yield replace(event, run="")  # type: ignore[call-arg]

    return answers
