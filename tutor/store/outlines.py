"""What each lesson holds, so that the course map need not read every file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tutor.store.database import Store


@dataclass(frozen=True)
class Outline:
    """The items of a lesson that count, as its file was at `stamp`: key -> hash of its content."""

    stamp: str
    items: Mapping[str, str]


class Outlines:
    """The outlines of one course in a store."""

    def __init__(self, store: Store, course: str) -> None:
        self._store = store
        self._course = course

    def all(self) -> dict[str, Outline]:
        """Lesson id -> outline, as far as lessons have been read."""
        found = self._store.rows("SELECT lesson, stamp, keys FROM outlines WHERE course = ?", (self._course,))
        return {lesson: Outline(stamp, _unpacked(keys)) for lesson, stamp, keys in found}

    def remember(self, lesson: str, outline: Outline) -> None:
        """Keep an outline."""
        packed = "\n".join(f"{key}\t{digest}" for key, digest in sorted(outline.items.items()))
        values = (self._course, lesson, outline.stamp, packed)
        self._store.write(lambda to: to.execute("INSERT OR REPLACE INTO outlines VALUES (?, ?, ?, ?)", values))


def _unpacked(text: str) -> dict[str, str]:
    rows = (line.partition("\t") for line in text.split("\n") if line)
    return {key: digest for key, _, digest in rows}
