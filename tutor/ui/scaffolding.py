"""The rungs between hints and solution: opening their screens, and taking home what was done there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from textual.screen import Screen

from tutor.course.items import Answer, Exercise
from tutor.course.model import Lesson
from tutor.learning.ladder import Scaffold
from tutor.learning.parsons import Puzzle
from tutor.study import Study
from tutor.ui.screens.rung import Left


class Open(Protocol):
    """Pushes a screen, and hands on how it was left."""

    def __call__(self, screen: Screen[Any], then: Callable[[Left | None], None] | None = None) -> object:
        """Show `screen` over the lesson."""


class Scaffolding:
    """Leads from one rung to the next.

    `put` changes the editor's code, `check` checks it, `beyond` is called where only the solution is left.
    """

    def __init__(
        self,
        study: Study,
        open_screen: Open,
        put: Callable[[str], None],
        check: Callable[[], None],
        beyond: Callable[[Exercise], None],
        say: Callable[[str], None],
    ) -> None:
        self._study = study
        self._open_screen = open_screen
        self._put = put
        self._check = check
        self._beyond = beyond
        self._say = say
        self._done: set[tuple[str, Scaffold]] = set()

    def help(self, lesson: Lesson, exercise: Exercise) -> None:
        """Go on with the task that was left, or to the next rung."""
        current = self._study.ladder.current(lesson, exercise)
        if current is not None and (exercise.key, current) not in self._done:
            self._open(lesson, exercise, current)
        else:
            self._next(lesson, exercise)

    def compare(self, mine: str, answers: Sequence[Answer]) -> None:
        """Show what passed beside other right answers."""
        from tutor.ui.screens.beside import Beside

        self._open_screen(Beside(mine, answers))

    def _next(self, lesson: Lesson, exercise: Exercise) -> None:
        rung = self._study.ladder.next(lesson, exercise)
        if rung.scaffold is None:
            self._beyond(exercise)
        else:
            self._open(lesson, exercise, rung.scaffold)

    def _open(self, lesson: Lesson, exercise: Exercise, scaffold: Scaffold) -> None:
        task = self._study.ladder.use(lesson, exercise, scaffold)
        if task is None:
            self._beyond(exercise)
            return
        ladder = self._study.ladder
        if isinstance(task, Puzzle):
            from tutor.ui.screens.lines import LinesScreen

            screen: Screen[Left] = LinesScreen(
                task,
                ladder.arrangement(lesson, exercise, task),
                partial(ladder.keep_arrangement, lesson, exercise, task),
            )
        else:
            from tutor.ui.screens.gaps import GapsScreen

            screen = GapsScreen(
                task,
                ladder.answers(lesson, exercise, scaffold, task),
                partial(ladder.keep_answers, lesson, exercise, scaffold, task),
            )
        self._open_screen(screen, lambda left: self._left(lesson, exercise, scaffold, left))

    def _left(self, lesson: Lesson, exercise: Exercise, scaffold: Scaffold, left: Left | None) -> None:
        if left is None or left.way == "back":
            return
        if left.way == "more":
            self._done.add((exercise.key, scaffold))
            self._next(lesson, exercise)
            return
        self._put(left.code)
        if left.way == "try":
            self._check()
            return
        self._done.add((exercise.key, scaffold))
        self._say("That is it. The code stands in the editor: ctrl+t checks it, ctrl+z there brings yours back.")
