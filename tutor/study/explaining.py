"""From an exception that the runner reports to words, and from a concept to the lesson that teaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.course.model import Course, LessonEntry
from tutor.learning.explain import Explanation, Thing, Trouble, explain

if TYPE_CHECKING:
    from tutor.runner.protocol.parts import Failure


@dataclass(frozen=True)
class Explained(Explanation):
    """An explanation; `lesson` is where its concept is taught: "lesson 12, Classes that own their weights"."""

    lesson: str = ""

    @property
    def plain(self) -> str:
        """All of it as one line of text."""
        return f"{super().plain} ({self.lesson})" if self.lesson else super().plain


Explain = Callable[["Failure | None"], "Explained | None"]


def explained(failure: Failure | None, course: Course | None = None) -> Explained | None:
    """An exception in words; None for none, and for one that no rule knows."""
    if failure is None:
        return None
    own = [frame for frame in failure.frames if frame.learner]
    things = tuple(
        Thing(
            one.name,
            one.kind,
            one.role,
            one.shape,
            one.dtype,
            one.device,
            one.grad,
            one.low,
            one.high,
            one.text,
            one.size,
        )
        for one in failure.values
    )
    found = explain(Trouble(failure.kind, failure.message, things, own[-1].source if own else ""))
    if found is None:
        return None
    entry = teaching(course, found.concepts) if course is not None else None
    lesson = place_of(entry) if entry is not None else ""
    return Explained(found.rule, found.what, found.repair, found.concepts, lesson)


def teaching(course: Course, concepts: tuple[str, ...]) -> LessonEntry | None:
    """The first lesson that teaches one of these concepts, the earlier ones preferred."""
    for concept in concepts:
        for entry in course.lessons():
            if concept in entry.front.concepts:
                return entry
    return None


def place_of(entry: LessonEntry) -> str:
    """A lesson for people: "lesson 12, Classes that own their weights"; its number is that of its file."""
    number = entry.path.stem.partition("-")[0]
    return f"lesson {number}, {entry.front.title}" if number.isdigit() else f"the lesson {entry.front.title}"
