"""How runs and parts of items are named, and whose cells a namespace holds."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from tutor.course.model import Lesson

PART = "#"
"""What separates an item's key from the name of a part of it, such as a selection."""
SELECTION = PART + "selection"
SHAPE = PART + "shape"
MARK = PART + "like"
"""Ends the tags of checks that find out what a mistake does: they belong to no item, so that no pane shows them."""


def foreign(lesson: Lesson, executed: Mapping[str, str]) -> bool:
    """Whether the namespace holds what this lesson did not put there: another lesson's cells, or a script's."""
    own = {item.key for _, item in lesson.items()}
    return any(key.partition(PART)[0] not in own for key in executed)


def new_run() -> str:
    """A run's id: unique among all sessions, so that no two records are taken for one."""
    return uuid.uuid4().hex
