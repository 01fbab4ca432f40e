"""Running code, and telling what comes of it as it comes."""

from __future__ import annotations

import time
from collections.abc import Mapping

from tutor.commands.headless import Headless
from tutor.commands.suspecting import suspect
from tutor.course.items import Exercise
from tutor.metrics.board import Board
from tutor.metrics.words import summary
from tutor.plain.page import WIDTH
from tutor.plain.place import Place
from tutor.plain.verdict import wrapped
from tutor.plot.text import plain_chart
from tutor.printable import printable
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.requests import Check, Prepare, Run
from tutor.runner.protocol.run_events import Notice, Output, OutputSkipped, Points, Result
from tutor.runner.transcript import MORE_OUTPUT, RunRecord
from tutor.study import CheckResult

_POINTS_EVERY = 1.0
"""Seconds between two lines about a loss that moves."""


class Teller:
    """Sends what the learner wants run; a run is recorded when it has ended."""

    def __init__(self, place: Place, headless: Headless) -> None:
        self._place = place
        self._headless = headless
        self._last_points = 0.0
        self._prepares = False

    @property
    def executed(self) -> Mapping[str, str]:
        """What the namespace holds, see `Transcript.executed`."""
        return self._headless.transcript.executed

    @property
    def session(self) -> str:
        """Id of the session."""
        return self._headless.transcript.session

    @property
    def busy(self) -> bool:
        """Whether something runs."""
        return self._headless.transcript.busy

    def prepare(self) -> None:
        """Where the lesson trains, have imported in idle time what trainings need."""
        if self._place.lesson.trains and not self._prepares:
            self._prepares = True
            self._headless.session.send(Prepare())

    async def restart(self) -> None:
        """A new kernel."""
        await self._headless.restart()

    async def check(self, request: Check) -> RunRecord:
        """Check; the verdicts are in the record, and what the code prints is told."""
        return await self._headless.run(request, self._tell)

    async def suspect(self, exercise: Exercise, record: RunRecord, result: CheckResult) -> CheckResult:
        """The result of a check, with the typical mistake that does the same where there is one."""
        return await suspect(self._headless, self._place.study, self._place.lesson, exercise, record, result)

    async def silently(self, request: Run) -> None:
        """Run something that the learner did not ask for."""
        await self._headless.run(request)

    async def run(self, request: Run) -> RunRecord:
        """Run, tell what comes, and record it."""
        self._last_points = time.monotonic()
        record = await self._headless.run(request, self._tell)
        self._place.study.take(self._place.lesson, record, self.session)
        board = self.board(record.run)
        self._place.study.runs.take(self._place.lesson, record, board)
        if board.series:
            print("\n".join(printable(line) for line in plain_chart(list(board.series.values()), WIDTH, 14)))
            print(printable(summary(board)))
        if record.failure is not None:
            print(printable(record.failure.text).rstrip())
            explained = self._place.study.explain(record.failure)
            if explained is not None:
                print(printable("\n".join(wrapped(f"In words: {explained.plain}", WIDTH))))
        if record.words:
            print(printable(record.words))
        for remark in self._place.study.autopsy(record, board.main):
            print(printable("\n".join(wrapped(f"Seen in this training: {remark.plain}", WIDTH))))
        return record

    def board(self, run: str) -> Board:
        """The curves of a run."""
        return self._headless.board(run)

    def _tell(self, event: Event) -> None:
        if isinstance(event, Output):
            print(printable(event.text), end="", flush=True)
        elif isinstance(event, Result | Notice):
            print(printable(event.text), flush=True)
        elif isinstance(event, OutputSkipped):
            print(f"({event.count:,} bytes of {event.stream} not kept{MORE_OUTPUT})")
        elif isinstance(event, Points) and time.monotonic() - self._last_points >= _POINTS_EVERY:
            self._last_points = time.monotonic()
            print(printable(summary(self._headless.board(event.run))), flush=True)
