"""What a learner has typed and not given up: saved while typing, there again after a crash."""

from __future__ import annotations

import time

from tutor.store.database import Store, storable


class Drafts:
    """The drafts of one course in a store."""

    def __init__(self, store: Store, course: str) -> None:
        self._store = store
        self._course = course

    def of(self, lesson: str) -> dict[str, str]:
        """The drafts of a lesson, by item key."""
        query = "SELECT key, text FROM drafts WHERE course = ? AND lesson = ?"
        return dict(self._store.rows(query, (self._course, lesson)))

    def get(self, lesson: str, key: str) -> str | None:
        """The draft of one item."""
        query = "SELECT text FROM drafts WHERE course = ? AND lesson = ? AND key = ?"
        found = self._store.rows(query, (self._course, lesson, key))
        return found[0][0] if found else None

    def save(self, lesson: str, key: str, text: str) -> None:
        """Keep `text` in place of the last draft."""
        values = (self._course, lesson, key, storable(text), time.time())
        self._store.write(lambda to: to.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?)", values))

    def forget(self, lesson: str, key: str) -> None:
        """Give a draft up."""
        query = "DELETE FROM drafts WHERE course = ? AND lesson = ? AND key = ?"
        self._store.write(lambda to: to.execute(query, (self._course, lesson, key)))
