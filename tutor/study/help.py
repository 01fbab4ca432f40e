"""Help with an exercise: hints, the solution, other right answers, and going on without it."""

from __future__ import annotations

from typing import NamedTuple

from tutor.course.items import Answer, Exercise, Hint
from tutor.course.model import Lesson
from tutor.learning.grading import Behaviour
from tutor.learning.ladder import next_rung, solution_offered
from tutor.learning.state import Status
from tutor.store.progress import Progress
from tutor.study.memory import Note
from tutor.study.work import Work, content_hash


class NextHint(NamedTuple):
    """A hint and its count: hint `number` of `total`."""

    hint: Hint
    number: int
    total: int


class Help:
    """Gives help, and keeps how much was given; `note` is told of what was given up."""

    def __init__(self, progress: Progress, work: Work, note: Note) -> None:
        self._progress = progress
        self._work = work
        self._note = note

    def next_hint(self, lesson: Lesson, exercise: Exercise) -> NextHint | None:
        """Show one hint more; None when all are shown."""
        state = self._work.state(lesson, exercise)
        rung = next_rung(state.hints, len(exercise.hints), state.solution)
        if rung.kind != "hint":
            return None
        self._progress.update(lesson.id, exercise.key, content_hash(exercise), status="tried", hints=rung.number)
        return NextHint(exercise.hints[rung.number - 1], rung.number, rung.total)

    def hints_shown(self, lesson: Lesson, exercise: Exercise) -> tuple[Hint, ...]:
        """The hints that were shown, in order."""
        return exercise.hints[: self._work.state(lesson, exercise).hints]

    def solution_offered(self, lesson: Lesson, exercise: Exercise) -> bool:
        """Whether to offer the solution unasked: after an attempt, the last hint or a pass."""
        state = self._work.state(lesson, exercise)
        return solution_offered(state.attempts, state.hints, len(exercise.hints), state.status is Status.PASSED)

    def show_solution(self, lesson: Lesson, exercise: Exercise) -> Answer:
        """The solution with its why. Before a pass it is kept that it was seen."""
        state = self._work.state(lesson, exercise)
        if state.status is not Status.PASSED:
            self._progress.update(lesson.id, exercise.key, content_hash(exercise), status="tried", solution=True)
            if not state.solution:
                self._note(lesson, exercise, Behaviour("exercise", False, state.attempts, solution=True), "")
        return exercise.solution

    def alternatives(self, lesson: Lesson, exercise: Exercise) -> tuple[Answer, ...]:
        """Other right answers; none before a pass."""
        passed = self._work.state(lesson, exercise).status is Status.PASSED
        return exercise.alternatives if passed else ()

    def skip(self, lesson: Lesson, exercise: Exercise) -> None:
        """Go on without solving it; it is kept as skipped, not as passed. Nothing is taken from one that was passed."""
        state = self._work.state(lesson, exercise)
        if state.status not in (Status.PASSED, Status.CHANGED):
            self._progress.update(lesson.id, exercise.key, content_hash(exercise), status="skipped")
            if state.status is not Status.SKIPPED:
                self._note(lesson, exercise, Behaviour("exercise", False, state.attempts, skipped=True), "")
