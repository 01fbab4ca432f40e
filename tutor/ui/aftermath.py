"""What follows the end of a run: verdicts are kept and shown, predictions judged, and what was seen is said."""

from __future__ import annotations

from collections.abc import Callable

from tutor.course.items import Exercise, Predict, Snippet
from tutor.course.reference import turned_by
from tutor.runner.transcript import RunRecord
from tutor.study.tags import MARK
from tutor.ui.coach import Coach
from tutor.ui.desk import Desk
from tutor.ui.results import Results
from tutor.ui.session import SessionReader
from tutor.ui.visible import visible_line
from tutor.ui.widgets.output import OutputPane
from tutor.ui.workbench import Workbench


class Aftermath:
    """Settles runs that have ended, on the page, in the panes and with further runs that they ask for."""

    def __init__(
        self,
        reader: SessionReader,
        desk: Desk,
        workbench: Workbench,
        coach: Coach,
        results: Results,
        output: OutputPane,
        say: Callable[[str], None],
    ) -> None:
        self._reader = reader
        self._desk = desk
        self._workbench = workbench
        self._coach = coach
        self._results = results
        self._output = output
        self._say = say

    def take(self, record: RunRecord, *, live: bool) -> None:
        """A run has ended: just now if it is `live`, else before this window came."""
        if record.tag.endswith(MARK):
            self._results.judged(self._workbench.learn(record))
            return
        verdict = self._workbench.settle(record)
        item = self._desk.lesson.item(record.tag)
        if item is None:
            return
        if isinstance(item, Predict):
            board = self._reader.boards.get(record.run)
            self._coach.judge(item, record, self._reader.transcript.session, board)
        else:
            below = turned_by(self._desk.lesson, item) if isinstance(item, Snippet) and item.knobs else ()
            for one in (item, *below):
                self._coach.refresh(one)
        if not live:
            return
        if record.kind == "run" and (remarks := self._output.autopsy(record)):
            seen = remarks[0]
            self._say(f"Seen in this training, {visible_line(seen.place + seen.what)} The Output pane says what helps.")
        if not isinstance(item, Exercise) or verdict is None:
            return
        if verdict.passed and record.source:
            self._results.unasked.add(self._workbench.go_on(item, record.source))
        else:
            self._workbench.suspect(item, record, verdict)
            self._results.judged(record.run)
