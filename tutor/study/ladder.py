"""The rungs between hints and solution: which comes next for this learner, and what is to be done on it."""

from __future__ import annotations

from functools import lru_cache

from tutor.course.model import Exercise, Lesson
from tutor.learning.blanks import Blanks, Level, make_blanks
from tutor.learning.ladder import RECENT, Past, Rung, Scaffold, first_scaffold, next_rung
from tutor.learning.parsons import Puzzle, make_puzzle
from tutor.store.progress import ItemRow, Progress
from tutor.study.work import Work, content_hash

Task = Puzzle | Blanks


class Ladder:
    """Chooses the next help with an exercise, and keeps which was used."""

    def __init__(self, progress: Progress, work: Work) -> None:
        self._progress = progress
        self._work = work

    def next(self, lesson: Lesson, exercise: Exercise) -> Rung:
        """What comes after the help that was given so far. Where it begins follows from how the last exercises went."""
        state = self._work.state(lesson, exercise)
        past = [_past(row) for row in self._progress.settled(exercise.key, RECENT)]
        available = [one for one in Scaffold if task(exercise, one) is not None]
        return next_rung(
            state.hints, len(exercise.hints), state.solution, available, _scaffold(state.rung), first_scaffold(past)
        )

    def current(self, lesson: Lesson, exercise: Exercise) -> Scaffold | None:
        """The scaffold that was used last, None before the first and for one that the exercise no longer has."""
        used = _scaffold(self._work.state(lesson, exercise).rung)
        return used if used is not None and task(exercise, used) is not None else None

    def use(self, lesson: Lesson, exercise: Exercise, scaffold: Scaffold) -> Task | None:
        """Take a scaffold, which is kept; None where the exercise has no such one."""
        found = task(exercise, scaffold)
        if found is not None:
            self._progress.update(lesson.id, exercise.key, content_hash(exercise), status="tried", rung=scaffold.value)
        return found


def task(exercise: Exercise, scaffold: Scaffold) -> Task | None:
    """What is to be done on a rung; None where the solution gives nothing for it."""
    return _task(
        scaffold,
        exercise.solution.code.source,
        exercise.starter.source,
        tuple(mistake.code.source for mistake in exercise.mistakes),
    )


@lru_cache(maxsize=64)
def _task(scaffold: Scaffold, solution: str, starter: str, mistakes: tuple[str, ...]) -> Task | None:
    if scaffold is Scaffold.LINES:
        return make_puzzle(solution, starter, mistakes)
    return make_blanks(solution, starter, Level.NAMES if scaffold is Scaffold.NAMES else Level.EXPRESSIONS)


def _scaffold(name: str) -> Scaffold | None:
    return next((one for one in Scaffold if one.value == name), None)


def _past(row: ItemRow) -> Past:
    return Past(row.status == "passed", row.attempts, row.hints, row.rung, row.solution)
