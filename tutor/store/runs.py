"""The runs that are kept: what ran, with which values, and how its series went. Never a tensor."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from math import isfinite, nan

from tutor.store.database import Store, storable

MOST_RUNS = 40
"""Runs that are kept of one item, beside those that are named or pinned.

Eight are compared at a time; forty are an afternoon of turning knobs, and with two series each about 300 KB.
"""

MOST_SERIES = 12
"""Series that are kept of one run."""

LONGEST_CODE = 100_000
"""Characters of code that are kept: longer code is no snippet, and the run is kept without it."""


@dataclass(frozen=True)
class SeriesRow:
    """A kept series. `points` is how many there were, `final` the last value, `best` the best, NaN for none.

    `buckets` are bytes that whoever keeps the series understands; empty where they were not asked for.
    """

    name: str
    role: str
    site: str
    points: int
    last_step: float
    final: float
    best: float
    buckets: bytes = b""


@dataclass(frozen=True)
class RunRow:
    """A kept run. `number` counts the runs of its item from 1 and is never used again; 0 for one not kept yet.

    `code` is the text of the item, `program` that of everything that ran with it, `hash` that of the program; `knobs`
    are the values it ran with, as Python writes them, by name. `started` is in seconds since 1970. `epochs` are the
    steps at which epochs began, with their numbers; the first, which begins with the run, is not among them.
    """

    run: str
    lesson: str
    key: str
    label: str
    hash: str
    code: str
    program: str
    knobs: tuple[tuple[str, str], ...]
    started: float
    seconds: float
    outcome: str
    series: tuple[SeriesRow, ...]
    number: int = 0
    name: str = ""
    pinned: bool = False
    epochs: tuple[tuple[float, int], ...] = ()


_RUN = "run, lesson, key, label, hash, code, program, knobs, started, seconds, outcome, number, name, pinned, epochs"
_SERIES = "name, role, site, points, last_step, final, best"


class Runs:
    """The runs of one course in a store."""

    def __init__(self, store: Store, course: str) -> None:
        self._store = store
        self._course = course

    def keep(self, run: RunRow) -> bool:
        """Keep a run; False, and nothing happens, where this run has been kept before, deleted or not.

        The oldest run of the item that is neither named nor pinned gives way to the forty-first.
        """

        def work(connection: sqlite3.Connection) -> bool:
            item = (self._course, run.lesson, run.key)
            (number,) = connection.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM runs WHERE course = ? AND lesson = ? AND key = ?", item
            ).fetchone()
            new = connection.execute(
                f"INSERT OR IGNORE INTO runs (course, {_RUN}) VALUES ({', '.join('?' * 16)})",
                (self._course, *_values(run), number, storable(run.name), run.pinned, _lines(run.epochs)),
            ).rowcount
            if new:
                for position, one in enumerate(run.series[:MOST_SERIES]):
                    connection.execute(
                        f"INSERT INTO run_series (run, position, {_SERIES}, buckets) VALUES ({', '.join('?' * 10)})",
                        (run.run, position, storable(one.name), one.role, storable(one.site), *_numbers(one)),
                    )
                self._make_room(connection, item)
            return bool(new)

        return self._store.write(work)

    def known(self, run: str) -> bool:
        """Whether this run has been kept before, deleted or not."""
        return bool(self._store.rows("SELECT 1 FROM runs WHERE run = ?", (run,)))

    def of(self, lesson: str | None = None, key: str | None = None) -> list[RunRow]:
        """The runs of an item, of a lesson, or of the course: the newest first, without the bytes of their series."""
        where = "course = ?1 AND NOT gone AND (?2 IS NULL OR lesson = ?2) AND (?3 IS NULL OR key = ?3)"
        values = (self._course, lesson, key)
        series: dict[str, list[SeriesRow]] = {}
        query = f"SELECT run, {_SERIES} FROM run_series WHERE run IN (SELECT run FROM runs WHERE {where})"
        for run, *rest in self._store.rows(query + " ORDER BY run, position", values):
            series.setdefault(run, []).append(_series(rest))
        order = "lesson, key, number DESC" if key is None else "number DESC"
        found = self._store.rows(f"SELECT {_RUN} FROM runs WHERE {where} ORDER BY {order}", values)
        return [_run(row, tuple(series.get(row[0], ()))) for row in found]

    def series(self, run: str) -> list[SeriesRow]:
        """The series of a run with their bytes, in their order."""
        query = f"SELECT {_SERIES}, buckets FROM run_series WHERE run = ? ORDER BY position"
        return [_series(row) for row in self._store.rows(query, (run,))]

    def rename(self, run: str, name: str) -> None:
        """Give a run a name; "" takes it away."""
        self._store.write(lambda to: to.execute("UPDATE runs SET name = ? WHERE run = ?", (storable(name), run)))

    def pin(self, run: str, pinned: bool) -> None:
        """Keep a run however many follow, or not."""
        self._store.write(lambda to: to.execute("UPDATE runs SET pinned = ? WHERE run = ?", (pinned, run)))

    def delete(self, run: str) -> None:
        """Forget a run. That it was there is remembered: a session that still knows it does not bring it back."""
        self._store.write(lambda connection: _forget(connection, [run]))

    def _make_room(self, connection: sqlite3.Connection, item: tuple[str, str, str]) -> None:
        rows = connection.execute(
            "SELECT run FROM runs WHERE course = ? AND lesson = ? AND key = ? AND NOT gone AND NOT pinned AND name = ''"
            " ORDER BY number DESC LIMIT -1 OFFSET ?",
            (*item, MOST_RUNS),
        ).fetchall()
        _forget(connection, [run for (run,) in rows])


def reset_runs(connection: sqlite3.Connection, where: str, values: tuple[object, ...]) -> None:
    """Forget the runs that a condition over course and lesson finds, within a transaction."""
    _forget(connection, [run for (run,) in connection.execute(f"SELECT run FROM runs WHERE {where}", values)])
    connection.execute(f"UPDATE runs SET course = '', lesson = '', key = '' WHERE {where}", values)


def _forget(connection: sqlite3.Connection, runs: list[str]) -> None:
    for run in runs:
        connection.execute("DELETE FROM run_series WHERE run = ?", (run,))
        connection.execute(
            "UPDATE runs SET gone = 1, code = '', program = '', knobs = '', epochs = '', label = '', name = ''"
            " WHERE run = ?",
            (run,),
        )


def _values(run: RunRow) -> tuple[object, ...]:
    knobs = "\n".join(f"{name}\t{value}" for name, value in run.knobs)
    code, program = (text if len(text) <= LONGEST_CODE else "" for text in (run.code, run.program))
    texts = (run.lesson, run.key, storable(run.label), run.hash, storable(code), storable(program), storable(knobs))
    return (run.run, *texts, run.started, run.seconds, run.outcome)


def _numbers(one: SeriesRow) -> tuple[object, ...]:
    # SQLite keeps NaN as NULL.
    return (one.points, one.last_step, one.final, one.best, one.buckets)


def _run(row: tuple[str, ...], series: tuple[SeriesRow, ...]) -> RunRow:
    run, lesson, key, label, digest, code, program, knobs, started, seconds, outcome, number, name, pinned, epochs = row
    pairs = (line.partition("\t") for line in knobs.split("\n") if line)
    return RunRow(
        *(run, lesson, key, label, digest, code, program),
        tuple((knob, value) for knob, _, value in pairs),
        *(float(started), float(seconds), outcome, series),
        *(int(number), name, bool(pinned)),
        _epochs(epochs),
    )


def _lines(epochs: tuple[tuple[float, int], ...]) -> str:
    return "\n".join(f"{step!r}\t{number}" for step, number in epochs)


def _epochs(lines: str) -> tuple[tuple[float, int], ...]:
    """The marks that were kept; none where the file was damaged."""
    try:
        pairs = [line.split("\t") for line in lines.split("\n") if line]
        found = tuple((float(step), int(number)) for step, number in pairs)
    except ValueError:
        return ()
    return found if all(isfinite(step) for step, _ in found) else ()


def _series(row: list[object] | tuple[object, ...]) -> SeriesRow:
    name, role, site, points, *numbers = row[:7]
    last_step, final, best = (nan if one is None else float(str(one)) for one in numbers)
    blob = row[7] if len(row) > 7 else b""
    return SeriesRow(
        *(str(name), str(role), str(site), int(str(points)), last_step, final, best),
        blob if isinstance(blob, bytes) else b"",
    )
