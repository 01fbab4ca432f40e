"""All progress as plain data, to be taken to another machine and added to what is there.

Adding loses nothing: what was solved stays solved, a draft stays as it is, a review or an attempt that is known is not
added again, and of two times for the same day the longer one counts.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tutor.errors import TutorError
from tutor.store.database import Store, storable

FORMAT = "pytutor-progress"
VERSION = 1
LONGEST = 1_000_000
"""Characters of one text."""
_LAST = 32_503_680_000.0
"""No time is later than this: the year 3000, in seconds since the epoch."""


@dataclass(frozen=True)
class _Table:
    """A table that travels: its columns with their types, and the statement that adds a row to what is there."""

    columns: Mapping[str, type]
    add: str


_RANK = "(CASE {} WHEN 'passed' THEN 3 WHEN 'skipped' THEN 2 WHEN 'tried' THEN 1 ELSE 0 END)"
_BETTER = f"{_RANK.format('excluded.status')} > {_RANK.format('items.status')}"

TABLES: dict[str, _Table] = {
    "items": _Table(
        {
            **dict.fromkeys(("course", "lesson", "key", "hash", "status"), str),
            **{"attempts": int, "hints": int, "solution": int, "answer": str, "rung": str, "updated": float},
        },
        " ON CONFLICT (course, lesson, key) DO UPDATE SET"
        f" status = CASE WHEN {_BETTER} THEN excluded.status ELSE status END,"
        f" hash = CASE WHEN {_BETTER} THEN excluded.hash ELSE hash END,"
        f" answer = CASE WHEN {_BETTER} OR answer = '' THEN excluded.answer ELSE answer END,"
        " attempts = max(attempts, excluded.attempts), hints = max(hints, excluded.hints),"
        " solution = max(solution, excluded.solution), rung = CASE WHEN rung = '' THEN excluded.rung ELSE rung END,"
        " updated = max(updated, excluded.updated)",
    ),
    "attempts": _Table(
        {
            **dict.fromkeys(("session", "run", "course", "lesson", "key", "kind"), str),
            **{"passed": int, "text": str, "time": float},
        },
        " ON CONFLICT DO NOTHING",
    ),
    "drafts": _Table(
        {**dict.fromkeys(("course", "lesson", "key", "text"), str), "time": float}, " ON CONFLICT DO NOTHING"
    ),
    "places": _Table(
        {"course": str, "lesson": str, "page": int, "item": str, "time": float},
        " ON CONFLICT (course, lesson) DO UPDATE SET"
        " page = CASE WHEN excluded.time > time THEN excluded.page ELSE page END,"
        " item = CASE WHEN excluded.time > time THEN excluded.item ELSE item END, time = max(time, excluded.time)",
    ),
    "reviews": _Table(
        {
            **dict.fromkeys(("id", "course", "lesson", "key", "concept"), str),
            **{"grade": int, "words": str, "time": float, "again": int},
        },
        " ON CONFLICT DO NOTHING",
    ),
    "spent": _Table(
        {"course": str, "lesson": str, "day": str, "seconds": float},
        " ON CONFLICT (course, lesson, day) DO UPDATE SET seconds = max(seconds, excluded.seconds)",
    ),
}
_NAMES = ("course", "lesson", "key", "id")
"""Columns that cannot be empty."""
_CHOICES = {
    "status": ("new", "tried", "passed", "skipped"),
    "grade": (1, 2, 3, 4),
    "passed": (0, 1),
    "solution": (0, 1),
    "again": (0, 1),
}


def everything(store: Store) -> dict[str, Any]:
    """All that travels, of all courses: what was reset is left out."""
    document: dict[str, Any] = {"format": FORMAT, "version": VERSION}
    for name, table in TABLES.items():
        query = f"SELECT {', '.join(table.columns)} FROM {name} WHERE course <> ''"
        document[name] = [dict(zip(table.columns, row, strict=True)) for row in store.rows(query)]
    return document


def add(store: Store, document: object) -> dict[str, int]:
    """Add a document of `everything` to what is there, all of it or nothing; table -> rows that it held.

    Raises `TutorError` for anything that is none. Cards are not made here, see `tutor.store.reviews.Reviews.refold`.
    """
    rows = _read(document)

    def work(connection: sqlite3.Connection) -> dict[str, int]:
        for name, table in TABLES.items():
            marks = ", ".join("?" * len(table.columns))
            query = f"INSERT INTO {name} ({', '.join(table.columns)}) VALUES ({marks}){table.add}"
            connection.executemany(query, rows[name])
        return {name: len(found) for name, found in rows.items()}

    return store.write(work)


def courses(document: object) -> frozenset[str]:
    """Ids of the courses whose reviews a document of `everything` holds."""
    reviews = document.get("reviews", ()) if isinstance(document, dict) else ()
    return frozenset(row["course"] for row in reviews)


def _read(document: object) -> dict[str, list[tuple[Any, ...]]]:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _refused("it was not written by `pytutor progress --export`")
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise _refused("its version cannot be read")
    if version > VERSION:
        raise _refused(f"it was written by a newer pytutor (version {version} of the format, {VERSION} is known)")
    found = {}
    for name, table in TABLES.items():
        given = document.get(name, [])
        if not isinstance(given, list):
            raise _refused(f"{name} must be a list")
        found[name] = [_row(name, number, row, table) for number, row in enumerate(given, 1)]
    return found


def _row(name: str, number: int, row: object, table: _Table) -> tuple[Any, ...]:
    if not isinstance(row, dict):
        raise _refused(f"entry {number} of {name} must be an object")
    return tuple(_values(name, number, row, table.columns.items()))


def _values(name: str, number: int, row: dict[str, Any], columns: Iterable[tuple[str, type]]) -> Iterable[Any]:
    for column, kind in columns:
        value = row.get(column)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value) if abs(value) < _LAST else math.inf
        if not isinstance(value, kind) or not _usable(column, value) or value not in _CHOICES.get(column, (value,)):
            raise _refused(f"entry {number} of {name} has no usable {column!r}")
        yield storable(value) if isinstance(value, str) else value


def _usable(column: str, value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST and (value != "" or column not in _NAMES)
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _LAST


def _refused(why: str) -> TutorError:
    return TutorError("Not imported", f"{why}.", "Nothing was changed.")
