"""The app's reader of the session: events from the runner become a transcript, boards and one "something changed".

Nothing here touches a widget. The reader folds events as fast as they come; the screen is told once, and not again
before it has taken what changed, so that a flood of output costs it no more than a line.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from tutor.errors import TutorError
from tutor.metrics.board import Board
from tutor.metrics.series import Series
from tutor.runner.client import Runner
from tutor.runner.protocol.message import Event, Message
from tutor.runner.protocol.run_events import Points
from tutor.runner.protocol.session_events import CaughtUp, Gauges, KernelReady, KernelStarting, LastLook, Refused, XRay
from tutor.runner.transcript import RunRecord, Transcript
from tutor.xray.state import Sight

FOLD_SECONDS = 0.008
"""How long events are folded in one go before the keyboard gets its turn."""

FRAME = 1 / 30
"""Seconds between two announcements at least: nobody reads faster, and keys are answered in between."""

QUICK_LOSS = 5.0
"""A session that lives shorter than this many seconds counts as one that could not be started."""

MOST_STARTS = 3
"""After so many quick losses in a row no further session is started by itself."""


Connect = Callable[[], Awaitable[Runner]]


@dataclass
class Changes:
    """What changed since the last time somebody took it.

    `runs` have new output, verdicts or an end, `points` new points, `finished` have ended. `kernel` covers everything
    that the header shows, `sight` what the X-ray sees. `caught_up` means: the journal's past is now known, show what
    there was.
    """

    runs: set[str] = field(default_factory=set)
    points: set[str] = field(default_factory=set)
    finished: list[str] = field(default_factory=list)
    kernel: bool = False
    sight: bool = False
    caught_up: bool = False
    notes: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        lists = (self.runs, self.points, self.finished, self.notes)
        return any(lists) or self.kernel or self.sight or self.caught_up


class SessionReader:
    """Keeps attached to a session and knows everything that it has said.

    `announce` is called once when something has changed and then not before `take` has been called, and never while
    the past is being replayed. `trouble` is set while there is no session and none is being started. Without `again`
    a session that is lost is not followed by another one.
    """

    def __init__(self, connect: Connect, announce: Callable[[], object], *, again: bool = True) -> None:
        self.transcript = Transcript()
        self.boards: dict[str, Board] = {}
        self.gauges: Gauges | None = None
        self.sight = Sight()
        self.attached = False
        self.trouble: TutorError | None = None
        self._connect = connect
        self._again = again
        self._announce = announce
        self._runner: Runner | None = None
        self._past: dict[str, RunRecord] = {}
        self._changes = Changes()
        self._told = False
        self._told_problem = ""
        self._taken = 0.0

    def take(self) -> Changes:
        """What changed since the last call."""
        self._told, self._taken = False, time.monotonic()
        changes, self._changes = self._changes, Changes()
        return changes

    def runs(self, tag: str) -> Iterator[RunRecord]:
        """The runs for a tag, newest first: those of this session, then those of one that was lost while we looked."""
        for known in (self.transcript.runs, self._past):
            yield from (record for record in reversed(known.values()) if record.tag == tag)

    def first(self) -> RunRecord | None:
        """The oldest run that is known: that of the script in the session of a script."""
        return next((record for known in (self._past, self.transcript.runs) for record in known.values()), None)

    def latest(self, tag: str, kind: str = "") -> RunRecord | None:
        """The newest run for a tag, of one kind or of any."""
        return next((record for record in self.runs(tag) if not kind or record.kind == kind), None)

    def record(self, run: str) -> RunRecord | None:
        """The run with this id."""
        return self.transcript.runs.get(run) or self._past.get(run)

    def main_series(self, run: str) -> Series | None:
        """The series that a run is told by, None for one without curves."""
        board = self.boards.get(run)
        return board.main if board is not None else None

    def send(self, request: Message) -> bool:
        """Send a request; False when there is no session to send it to."""
        if self._runner is None:
            return False
        self._runner.send(request)
        return True

    async def close(self) -> None:
        """Let go of the session; it and what runs in it live on."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.close()

    async def run(self) -> None:
        """Connect, read until the session is gone, and connect again; returns when that makes no sense."""
        self.trouble = None
        quick = 0
        while True:
            begun = time.monotonic()
            try:
                self._runner = await self._connect()
                await self._read(self._runner)
            except (TutorError, OSError) as error:
                self._give_up(error)
                return
            if self._runner is None:
                return  # closed by us
            ended, lost = self.transcript.ended, self._runner.lost
            await self.close()
            why = lost or "Its process has ended."
            self._bury(why)
            if ended is not None:
                self._give_up(TutorError("The session was ended", ended.why or "somebody stopped it.", ""))
                return
            if not self._again:
                self._give_up(TutorError("The session is gone", why, ""))
                return
            quick = quick + 1 if time.monotonic() - begun < QUICK_LOSS else 1
            if quick >= MOST_STARTS:
                self._give_up(TutorError("The session does not stay alive", why, ""))
                return
            self._note(f"The session was lost. {why} Another one is started.")

    async def _read(self, runner: Runner) -> None:
        turn = time.monotonic()
        async for event in runner.events():
            self._fold(event)
            if time.monotonic() - turn > FOLD_SECONDS:
                await asyncio.sleep(0)
                turn = time.monotonic()

    def _fold(self, event: Event) -> None:
        changes = self._changes
        if isinstance(event, Gauges):
            self.gauges = event
            self._changed(kernel=True)
            return
        if isinstance(event, (XRay, LastLook)):
            self.sight.take(event.run, event.view, event.text)
            changes.sight = True
        if isinstance(event, XRay):
            self._changed(kernel=False)
            return
        if isinstance(event, KernelStarting):
            self.sight.clear()
            changes.sight = True
        if isinstance(event, Refused):
            self._note(event.why)
            return
        if isinstance(event, CaughtUp):
            self.attached = True
            changes.caught_up = True
            self._changed(kernel=True)
            return
        if isinstance(event, KernelReady) and event.torch and event.problem not in ("", self._told_problem):
            self._told_problem = event.problem  # a device that is not there: the same for each kernel of a session
            self._note(event.problem)
        record = self.transcript.apply(event)
        if isinstance(event, Points):
            self._fold_points(event)
        if record is not None:
            changes.runs.add(record.run)
            if not record.running and record.run not in changes.finished:
                changes.finished.append(record.run)
                self._end_board(record)
        self._changed(kernel=record is None or not record.chunks or not record.running)

    def _fold_points(self, event: Points) -> None:
        board = self.boards.get(event.run)
        if board is None:
            board = self.boards[event.run] = Board()
        for series, steps, values in event.unpack():
            board.add(series.name, series.role, series.site, steps, values, event.time)
        self._changes.points.add(event.run)

    def _end_board(self, record: RunRecord) -> None:
        if record.run in self.boards:
            self.boards[record.run].end()

    def _bury(self, why: str) -> None:
        """Keep the runs of a session that is gone; what was running in it has died. `why` is a sentence."""
        for record in self.transcript.runs.values():
            if record.running:
                record.outcome, record.words = "died", f"It ended with its session. {why}"
                self._changes.finished.append(record.run)
                self._end_board(record)
            self._changes.runs.add(record.run)
        self._past.update(self.transcript.runs)
        self.transcript = Transcript()
        self.gauges, self.attached = None, False
        self._changed(kernel=True)

    def _give_up(self, error: TutorError | OSError) -> None:
        self._runner = None
        self.attached = False
        if isinstance(error, TutorError):
            self.trouble = error
        else:
            self.trouble = TutorError("No session", f"it could not be reached: {error.strerror or error}.")
        self._changed(kernel=True)

    def _note(self, sentence: str) -> None:
        self._changes.notes.append(sentence)
        self._changed(kernel=True)

    def _changed(self, *, kernel: bool) -> None:
        self._changes.kernel = self._changes.kernel or kernel
        if not self._told and (self.attached or self.trouble is not None or self._changes.notes):
            self._told = True
            wait = self._taken + FRAME - time.monotonic()
            if wait > 0:
                asyncio.get_running_loop().call_later(wait, self._announce)
            else:
                self._announce()
