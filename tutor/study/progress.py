"""How far a learner is in each lesson, told without reading the lessons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tutor.course.model import Course, Lesson
from tutor.store.progress import Outline, Progress
from tutor.study.shelf import Shelf, file_stamp
from tutor.study.work import counted


@dataclass(frozen=True)
class LessonProgress:
    """Items done of those that count. `started` tells whether the lesson was ever opened or worked on."""

    done: int
    total: int
    started: bool

    @property
    def percent(self) -> int:
        """Share done, 0 to 100, rounded down: 100 means all."""
        return 100 * self.done // self.total if self.total else 0


class CourseMap:
    """Progress of the whole course, from what the store remembers of each lesson."""

    def __init__(self, course: Course, progress: Progress) -> None:
        self._course = course
        self._progress = progress

    def note(self, lesson: Lesson, stamp: str) -> None:
        """A lesson has been read: remember what it holds."""
        self._progress.remember_outline(lesson.id, Outline(stamp, counted(lesson)))

    def lessons(self, shelf: Shelf, read: bool) -> Mapping[str, LessonProgress]:
        """Lesson id -> progress, for every lesson of the course.

        Only files that are new or have changed are read, and with `read` false not even those: such a lesson then has
        the figures it had, or none.
        """
        outlines, statuses, visited = self._progress.outlines(), self._progress.statuses(), self._progress.visited()
        found = {}
        for entry in self._course.lessons():
            name = entry.front.id
            known = outlines.get(name)
            if read and (known is None or known.stamp != file_stamp(entry.path)):
                known = Outline("", counted(shelf.read(entry)))
            keys = known.keys if known is not None else frozenset()
            done = sum(statuses.get(name, {}).get(key) in ("passed", "skipped") for key in keys)
            found[name] = LessonProgress(done, len(keys), name in statuses or name in visited)
        return found
