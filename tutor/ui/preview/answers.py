"""Checks an exercise with every answer that its file gives, and says whether each went as it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from textual.content import Content

from tutor.course.items import Exercise
from tutor.runner.transcript import RunRecord
from tutor.ui.screens.sheet import Sheet
from tutor.ui.visible import visible_line
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import EMPTY, hang, styled, tick


@dataclass
class Trial:
    """One answer: what it is called, its code, whether it should pass, and the record of its check so far."""

    name: str
    source: str
    should_pass: bool
    run: str = ""
    record: RunRecord | None = None

    @property
    def right(self) -> bool:
        """Whether it went as it should: a rejected answer is one that a check rejects, not one that crashes."""
        assert self.record is not None
        return self.record.passed if self.should_pass else not self.record.passed and self.record.outcome != "timeout"


def trials(exercise: Exercise) -> list[Trial]:
    """Starter, solution, alternatives and mistakes."""
    found = [
        Trial("starter", exercise.starter.source, False),
        Trial("solution", exercise.solution.code.source, True),
    ]
    found += [Trial(f"alternative “{one.summary}”", one.code.source, True) for one in exercise.alternatives]
    found += [Trial(f"mistake “{one.summary}”", one.code.source, False) for one in exercise.mistakes]
    return found


class Answers(Sheet):
    """A list that fills as the checks end. `send` starts one and gives its run's id."""

    def __init__(self, exercise: Exercise, send: Callable[[str], str]) -> None:
        self._trials = trials(exercise)
        self._list = AnswerList(self._trials)
        super().__init__(f"Every answer to {exercise.name}", self._list)
        self._send = send

    def on_mount(self) -> None:
        """Check them all: the session takes one after the other."""
        for trial in self._trials:
            trial.run = self._send(trial.source)

    def ended(self, record: RunRecord) -> None:
        """A check has ended."""
        for trial in self._trials:
            if trial.run == record.run:
                trial.record = record
                self._list.relay()


class AnswerList(Flow):
    """One line for each answer, and below it what the checks said."""

    def __init__(self, found: list[Trial]) -> None:
        super().__init__()
        self._trials = found

    def lines(self, width: int) -> list[Content]:
        """The lines."""
        lines: list[Content] = []
        for trial in self._trials:
            lines += self._trial(trial, width)
        done = [trial for trial in self._trials if trial.record is not None]
        if len(done) == len(self._trials):
            wrong = sum(not trial.right for trial in done)
            words = "Each went as it should." if not wrong else f"{wrong} of {len(done)} did not go as they should."
            lines += [EMPTY, styled(words, ".flow--wrong" if wrong else ".flow--right")]
        return lines

    def _trial(self, trial: Trial, width: int) -> Iterator[Content]:
        name = visible_line(trial.name)
        record = trial.record
        if record is None:
            state = "being checked …" if trial.run else "could not be sent"
            yield from hang(Content(f"{name}: {state}"), width, Content("· "))
            return
        failed = [verdict for verdict in record.verdicts if not verdict.ok]
        if record.passed:
            words = "passes"
        elif failed:
            words = f"is rejected by {len(failed)} of {len(record.verdicts)} checks"
        else:
            words = f"ends with {record.words or (record.failure.kind if record.failure else record.outcome)}"
        ending = "" if trial.right else ", and should " + ("pass" if trial.should_pass else "be rejected")
        yield from hang(Content(f"{name}: {words}{ending}"), width, tick(trial.right))
        for verdict in failed[:3]:
            said = visible_line(verdict.message or verdict.source)
            yield from hang(styled(said, ".flow--muted"), width, Content("    "))
