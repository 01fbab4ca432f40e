"""What comes before what in a lesson."""

from __future__ import annotations

from tutor.course.items import Exercise, Snippet
from tutor.course.model import Lesson


def cells_above(lesson: Lesson, key: str) -> tuple[Snippet | Exercise, ...]:
    """The live cells that stand above the item `key`, in the order of the file.

    Hidden snippets are among them, exercises are given as such, quizzes and predicts are none. Raises `KeyError`
    where the lesson has no such item.
    """
    above: list[Snippet | Exercise] = []
    for _, item in lesson.items():
        if item.key == key:
            return tuple(above)
        if isinstance(item, Snippet | Exercise):
            above.append(item)
    raise KeyError(key)
