"""How far a learner is in each lesson, told without reading the lessons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tutor.course.model import Course, Lesson
from tutor.store.outlines import Outline, Outlines
from tutor.store.progress import Progress, Standing
from tutor.store.spent import Spent
from tutor.study.memory import Memory
from tutor.study.shelf import Shelf, file_stamp
from tutor.study.work import counted


@dataclass(frozen=True)
class LessonProgress:
    """Items done of those that count. `started` tells whether the lesson was ever opened or worked on.

    `changed` counts the items that have another content now than when they were solved, `skipped` those of the done
    ones that were skipped, `due` the ideas of the lesson that are due for review; `seconds` is the time spent. `known`
    is false while the lesson has never been read: nothing can be said of its items then.
    """

    done: int
    total: int
    started: bool
    changed: int = 0
    skipped: int = 0
    due: int = 0
    seconds: float = 0.0
    known: bool = True

    @property
    def percent(self) -> int:
        """Share done, 0 to 100, rounded down: 100 means all."""
        return 100 * self.done // self.total if self.total else 0


class CourseMap:
    """Progress of the whole course, from what the store remembers of each lesson."""

    def __init__(self, course: Course, progress: Progress, outlines: Outlines, spent: Spent, memory: Memory) -> None:
        self._course = course
        self._progress = progress
        self._outlines = outlines
        self._spent = spent
        self._memory = memory

    def note(self, lesson: Lesson, stamp: str) -> None:
        """A lesson has been read: remember what it holds."""
        self._outlines.remember(lesson.id, Outline(stamp, counted(lesson)))

    def lessons(self, shelf: Shelf, read: bool) -> Mapping[str, LessonProgress]:
        """Lesson id -> progress, for every lesson of the course.

        Only files that are new or have changed are read, and with `read` false not even those: such a lesson then has
        the figures it had, or none.
        """
        outlines, statuses, visited = self._outlines.all(), self._progress.statuses(), self._progress.visited()
        seconds, due = self._spent.seconds(), frozenset(self._memory.due())
        found = {}
        for entry in self._course.lessons():
            name = entry.front.id
            known = outlines.get(name)
            if read and (known is None or known.stamp != file_stamp(entry.path)):
                known = Outline("", counted(shelf.read(entry)))
            items = known.items if known is not None else {}
            standing = {key: one for key, one in statuses.get(name, {}).items() if key in items}
            found[name] = LessonProgress(
                done=sum(one.status in ("passed", "skipped") for one in standing.values()),
                total=len(items),
                started=name in statuses or name in visited,
                changed=sum(_changed(one, items[key]) for key, one in standing.items()),
                skipped=sum(one.status == "skipped" for one in standing.values()),
                due=len(due & {name, *entry.front.concepts}),
                seconds=seconds.get(name, 0.0),
                known=known is not None,
            )
        return found

    def solved(self) -> tuple[list[tuple[str, str]], float]:
        """Key and content hash of every item of the course that was solved, and the time of the last answer.

        Lessons must have been read before, as `lessons` does.
        """
        statuses = self._progress.statuses()
        known = {entry.front.id for entry in self._course.lessons()}
        solved = [
            (key, statuses[name][key].hash)
            for name, outline in self._outlines.all().items()
            if name in known
            for key in outline.items
            if key in statuses.get(name, {})
        ]
        return solved, self._progress.last_pass()


def _changed(standing: Standing, digest: str) -> bool:
    return standing.status == "passed" and standing.hash != digest
