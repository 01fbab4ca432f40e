"""What differs between two readings of a lesson: the first block that is new, and the first cell to run again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.course.items import Block, Code, Exercise, Item, Predict, Snippet
from tutor.course.model import Lesson

_PLACES = frozenset({"line", "output_line", "expected_line", "key", "hash"})
"""Fields that say where something stands; they change when something above it does."""


@dataclass(frozen=True)
class Place:
    """A block: its page, counted from 1, and its index among the page's blocks (it may be one past the last)."""

    page: int
    block: int


def first_change(before: Lesson, after: Lesson) -> Place | None:
    """Where `after` begins to differ for a reader; None where it does not."""
    for index, page in enumerate(after.pages):
        if index >= len(before.pages):
            return Place(page.number, 0)
        old = before.pages[index]
        for number, (one, other) in enumerate(zip(old.blocks, page.blocks, strict=False)):
            if content(one) != content(other):
                return Place(page.number, number)
        if len(old.blocks) != len(page.blocks):
            return Place(page.number, min(len(old.blocks), len(page.blocks)))
        if old.title != page.title:
            return Place(page.number, 0)
    return Place(len(after.pages), 0) if len(before.pages) > len(after.pages) and after.pages else None


def cells_to_run(before: Lesson, after: Lesson) -> tuple[Snippet, ...]:
    """The snippets of `after` from the first one that runs other code than before, or after other code.

    Prose, outputs and questions change nothing. A cell that is not run by itself, or in several processes, is left out.
    """
    old, new = list(_steps(before)), list(_steps(after))
    same = 0
    while same < min(len(old), len(new)) and old[same][1] == new[same][1]:
        same += 1
    changed = same < len(new)
    return tuple(item for item, _ in new[same:] if isinstance(item, Snippet) and _runs(item.code)) if changed else ()


def content(block: Block) -> object:
    """What a block says, wherever it stands: equal for equal blocks."""
    return _bare(block)


def _steps(lesson: Lesson) -> Iterator[tuple[Item, object]]:
    """The items that leave something in the namespace, each with what decides about it."""
    for _, item in lesson.items():
        if isinstance(item, Snippet):
            yield item, _bare(item.code)
        elif isinstance(item, Exercise):
            yield item, (_bare(item.solution.code), _bare(item.starter))
        elif isinstance(item, Predict):
            continue


def _runs(code: Code) -> bool:
    return not code.launch and "skip-execution" not in code.tags


def _bare(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (field.name for field in dataclasses.fields(value) if field.name not in _PLACES)
        return (type(value).__name__, *((name, _bare(getattr(value, name))) for name in fields))
    if isinstance(value, tuple):
        return tuple(map(_bare, value))
    return value
