"""The progress file: one SQLite database that several programs may use at once, and that never stops a lesson.

Whatever is wrong with the disk, the learner goes on: a damaged file is moved aside, and where nothing can be written
everything is kept in memory. `Store.warning` then says so in one sentence.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from tutor.store.schema import STEPS

FILE_NAME = "progress.db"
PATIENCE = 5.0
"""Seconds to wait for another program that is writing."""

T = TypeVar("T")


class _NewerError(Exception):
    """The file was written by a later version of pytutor."""


class Store:
    """An open progress file, usable from any thread. `warning` is "" as long as everything is saved.

    `path` is None once things are kept in memory only.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None, warning: str = "") -> None:
        self.path = path
        self.warning = warning
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, folder: Path) -> Store:
        """The store in `folder`, which is made if need be. Never fails: at worst it is one in memory."""
        path = folder / FILE_NAME
        try:
            with _opening(folder):
                return cls._open_file(path)
        except _NewerError:
            why = f"{path} was written by a newer pytutor"
        except (OSError, sqlite3.Error) as error:
            why = f"{folder} cannot be written ({_reason(error)})"
        return cls(_read_into_memory(path), None, f"Progress is not saved: {why}. It is kept until you quit.")

    @classmethod
    def in_memory(cls) -> Store:
        """A store that ends with the program."""
        return cls(_memory(), None)

    @classmethod
    def _open_file(cls, path: Path) -> Store:
        try:
            return cls(_connect(path), path)
        except sqlite3.DatabaseError as error:
            if not _damaged(error):
                raise
        aside = _move_aside(path)
        warning = f"The progress file was damaged. It was moved to {aside}, and a new one was begun."
        return cls(_connect(path), path, warning)

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """What a SELECT finds."""
        return self._persist(lambda connection: connection.execute(query, values).fetchall())

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in one transaction. Where the file fails, it is done again in memory, so it must be repeatable."""

        def transaction(connection: sqlite3.Connection) -> T:
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
                connection.execute("COMMIT")
                return result
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # a full disk has already rolled back
                    connection.execute("ROLLBACK")
                raise

        return self._persist(transaction)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _persist(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            try:
                return work(self._connection)
            except sqlite3.DatabaseError as error:
                if self.path is None:
                    raise
                self._go_on_in_memory(error)
                return work(self._connection)

    def _go_on_in_memory(self, error: sqlite3.Error) -> None:
        """Take what is known along into memory; from then on the file is left alone."""
        memory = _copy_of(self._connection)
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        self.warning = (
            f"Progress is no longer saved: {self.path} cannot be written ({_reason(error)}). It is kept until you quit."
        )
        self._connection, self.path = memory, None


@contextlib.contextmanager
def _opening(folder: Path) -> Iterator[None]:
    """Only one program at a time makes, migrates or moves aside the file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "progress.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with contextlib.suppress(OSError):  # a file system without locks: SQLite's own still hold
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _connect(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("database disk image is malformed")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")  # also proves that the file can be written
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(STEPS):
            raise _NewerError
        for step in STEPS[version:]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    """`executescript` would commit before it begins, so a step is cut into its statements."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _damaged(error: sqlite3.DatabaseError) -> bool:
    return not isinstance(error, sqlite3.OperationalError) and any(
        words in str(error) for words in ("malformed", "not a database")
    )


def _move_aside(path: Path) -> Path:
    """Rename the damaged file and what belongs to it; return its new name."""
    date = time.strftime("%Y-%m-%d")
    names = (
        path.with_name(f"{path.stem}.damaged-{date}{extra}.db") for extra in ("", *(f"-{n}" for n in range(2, 999)))
    )
    aside = next(name for name in names if not name.exists())
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _migrate(connection)
    return connection


def _copy_of(source: sqlite3.Connection) -> sqlite3.Connection:
    """An in-memory copy, or an empty store where the source cannot be read or is of another version."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        source.backup(memory)
        _migrate(memory)
        return memory
    except (sqlite3.Error, _NewerError):
        memory.close()
        return _memory()


def _read_into_memory(path: Path) -> sqlite3.Connection:
    """What a file that cannot be written holds: it is still good to read."""
    try:
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        return _memory()
    with contextlib.closing(source):
        return _copy_of(source)


def storable(text: str) -> str:
    """`text` as SQLite can hold it: UTF-8, so without the lone halves of characters that a terminal may send."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
