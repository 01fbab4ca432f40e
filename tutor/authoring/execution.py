"""Running the code of many lessons: a session for each job, a fresh kernel for each lesson."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from tutor.authoring.bench import private_bench
from tutor.authoring.lesson_run import LessonRun
from tutor.course.model import Lesson
from tutor.course.problems import Problem


class Execution:
    """Runs lessons with an interpreter (None for this one) and on a device (None for the best), `jobs` at a time.

    `begun` is told of each lesson when its turn comes. `stale` has, by a lesson's path, the outputs that are out of
    date.
    """

    def __init__(
        self,
        python: str | None = None,
        device: str | None = None,
        jobs: int = 1,
        begun: Callable[[Lesson], None] = lambda lesson: None,
    ) -> None:
        self._python, self._device, self._jobs, self._begun = python, device, jobs, begun
        self.stale: dict[Path, dict[int, str]] = {}

    def __call__(self, lessons: Sequence[Lesson]) -> dict[Path, list[Problem]]:
        """The problems of each lesson by its path. Raises `TutorError` where no code can be run at all."""
        return asyncio.run(self._all(list(lessons)))

    async def _all(self, lessons: list[Lesson]) -> dict[Path, list[Problem]]:
        waiting = iter(lessons)
        found: dict[Path, list[Problem]] = {}

        async def work() -> None:
            async with private_bench(self._python, self._device) as bench:
                for lesson in waiting:
                    self._begun(lesson)
                    one = LessonRun(bench, lesson)
                    found[lesson.path] = await one.run()
                    self.stale[lesson.path] = one.stale

        await asyncio.gather(*(work() for _ in range(min(self._jobs, len(lessons)))))
        return found
