"""What a learner has done in one course: items, attempts, and the place where they were."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, replace
from typing import NamedTuple

from tutor.store.database import Store, storable
from tutor.store.runs import reset_runs


@dataclass(frozen=True)
class ItemRow:
    """What is kept of one item. `status` is new, tried, passed or skipped; `hash` is the content it is about.

    `rung` is the last help that was used between hints and solution.
    """

    key: str
    hash: str = ""
    status: str = "new"
    attempts: int = 0
    hints: int = 0
    solution: bool = False
    answer: str = ""
    rung: str = ""


class Standing(NamedTuple):
    """Status of an item, and the hash of the content that it is about."""

    status: str
    hash: str


@dataclass(frozen=True)
class AttemptRow:
    """One recorded run, check or answer. `text` is what was tried; `time` is in seconds since the epoch."""

    kind: str
    passed: bool
    text: str
    time: float


@dataclass(frozen=True)
class Attempt:
    """An attempt to record. `(session, run)` names it for ever: recording it again changes nothing.

    `counts` is False for what is worth keeping but was not a try of the learner's. `answer` becomes the item's answer;
    None leaves the one there is.
    """

    session: str
    run: str
    kind: str
    passed: bool
    text: str = ""
    answer: str | None = None
    counts: bool = True


@dataclass(frozen=True)
class PlaceRow:
    """A place in a lesson; pages count from 1."""

    lesson: str
    page: int
    item: str = ""


_ITEM = "key, hash, status, attempts, hints, solution, answer, rung"


class Progress:
    """The progress of one course in a store."""

    def __init__(self, store: Store, course: str) -> None:
        self._store = store
        self._course = course

    def items(self, lesson: str) -> dict[str, ItemRow]:
        """What is kept of a lesson's items, by key."""
        found = self._store.rows(f"SELECT {_ITEM} FROM items WHERE course = ? AND lesson = ?", (self._course, lesson))
        return {row[0]: _item(row) for row in found}

    def statuses(self) -> dict[str, dict[str, Standing]]:
        """Lesson id -> key -> where it stands, for the whole course."""
        found: dict[str, dict[str, Standing]] = {}
        for lesson, *row in self._store.rows(
            "SELECT lesson, key, status, hash FROM items WHERE course = ?", (self._course,)
        ):
            found.setdefault(lesson, {})[row[0]] = Standing(row[1], row[2])
        return found

    def settled(self, without: str, count: int) -> list[ItemRow]:
        """The exercises that were solved, skipped or given up last, newest first, without the one of this key."""
        found = self._store.rows(
            f"SELECT {_ITEM} FROM items WHERE course = ?1 AND key <> ?2 AND (status = 'skipped' OR solution OR ("
            "status = 'passed' AND key IN (SELECT key FROM attempts WHERE course = ?1 AND kind = 'check')))"
            " ORDER BY updated DESC LIMIT ?3",
            (self._course, without, count),
        )
        return [_item(row) for row in found]

    def attempt(self, lesson: str, key: str, digest: str, attempt: Attempt) -> bool:
        """Record an attempt at the item whose content has the hash `digest`; tell whether it was new.

        A failed attempt takes nothing back from an item that was passed or skipped.
        """

        def work(connection: sqlite3.Connection) -> bool:
            new = connection.execute(
                "INSERT OR IGNORE INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(attempt.session, attempt.run, self._course, lesson, key),
                    *(attempt.kind, attempt.passed, storable(attempt.text), time.time()),
                ),
            ).rowcount
            if new:
                row = self._item(connection, lesson, key)
                self._save(connection, lesson, _after(row, digest, attempt))
            return bool(new)

        return self._store.write(work)

    def last_pass(self) -> float:
        """When something was last passed, in seconds since the epoch; 0 before that."""
        query = "SELECT max(time) FROM attempts WHERE course = ? AND passed"
        return float(self._store.rows(query, (self._course,))[0][0] or 0.0)

    def latest(self, lesson: str, key: str, kind: str) -> AttemptRow | None:
        """The newest attempt of one kind at an item."""
        found = self._store.rows(
            "SELECT kind, passed, text, time FROM attempts WHERE course = ? AND lesson = ? AND key = ? AND kind = ?"
            " ORDER BY time DESC LIMIT 1",
            (self._course, lesson, key, kind),
        )
        return AttemptRow(found[0][0], bool(found[0][1]), found[0][2], found[0][3]) if found else None

    def update(
        self,
        lesson: str,
        key: str,
        digest: str,
        *,
        status: str | None = None,
        hints: int = 0,
        solution: bool = False,
        answer: str | None = None,
        rung: str = "",
    ) -> None:
        """Note what happened beside attempts: so many hints shown, the solution seen, an item skipped or answered.

        `rung` is further help that was used, which replaces the one used before. Hints and the solution are
        only ever added to. A status of "tried" takes nothing back.
        """

        def work(connection: sqlite3.Connection) -> None:
            row = self._item(connection, lesson, key)
            row = replace(row, hints=max(row.hints, hints), solution=row.solution or solution, rung=rung or row.rung)
            if answer is not None:
                row = replace(row, answer=answer)
            if status is not None and not (status == "tried" and _done(row)):
                row = replace(row, status=status, hash=digest)
            self._save(connection, lesson, row)

        self._store.write(work)

    def place(self, lesson: str | None = None) -> PlaceRow | None:
        """Where the learner was last, in the whole course or in one lesson."""
        found = self._store.rows(
            "SELECT lesson, page, item FROM places WHERE course = ?1 AND (?2 IS NULL OR lesson = ?2)"
            " ORDER BY time DESC LIMIT 1",
            (self._course, lesson),
        )
        return PlaceRow(*found[0]) if found else None

    def remember_place(self, place: PlaceRow) -> None:
        """The learner is here now."""
        values = (self._course, place.lesson, place.page, place.item, time.time())
        # Later than any other place even if the clock was set back.
        query = "INSERT OR REPLACE INTO places SELECT ?, ?, ?, ?, max(?, coalesce(max(time), 0) + 0.001) FROM places"
        self._store.write(lambda to: to.execute(query, values))

    def visited(self) -> frozenset[str]:
        """Ids of the lessons in which the learner has been."""
        found = self._store.rows("SELECT lesson FROM places WHERE course = ?", (self._course,))
        return frozenset(lesson for (lesson,) in found)

    def reset(self, lesson: str | None = None) -> None:
        """Forget one lesson, or the whole course: items, attempts, drafts, runs and places."""
        where, values = "course = ?1 AND (?2 IS NULL OR lesson = ?2)", (self._course, lesson)

        def work(connection: sqlite3.Connection) -> None:
            for table in ("items", "places", "drafts", "spent"):
                connection.execute(f"DELETE FROM {table} WHERE {where}", values)
            connection.execute(
                f"UPDATE attempts SET course = '', lesson = '', key = '', text = '' WHERE {where}", values
            )
            reset_runs(connection, where, values)

        self._store.write(work)

    def _item(self, connection: sqlite3.Connection, lesson: str, key: str) -> ItemRow:
        found = connection.execute(
            f"SELECT {_ITEM} FROM items WHERE course = ? AND lesson = ? AND key = ?", (self._course, lesson, key)
        ).fetchone()
        return _item(found) if found else ItemRow(key)

    def _save(self, connection: sqlite3.Connection, lesson: str, row: ItemRow) -> None:
        connection.execute(
            f"INSERT OR REPLACE INTO items (course, lesson, {_ITEM}, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(self._course, lesson, row.key, row.hash, row.status, row.attempts, row.hints),
                *(row.solution, storable(row.answer), row.rung, time.time()),
            ),
        )


def _item(row: tuple[str, str, str, int, int, int, str, str]) -> ItemRow:
    key, digest, status, attempts, hints, solution, answer, rung = row
    return ItemRow(key, digest, status, attempts, hints, bool(solution), answer, rung)


def _done(row: ItemRow) -> bool:
    return row.status in ("passed", "skipped")


def _after(row: ItemRow, digest: str, attempt: Attempt) -> ItemRow:
    row = replace(row, attempts=row.attempts + attempt.counts)
    if not attempt.passed and (_done(row) or not attempt.counts):
        return row
    answer = row.answer if attempt.answer is None else attempt.answer
    return replace(row, status="passed" if attempt.passed else "tried", hash=digest, answer=answer)
