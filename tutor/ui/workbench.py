"""Running and checking: from the editor's text to a request, and from an ended run to what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from tutor.course.items import Exercise
from tutor.course.model import Lesson
from tutor.errors import TutorError
from tutor.runner.transcript import RunRecord
from tutor.study import CheckResult, Study
from tutor.study.tags import MARK
from tutor.ui.desk import Desk, WithCode
from tutor.ui.session import SessionReader

if TYPE_CHECKING:
    from tutor.runner.protocol.requests import Check, Run

Fitted = Callable[["Run | Check"], "Run | Check"]

NOT_YET = "The session is still starting: this runs as soon as it is there."


class Workbench:
    """Sends the learner's code to the session and takes in what came of it.

    `fitted` makes a request whose code knows where its output is shown.
    """

    def __init__(
        self, study: Study, desk: Desk, reader: SessionReader, say: Callable[[str], None], fitted: Fitted
    ) -> None:
        self._study = study
        self._desk = desk
        self._reader = reader
        self._say = say
        self._fitted = fitted
        self._verdicts: dict[str, CheckResult | None] = {}
        self._sent_from: dict[str, Lesson] = {}
        self._comparisons: list[Check] = []
        """Typical mistakes that still have to run; what the learner asks for goes before them."""
        self._compared_in: dict[str, str] = {}
        """What the namespace held when they were made."""

    @property
    def executed(self) -> Mapping[str, str]:
        """What the namespace holds: cell key -> hash of its source."""
        return self._reader.transcript.executed

    def run(self, text: str, line: int, *, selection: bool) -> str:
        """Run code of the editor, which begins on its line `line`; the run's id, "" when it could not be sent."""
        item = self._desk.with_code
        if item is None:
            self._say("This page has no code to run.")
            return ""
        if not selection:
            return self.run_item(item, text)
        request = self._study.run_selection_request(self._desk.lesson, item, text, self.executed, line)
        return request.run if self._send(request) else ""

    def run_item(self, item: WithCode, text: str) -> str:
        """Run an item's code as `text`; the run's id, "" when it could not be sent."""
        try:
            request = self._study.run_request(self._desk.lesson, item, text, self.executed)
        except TutorError as error:
            self._say(str(error))
            return ""
        return request.run if self._send(request) else ""

    def check(self, exercise: Exercise, text: str) -> str:
        """Check code as the answer to an exercise; the check's id, "" when it could not be sent."""
        executed = self.executed
        if not self._reader.transcript.busy and self._study.needs_fresh_kernel(self._desk.lesson, executed):
            # Another lesson's names must not help or disturb; a kernel is forked anew in milliseconds.
            self._reader.restart()
        request = self._study.check_request(self._desk.lesson, exercise, text, executed)
        return request.run if self._send(request) else ""

    def go_on(self, exercise: Exercise, text: str) -> str:
        """After a pass, let the namespace have the learner's code; the run's id."""
        request = self._study.continue_request(self._desk.lesson, exercise, text, self.executed)
        return request.run if self._send(request) else ""

    def suspect(self, exercise: Exercise, record: RunRecord, verdict: CheckResult) -> None:
        """Find out, behind what is shown, whether a failed check resembles a typical mistake."""
        lesson, suspicion = self._desk.lesson, self._study.suspicion
        self._comparisons = list(suspicion.requests(lesson, exercise, record, verdict, self.executed))
        self._compared_in = dict(self.executed)
        self._compare()
        self._recognise(record.run)

    def _compare(self) -> None:
        """Send the next comparison alone, so that the learner never waits for more than one of them."""
        if self._comparisons and self._compared_in == self.executed:
            self._send(self._comparisons.pop(0))
        else:
            self._comparisons = []

    def learn(self, record: RunRecord) -> str:
        """Take in what a typical mistake did; the learner's check whose verdict now says more, "" for none."""
        run = self._study.suspicion.learn(record)
        self._compare()
        if run:
            return run if self._recognise(run) else ""
        # It was asked for by another window, or by this one before it lost the session.
        check = self._reader.latest(record.tag.removesuffix(MARK), "check")
        before = self._verdicts.get(check.run) if check is not None else None
        lesson = self._lesson_of(check) if check is not None else None
        if check is None or lesson is None or before is None:
            return ""
        now = self._verdicts[check.run] = self._recalled(lesson, check, before)
        return check.run if now is not before else ""

    def _recalled(self, lesson: Lesson, check: RunRecord, result: CheckResult) -> CheckResult:
        """The result with the mistake that the check resembles, as far as that is known in this session."""
        exercise = lesson.item(check.tag)
        if not isinstance(exercise, Exercise):
            return result
        others = self._reader.runs(exercise.key + MARK)
        return self._study.suspicion.recalled(exercise, check, result, others) or result

    def _recognise(self, run: str) -> bool:
        found = self._study.suspicion.found(run)
        if found is not None:
            self._verdicts[run] = found
        return found is not None

    def settle(self, record: RunRecord) -> CheckResult | None:
        """Keep what came of an ended run, once, however often this is asked; the verdict of a check."""
        if record.run not in self._verdicts:
            lesson = self._lesson_of(record)
            if lesson is None:
                return None
            result = self._study.take(lesson, record, self._reader.transcript.session)
            self._verdicts[record.run] = self._recalled(lesson, record, result) if result is not None else None
            self._keep_curves(lesson, record)
        return self._verdicts[record.run]

    def _keep_curves(self, lesson: Lesson, record: RunRecord) -> None:
        """Keep the series of a run. Its points came before its end, so the board is complete."""
        board = self._reader.boards.get(record.run)
        if board is not None:
            self._study.runs.take(lesson, record, board)

    def _lesson_of(self, record: RunRecord) -> Lesson | None:
        """The lesson a run belongs to: the open one, or the one whose id stands before the slash of the tag."""
        if self._desk.lesson.item(record.tag) is not None:
            return self._desk.lesson
        lesson = self._sent_from.get(record.run)
        if lesson is None and "/" in record.tag:
            with suppress(TutorError):
                lesson = self._study.lesson(record.tag.rpartition("/")[0])
        return lesson

    def _send(self, request: Run | Check) -> bool:
        if not request.tag.endswith(MARK):
            self._comparisons = []
        if self._reader.send(self._fitted(request)):
            self._sent_from[request.run] = self._desk.lesson
            return True
        trouble = self._reader.trouble
        self._say(str(trouble) if trouble is not None else NOT_YET)
        return False
