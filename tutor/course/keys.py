"""Keys under which progress is stored, and hashes by which changed content is recognised."""

from __future__ import annotations

import hashlib


def content_hash(*parts: str) -> str:
    """Short hash of some texts; it differs when any of them, or where one ends, differs."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:12]


def chained(previous: str, source: str) -> str:
    """Key of a cell without a name: it depends on its source and on the key before it."""
    return hashlib.sha256((previous + source).encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Keys:
    """Hands out the keys of one lesson in the order of the file; no two are the same."""

    def __init__(self, lesson_id: str) -> None:
        self._lesson = lesson_id
        self._previous = lesson_id
        self._used: set[str] = set()

    def cell(self, source: str) -> str:
        """Key of a cell that has no name."""
        return self._take(chained(self._previous, source))

    def named(self, name: str, source: str) -> str:
        """`lesson-id/name`; where the name is missing or taken (an error, told elsewhere), a key made of `source`."""
        key = f"{self._lesson}/{name}"
        return self._take(key) if name and key not in self._used else self.cell(source)

    def _take(self, key: str) -> str:
        self._used.add(key)
        self._previous = key
        return key
