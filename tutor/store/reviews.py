"""What was remembered and what not: a log of reviews, and a card for each idea that the log makes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor.store.database import Store, storable


@dataclass(frozen=True)
class ReviewRow:
    """One review. `id` names it for ever; `key` is the item, `grade` goes from 1 to 4, `words` say what happened.

    `time` is in seconds since the epoch; `again` tells whether it was a review, and not the first work in a lesson.
    """

    id: str
    lesson: str
    key: str
    concept: str
    grade: int
    words: str
    time: float
    again: bool = False


@dataclass(frozen=True)
class CardRow:
    """Where an idea stands; times are in seconds since the epoch, `stability` is in days."""

    due: float
    last: float
    stability: float
    difficulty: float
    reviews: int
    lapses: int


Settle = Callable[[Sequence[tuple[float, int]]], CardRow]
"""Makes a card of its reviews: (time, grade), in the order of their times."""


class Reviews:
    """The reviews of one course in a store. `settle` makes the cards."""

    def __init__(self, store: Store, course: str, settle: Settle) -> None:
        self._store = store
        self._course = course
        self._settle = settle

    def add(self, row: ReviewRow) -> CardRow | None:
        """Keep a review and bring its card up to date; the card, or None where that review was known."""

        def work(connection: sqlite3.Connection) -> CardRow | None:
            new = connection.execute(
                "INSERT OR IGNORE INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(storable(row.id), self._course, row.lesson, row.key, row.concept),
                    *(row.grade, storable(row.words), row.time, row.again),
                ),
            ).rowcount
            return self._refold(connection, row.concept) if new else None

        return self._store.write(work)

    def cards(self) -> dict[str, CardRow]:
        """Idea -> card."""
        query = "SELECT concept, due, last, stability, difficulty, reviews, lapses FROM cards WHERE course = ?"
        return {row[0]: CardRow(*row[1:]) for row in self._store.rows(query, (self._course,))}

    def last_of(self, concept: str) -> dict[str, tuple[float, int]]:
        """Item key -> time and grade of its newest review for this idea."""
        query = "SELECT key, time, grade FROM reviews WHERE course = ? AND concept = ? ORDER BY time"
        return {key: (time, grade) for key, time, grade in self._store.rows(query, (self._course, concept))}

    def count(self, key: str) -> int:
        """How often an item was settled, in its lesson and in reviews."""
        query = "SELECT count(*) FROM reviews WHERE course = ? AND key = ?"
        return int(self._store.rows(query, (self._course, key))[0][0])

    def times(self) -> list[float]:
        """When something was reviewed or tried, to the quarter of an hour, in seconds since the epoch; each once.

        No time zone cuts its days finer than that.
        """
        query = (
            "SELECT CAST(time / 900 AS INTEGER) FROM reviews WHERE course = ?1"
            " UNION SELECT CAST(time / 900 AS INTEGER) FROM attempts WHERE course = ?1"
        )
        return [900.0 * quarter for (quarter,) in self._store.rows(query, (self._course,))]

    def refold(self) -> None:
        """Make all cards anew from the log."""

        def work(connection: sqlite3.Connection) -> None:
            query = "SELECT DISTINCT concept FROM reviews WHERE course = ?"
            for (concept,) in connection.execute(query, (self._course,)).fetchall():
                self._refold(connection, concept)

        self._store.write(work)

    def reset(self, lesson: str | None = None) -> None:
        """Forget the reviews of one lesson's items, or of the whole course."""
        where, values = "course = ?1 AND (?2 IS NULL OR lesson = ?2)", (self._course, lesson)

        def work(connection: sqlite3.Connection) -> None:
            touched = connection.execute(f"SELECT DISTINCT concept FROM reviews WHERE {where}", values).fetchall()
            connection.execute(f"DELETE FROM reviews WHERE {where}", values)
            for (concept,) in touched:
                self._refold(connection, concept)

        self._store.write(work)

    def _refold(self, connection: sqlite3.Connection, concept: str) -> CardRow | None:
        """The card of an idea, made anew; None, and none is kept, where it has no reviews."""
        history = connection.execute(
            "SELECT time, grade FROM reviews WHERE course = ? AND concept = ? ORDER BY time, id",
            (self._course, concept),
        ).fetchall()
        if not history:
            connection.execute("DELETE FROM cards WHERE course = ? AND concept = ?", (self._course, concept))
            return None
        card = self._settle(history)
        connection.execute(
            "INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(self._course, concept, card.due, card.last),
                *(card.stability, card.difficulty, card.reviews, card.lapses),
            ),
        )
        return card
