"""The folders of sessions: made safely, locked while their host lives, and cleaned up when it is dead."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tutor import paths
from tutor.errors import TutorError

KEEP_DAYS = 7
"""How long the journal of a dead session is kept."""

_ID = re.compile(r"[0-9a-f]{6}")


def new_id() -> str:
    """A name for a session's folder."""
    return secrets.token_hex(3)


def cannot_start(why: str) -> TutorError:
    """The error for a session that cannot be started for want of a good place."""
    return TutorError("Cannot start a session", why, "It needs some space and a local disk: see PYTUTOR_SESSIONS.")


def parent() -> Path:
    """The folder of all sessions, made if need be. Raises `TutorError` when it is not safely ours."""
    folder = paths.sessions_dir().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not _ours(found):
            raise TutorError(
                "Cannot start a session",
                f"{folder} belongs to somebody else or is no folder.",
                "Have it removed, or set PYTUTOR_SESSIONS to another folder.",
            )
        if found.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise cannot_start(f"{folder}: {error.strerror}.") from None
    return folder


def mine() -> Iterator[Path]:
    """Folders of sessions of ours, dead or alive; whatever else lies beside them is left alone."""
    folder = paths.sessions_dir().absolute()
    with suppress(OSError):
        if _ours(folder.lstat()):
            for one in sorted(folder.iterdir()):
                with suppress(OSError):
                    if _ID.fullmatch(one.name) and _ours(one.lstat()):
                        yield one


def _ours(found: os.stat_result) -> bool:
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


@contextmanager
def taken_over(folder: Path) -> Iterator[bool]:
    """Hold the lock of a session for the length of the block, if it can be had: then its host is dead."""
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        yield True
        return
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(fd)


def clean(folder: Path) -> None:
    """Remove the socket of a dead session, and all of it when it has been dead for long."""
    with suppress(OSError):
        (folder / "socket").unlink()
    with suppress(OSError):
        journal = folder / "journal"
        last = (journal if journal.exists() else folder).stat().st_mtime
        if time.time() - last > KEEP_DAYS * 86400:
            shutil.rmtree(folder)


def is_dead(folder: Path) -> bool:
    """Whether nobody holds the lock of a session."""
    with taken_over(folder) as dead:
        return dead
