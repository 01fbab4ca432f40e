"""Taking in what the runner reports: judging checks, and keeping what was reached.

Taking the same record in twice, after coming back to a session or in a second window, changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.course.characters import one_line
from tutor.course.items import Answer, Exercise, Snippet
from tutor.course.model import Lesson
from tutor.course.reference import turned_by
from tutor.learning.grading import Behaviour
from tutor.learning.mistakes import matching
from tutor.learning.needed import needed
from tutor.learning.verdicts import CheckLine, Ending, Verdict, judge
from tutor.runner.transcript import RunRecord
from tutor.store.progress import Attempt, ItemRow, Progress
from tutor.study.autopsy import autopsy
from tutor.study.explaining import Explain, explained
from tutor.study.memory import Note
from tutor.study.tags import SELECTION
from tutor.study.work import content_hash

if TYPE_CHECKING:
    from tutor.runner.protocol.parts import Failure
    from tutor.runner.protocol.run_events import CheckVerdict


@dataclass(frozen=True)
class CheckResult(Verdict):
    """A verdict; `mistake` is the typical wrong answer that the code repeats: its `blocks` are the feedback.

    `alike` tells that it was not recognised by how it is written, but because it does the same. `remarks` are what was
    seen of the training loop in an answer that did not pass.
    """

    mistake: Answer | None = None
    alike: bool = False
    remarks: tuple[str, ...] = ()


class Recorder:
    """Judges ended runs and checks and keeps their outcome; `note` is told of each exercise that was solved."""

    def __init__(self, progress: Progress, note: Note, explain: Explain = explained) -> None:
        self._progress = progress
        self._note = note
        self._explain = explain

    def take(self, lesson: Lesson, record: RunRecord, session: str, text: str | None) -> CheckResult | None:
        """Take in a record; the result of a check, None for a run and for what has not ended.

        `text` is what was checked; None takes it from the record.
        """
        item = lesson.item(record.tag)
        if record.running or item is None:
            return None
        source = record.source if text is None else text
        if record.kind == "check" and isinstance(item, Exercise):
            return self._check(lesson, item, record, session, source)
        if record.kind == "run" and isinstance(item, Snippet):
            self._snippet(lesson, item, record, session, source)
        return None

    def _check(self, lesson: Lesson, exercise: Exercise, record: RunRecord, session: str, source: str) -> CheckResult:
        verdict = judge(
            self._ending(record, _needed(record, exercise, source)), [self._line(one) for one in record.verdicts]
        )
        attempt = Attempt(
            session, record.run, "check", verdict.passed, source, source if verdict.passed else None, verdict.counts
        )
        before = self._progress.items(lesson.id).get(exercise.key, ItemRow(exercise.key))
        new = self._progress.attempt(lesson.id, exercise.key, content_hash(exercise), attempt)
        if new and verdict.passed and before.status != "passed" and not before.solution:
            did = Behaviour("exercise", True, before.attempts + 1, before.hints, rungs=int(bool(before.rung)))
            self._note(lesson, exercise, did, f"{session}/{record.run}")
        index = None if verdict.passed else matching(source, [one.code.source for one in exercise.mistakes])
        mistake = None if index is None else exercise.mistakes[index]
        return CheckResult(
            verdict.passed,
            verdict.headline,
            verdict.lines,
            verdict.traceback,
            verdict.counts,
            verdict.explained,
            verdict.lacking,
            mistake=mistake,
            remarks=tuple(one.plain for one in autopsy(record)),
        )

    def _snippet(self, lesson: Lesson, snippet: Snippet, record: RunRecord, session: str, source: str) -> None:
        if not record.cells or record.cells[-1][0].endswith(SELECTION):
            return
        wanted = "error" if "raises-exception" in snippet.code.tags else "ok"
        passed = record.outcome == wanted
        attempt = Attempt(session, record.run, "run", passed, source, source if passed else None)
        new = self._progress.attempt(lesson.id, snippet.key, content_hash(snippet), attempt)
        if new and passed and snippet.knobs:
            for below in turned_by(lesson, snippet):  # knobs take them along
                self._progress.update(lesson.id, below.key, content_hash(below), status="passed")

    def _ending(self, record: RunRecord, needed: str) -> Ending:
        failure = record.failure
        return Ending(
            record.outcome,
            record.stage,
            record.words,
            told(failure),
            failure.text if failure else "",
            failed_line(failure),
            self._words(failure),
            needed,
        )

    def _line(self, verdict: CheckVerdict) -> CheckLine:
        failure = verdict.failure
        return CheckLine(
            verdict.ok,
            verdict.message,
            verdict.expected,
            verdict.got,
            verdict.source,
            verdict.line,
            told(failure),
            failure.text if failure else "",
            self._words(failure),
        )

    def _words(self, failure: Failure | None) -> str:
        found = self._explain(failure)
        return found.plain if found is not None else ""


def printed(record: RunRecord) -> str:
    """What a run showed of its own: what it printed, and the value of its last expression."""
    return "".join(chunk.text for chunk in record.chunks if chunk.kind in ("stdout", "result"))


def _needed(record: RunRecord, exercise: Exercise, source: str) -> str:
    """What is said where a check looked for a name that the learner's code should have made."""
    failures = [record.failure if record.stage == "tests" else None, *(one.failure for one in record.verdicts)]
    errors = [*map(told, failures), *(one.message for one in record.verdicts if not one.ok)]
    said = (needed(one, source, exercise.solution.code.source) for one in errors)
    return next((words for words in said if words), "")


def mistake_title(mistake: Answer, alike: bool) -> str:
    """Over the feedback for a typical mistake: which it is, and how it was recognised."""
    says = "What went wrong" if not alike else "It does the same as this typical mistake"
    return f"{says}: {one_line(mistake.summary)}" if mistake.summary else f"{says}:"


def told(failure: Failure | None) -> str:
    """An exception in one line: "ValueError: …"."""
    if failure is None:
        return ""
    message = failure.message.strip().partition("\n")[0]
    return f"{failure.kind}: {message}" if message else failure.kind


def failed_line(failure: Failure | None) -> int:
    """The learner's last line in a traceback; 0 where there is none."""
    frames = [frame for frame in failure.frames if frame.learner] if failure else []
    return frames[-1].line if frames else 0
