"""The sessions of this user: start one, find those that live, end one, and read what dead ones left behind.

Each has a folder `paths.sessions_dir()/<id>/` (0700) that its host holds locked for as long as it lives. A lock that
can be had thus means a dead session, whatever else lies there.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import secrets
import shutil
import signal
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tutor import paths
from tutor.errors import TutorError
from tutor.runner.protocol import Ping, Pong, ProtocolError, Splitter, Stop, encode

ANSWER_SECONDS = 2.0
"""How long a live host may take to say what it is doing."""

STOP_SECONDS = 10.0
KEEP_DAYS = 7
"""How long the journal of a dead session is kept."""

_SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103


@dataclass(frozen=True)
class SessionInfo:
    """A live session. `started` is wall-clock time; `running` is the id of the run in progress or "".

    `label` is that run's label, `clients` how many look at the session.
    """

    id: str
    folder: Path
    pid: int
    python: str
    started: float
    running: str = ""
    label: str = ""
    clients: int = 0


async def start(
    *,
    python: str | None = None,
    device: str = "auto",
    memory_limit: int | None = None,
    idle_minutes: float = 30.0,
) -> SessionInfo:
    """Start a session and return as soon as its socket accepts; the kernel is still being made then.

    `python` runs the kernel (ours by default), `memory_limit` is in bytes, and after `idle_minutes` with nothing
    running and nobody attached the session ends by itself. Raises `TutorError`.
    """
    interpreter = resolve_interpreter(python)
    folder = _parent() / secrets.token_hex(3)
    if len(os.fsencode(folder / "socket")) > _SOCKET_PATH_BYTES:
        raise TutorError(
            "Cannot start a session",
            f"the path {folder}/socket is too long for a unix socket.",
            "Set PYTUTOR_SESSIONS to a shorter folder.",
        )
    options = {
        "folder": str(folder),
        "python": interpreter,
        "device": device,
        "memory_limit": memory_limit,
        "idle_minutes": idle_minutes if idle_minutes < float("inf") else None,
    }
    program = paths.package_dir() / "runner" / "host_main.py"
    try:
        folder.mkdir(mode=0o700)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _cannot_start(f"{folder}: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the host inherits it, and with it goes the proof of life
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-S", "-E", str(program), json.dumps(options)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            pass_fds=[lock],
        )
        _, said = await process.communicate()
        if process.returncode:
            raise _cannot_start(said.decode("utf-8", "replace").strip().rpartition("\n")[2])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        os.close(lock)
    return await _ask(folder) or SessionInfo(folder.name, folder, 0, interpreter, time.time())


async def find() -> list[SessionInfo]:
    """The sessions that are alive and answer. What dead ones left is cleaned up: sockets, and old folders."""
    alive = []
    for folder in _folders():
        with _taken_over(folder) as dead:
            if dead:
                _clean(folder)
            else:
                alive.append(folder)
    return [info for info in await asyncio.gather(*map(_ask, alive)) if info is not None]


def newest(infos: Iterable[SessionInfo]) -> SessionInfo:
    """The one that was started last. Raises `ValueError` when there is none."""
    return max(infos, key=lambda info: info.started)


async def stop(info: SessionInfo) -> None:
    """End a session and all that runs in it; returns when it is gone, whatever state it was in.

    Raises `TutorError` when even SIGKILL does not end it.
    """
    with suppress(OSError, asyncio.TimeoutError):
        await _tell_to_stop(info.folder)
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        if number is not None and info.pid and not _is_dead(info.folder):
            with suppress(OSError):
                os.kill(info.pid, number)
        if await _until_dead(info.folder):
            return
    raise TutorError("Cannot stop the session", f"its host, process {info.pid}, does not end.")


def left_behind() -> list[Path]:
    """Journals of sessions that have ended, newest first: `tutor.runner.journal.read_events` reads them."""
    found = []
    for folder in _folders():
        with _taken_over(folder) as dead:
            if dead and (folder / "journal").is_file():
                found.append(folder / "journal")
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def _cannot_start(why: str) -> TutorError:
    return TutorError("Cannot start a session", why, "It needs some space and a local disk: see PYTUTOR_SESSIONS.")


def resolve_interpreter(python: str | None) -> str:
    """The absolute path of an interpreter, ours by default; symlinks stay, since a virtual environment is one.

    Raises `TutorError` when there is no such program.
    """
    wanted = str(Path(python).expanduser()) if python else sys.executable
    found = shutil.which(wanted)
    if found is None:
        there = Path(wanted).exists()
        raise TutorError(
            "Cannot use this Python",
            f"{wanted} is {'not a program that can be run' if there else 'not there'}.",
            "Give --python the path of an interpreter, such as ~/envs/torch/bin/python.",
        )
    return str(Path(found).absolute())


def _parent() -> Path:
    """The folder of all sessions, made if need be. Raises `TutorError` when it is not safely ours."""
    parent = paths.sessions_dir().absolute()
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = parent.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise TutorError(
                "Cannot start a session",
                f"{parent} belongs to somebody else or is no folder.",
                "Have it removed, or set PYTUTOR_SESSIONS to another folder.",
            )
        if found.st_mode & 0o077:
            parent.chmod(0o700)
    except OSError as error:
        raise _cannot_start(f"{parent}: {error.strerror}.") from None
    return parent


def _folders() -> Iterator[Path]:
    """Folders that are sessions of ours, dead or alive."""
    parent = paths.sessions_dir().absolute()
    with suppress(OSError):
        if parent.lstat().st_uid != os.getuid():
            return
        for folder in sorted(parent.iterdir()):
            with suppress(OSError):
                found = folder.lstat()
                if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
                    yield folder


@contextmanager
def _taken_over(folder: Path) -> Iterator[bool]:
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


def _clean(folder: Path) -> None:
    with suppress(OSError):
        if time.time() - folder.stat().st_mtime > KEEP_DAYS * 86400:
            shutil.rmtree(folder)
        else:
            (folder / "socket").unlink()


async def _ask(folder: Path) -> SessionInfo | None:
    """What the host of a session says about it; None when it does not answer in time."""
    try:
        pong = await asyncio.wait_for(_ping(folder), ANSWER_SECONDS)
    except (OSError, asyncio.TimeoutError, ProtocolError):
        return None
    if pong is None:
        return None
    return SessionInfo(
        id=folder.name,
        folder=folder,
        pid=pong.pid,
        python=pong.python,
        started=pong.started,
        running=pong.running,
        label=pong.label,
        clients=pong.clients,
    )


async def _ping(folder: Path) -> Pong | None:
    reader, writer = await asyncio.open_unix_connection(str(folder / "socket"))
    try:
        writer.write(encode(Ping()))
        splitter = Splitter()
        while data := await reader.read(1 << 16):
            for message in splitter.feed(data):
                if isinstance(message, Pong):
                    return message
        return None
    finally:
        writer.close()


async def _tell_to_stop(folder: Path) -> None:
    _, writer = await asyncio.open_unix_connection(str(folder / "socket"))
    writer.write(encode(Stop()))
    try:
        await asyncio.wait_for(writer.drain(), ANSWER_SECONDS)
    finally:
        writer.close()


async def _until_dead(folder: Path) -> bool:
    latest = time.monotonic() + STOP_SECONDS
    while not _is_dead(folder):
        if time.monotonic() > latest:
            return False
        await asyncio.sleep(0.02)
    return True


def _is_dead(folder: Path) -> bool:
    with _taken_over(folder) as dead:
        return dead
