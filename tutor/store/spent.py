"""How long the learner has worked at each lesson, day by day."""

from __future__ import annotations

from tutor.store.database import Store


class Spent:
    """The time spent in one course, in a store."""

    def __init__(self, store: Store, course: str) -> None:
        self._store = store
        self._course = course

    def add(self, lesson: str, day: str, seconds: float) -> None:
        """Add to the time of a lesson on a day, written as 2026-05-29."""
        query = (
            "INSERT INTO spent VALUES (?, ?, ?, ?)"
            " ON CONFLICT (course, lesson, day) DO UPDATE SET seconds = seconds + excluded.seconds"
        )
        self._store.write(lambda to: to.execute(query, (self._course, lesson, day, seconds)))

    def seconds(self) -> dict[str, float]:
        """Lesson id -> seconds."""
        query = "SELECT lesson, sum(seconds) FROM spent WHERE course = ? GROUP BY lesson"
        return dict(self._store.rows(query, (self._course,)))
