"""The app's reader of the session: events from the runner become a transcript, boards and one "something changed".

Nothing here touches a widget. The reader folds events as fast as they come; the screen is told once, and not again
before it has taken what changed, so that a flood of output costs it no more than a line.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.runner.transcript import RunRecord, Transcript
from tutor.xray.state import Sight

if TYPE_CHECKING:
    from tutor.metrics.board import Board
    from tutor.metrics.series import Series
    from tutor.runner.client import Runner
    from tutor.runner.protocol.message import Message
    from tutor.runner.protocol.session_events import Gauges
    from tutor.ui.folding import Folding

FOLD_SECONDS = 0.008
"""How long events are folded in one go before the keyboard gets its turn."""

FRAME = 1 / 30
"""Seconds between two announcements at least: nobody reads faster, and keys are answered in between."""

QUICK_LOSS = 5.0
"""A session that lives shorter than this many seconds counts as one that could not be started."""

MOST_STARTS = 3
"""After so many quick losses in a row no further session is started by itself."""


Connect = Callable[[], "Awaitable[Runner]"]


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
        self._folding: Folding | None = None
        self._past: dict[str, RunRecord] = {}
        self.changes = Changes()
        self._prepares = False
        self._told = False
        self._taken = 0.0

    def take(self) -> Changes:
        """What changed since the last call."""
        self._told, self._taken = False, time.monotonic()
        changes, self.changes = self.changes, Changes()
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

    def answer(self, text: str, eof: bool) -> None:
        """Give the program the line that it waits for; `eof` where there will be no more."""
        self.send(_requests().Answer(text, eof))

    def watch(self, views: tuple[str, ...], subject: str = "") -> None:
        """Ask the kernel to report these views from now on, and no others."""
        self.send(_requests().Watch(views, subject))

    def prepare(self) -> None:
        """Have imported in idle time what trainings need, in this session and in any that follows it."""
        if not self._prepares:
            self._prepares = True
            self.send(_requests().Prepare())

    def restart(self) -> None:
        """Ask for a new kernel."""
        self.send(_requests().Restart())

    async def close(self) -> None:
        """Let go of the session; it and what runs in it live on."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.close()

    async def run(self) -> None:
        """Connect, read until the session is gone, and connect again; returns when that makes no sense."""
        from tutor.ui.folding import Folding  # with all messages: the first page is there before one can come

        self.trouble = None
        self._folding = self._folding or Folding(self)
        quick = 0
        while True:
            begun = time.monotonic()
            try:
                self._runner = await self._connect()
                if self._prepares:
                    self.send(_requests().Prepare())
                await self._read(self._runner, self._folding)
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
            self.note(f"The session was lost. {why} Another one is started.")

    async def _read(self, runner: Runner, folding: Folding) -> None:
        turn = time.monotonic()
        async for event in runner.events():
            folding.take(event)
            if time.monotonic() - turn > FOLD_SECONDS:
                await asyncio.sleep(0)
                turn = time.monotonic()

    def _bury(self, why: str) -> None:
        """Keep the runs of a session that is gone; what was running in it has died. `why` is a sentence."""
        for record in self.transcript.runs.values():
            if record.running:
                record.outcome, record.words = "died", f"It ended with its session. {why}"
                self.changes.finished.append(record.run)
                self.end_board(record)
            self.changes.runs.add(record.run)
        self._past.update(self.transcript.runs)
        self.transcript = Transcript()
        self.gauges, self.attached = None, False
        self.changed(kernel=True)

    def _give_up(self, error: TutorError | OSError) -> None:
        self._runner = None
        self.attached = False
        if isinstance(error, TutorError):
            self.trouble = error
        else:
            self.trouble = TutorError("No session", f"it could not be reached: {error.strerror or error}.")
        self.changed(kernel=True)

    def end_board(self, record: RunRecord) -> None:
        """The curves of a run are complete."""
        if record.run in self.boards:
            self.boards[record.run].end()

    def note(self, sentence: str) -> None:
        """Something is to be said."""
        self.changes.notes.append(sentence)
        self.changed(kernel=True)

    def changed(self, *, kernel: bool) -> None:
        """`changes` has more; with `kernel`, what the header shows."""
        self.changes.kernel = self.changes.kernel or kernel
        if not self._told and (self.attached or self.trouble is not None or self.changes.notes):
            self._told = True
            wait = self._taken + FRAME - time.monotonic()
            if wait > 0:
                asyncio.get_running_loop().call_later(wait, self._announce)
            else:
                self._announce()


def _requests() -> ModuleType:
    from tutor.runner.protocol import requests  # with all messages: the first page is there before one is sent

    return requests
