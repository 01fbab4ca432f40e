"""The rungs between hints and solution: which comes next, what is to be done on it, and how far it is done."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from tutor.course.items import Exercise
from tutor.course.model import Lesson
from tutor.learning.blanks import Blanks, Level, make_blanks
from tutor.learning.ladder import RECENT, Past, Rung, Scaffold, first_scaffold, next_rung
from tutor.learning.parsons import Arrangement, Puzzle, make_puzzle
from tutor.learning.state import Status
from tutor.learning.unfinished import Task, answers_found, answers_kept, arrangement_found, arrangement_kept
from tutor.store.drafts import Drafts
from tutor.store.progress import ItemRow, Progress
from tutor.study.tags import PART
from tutor.study.work import Work, content_hash


class Ladder:
    """Chooses the next help with an exercise, and keeps which was used and what was done with it.

    What stands in the gaps and where the lines were put are drafts like the code in the editor, until a pass.
    """

    def __init__(self, progress: Progress, work: Work, drafts: Drafts) -> None:
        self._progress = progress
        self._work = work
        self._drafts = drafts

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

    def answers(self, lesson: Lesson, exercise: Exercise, scaffold: Scaffold, task: Blanks) -> dict[int, str]:
        """What the learner has written into the gaps so far, by the index of the gap."""
        return answers_found(task, self._drafts.get(lesson.id, _place(exercise.key, scaffold)) or "")

    def keep_answers(
        self, lesson: Lesson, exercise: Exercise, scaffold: Scaffold, task: Blanks, answers: Mapping[int, str]
    ) -> None:
        """Keep what is written into the gaps."""
        self._keep(lesson.id, _place(exercise.key, scaffold), answers_kept(task, answers))

    def arrangement(self, lesson: Lesson, exercise: Exercise, task: Puzzle) -> Arrangement:
        """Where the learner has put the lines; at first they are shuffled."""
        text = self._drafts.get(lesson.id, _place(exercise.key, Scaffold.LINES)) or ""
        return arrangement_found(task, text) or task.shuffled(exercise.key)

    def keep_arrangement(self, lesson: Lesson, exercise: Exercise, task: Puzzle, arrangement: Arrangement) -> None:
        """Keep where the lines stand."""
        self._keep(lesson.id, _place(exercise.key, Scaffold.LINES), arrangement_kept(task, arrangement))

    def passed(self, lesson: Lesson, key: str) -> None:
        """Give up what was begun with the exercise of this key, unless it is open again since that pass."""
        begun = {_place(key, scaffold) for scaffold in Scaffold} & self._drafts.of(lesson.id).keys()
        item = lesson.item(key)
        if begun and item is not None and self._work.state(lesson, item).status is Status.PASSED:
            for place in begun:
                self._drafts.forget(lesson.id, place)

    def _keep(self, lesson_id: str, place: str, text: str) -> None:
        if text:
            self._drafts.save(lesson_id, place, text)
        else:
            self._drafts.forget(lesson_id, place)


def _place(key: str, scaffold: Scaffold) -> str:
    """The key of the draft of a task."""
    return f"{key}{PART}{scaffold.value}"


def task(exercise: Exercise, scaffold: Scaffold) -> Task | None:
    """What is to be done on a rung; None where the solution gives nothing for it."""
    return _task(
        scaffold,
        exercise.solution.code.source,
        exercise.starter.source,
        tuple(mistake.code.source for mistake in exercise.mistakes),
        tuple(alternative.code.source for alternative in exercise.alternatives),
    )


@lru_cache(maxsize=64)
def _task(
    scaffold: Scaffold, solution: str, starter: str, mistakes: tuple[str, ...], alternatives: tuple[str, ...]
) -> Task | None:
    if scaffold is Scaffold.LINES:
        return make_puzzle(solution, starter, mistakes, alternatives)
    return make_blanks(solution, starter, Level.NAMES if scaffold is Scaffold.NAMES else Level.EXPRESSIONS)


def _scaffold(name: str) -> Scaffold | None:
    return next((one for one in Scaffold if one.value == name), None)


def _past(row: ItemRow) -> Past:
    return Past(row.status == "passed", row.attempts, row.hints, row.rung, row.solution)
