"""What a learner has typed and not given up: saved while typing, there again after a crash."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tutor.store.database import Store, storable


@dataclass(frozen=True)
class Draft:
    """Typed text; `hash` is that of the content it was typed over."""

    text: str
    hash: str = ""


class Drafts:
    """The drafts of one course in a store."""

    def __init__(self, store: Store, course: str) -> None:
        self._store = store
        self._course = course

    def of(self, lesson: str) -> dict[str, Draft]:
        """The drafts of a lesson, by item key."""
        found = self._store.rows(
            "SELECT key, text, hash FROM drafts WHERE course = ? AND lesson = ?", (self._course, lesson)
        )
        return {key: Draft(text, digest) for key, text, digest in found}

    def get(self, lesson: str, key: str) -> Draft | None:
        """The draft of one item."""
        found = self._store.rows(
            "SELECT text, hash FROM drafts WHERE course = ? AND lesson = ? AND key = ?", (self._course, lesson, key)
        )
        return Draft(*found[0]) if found else None

    def save(self, lesson: str, key: str, draft: Draft) -> None:
        """Keep `draft` in place of the last one."""
        values = (self._course, lesson, key, draft.hash, storable(draft.text), time.time())
        self._store.write(lambda to: to.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?)", values))

    def forget(self, lesson: str, key: str) -> None:
        """Give a draft up."""
        values = (self._course, lesson, key)
        self._store.write(
            lambda to: to.execute("DELETE FROM drafts WHERE course = ? AND lesson = ? AND key = ?", values)
        )
