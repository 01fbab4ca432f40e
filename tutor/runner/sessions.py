"""The sessions of this user: start one, find those that live, end one, and read what dead ones left behind.

Each has a folder `paths.sessions_dir()/<id>/` (0700) that its host holds locked for as long as it lives. A lock that
can be had thus means a dead session, whatever else lies there.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tutor import paths
from tutor.errors import TutorError
from tutor.runner import folders
from tutor.runner.interpreters import resolve
from tutor.runner.protocol.message import PROTOCOL, ProtocolError
from tutor.runner.protocol.requests import Ping, Stop
from tutor.runner.protocol.session_events import Pong
from tutor.runner.protocol.wire import Splitter, encode

ANSWER_SECONDS = 5.0
"""How long a live host may take to say what it is doing."""

FIRST_ANSWER_SECONDS = 60.0
"""How long one may take that was just started: it is known to be there, and its process id is wanted."""

STOP_SECONDS = 10.0
_SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103


@dataclass(frozen=True)
class SessionInfo:
    """A live session. `started` is wall-clock time; `running` is the id of the run in progress or "".

    `label` is that run's label, `clients` how many look at the session. A `private` one is a command's own; one that
    was made for a script has its name in `script`. `protocol` is the version that its host speaks.
    """

    id: str
    folder: Path
    pid: int
    python: str
    started: float
    running: str = ""
    label: str = ""
    clients: int = 0
    private: bool = False
    script: str = ""
    protocol: int = PROTOCOL

    @property
    def for_lessons(self) -> bool:
        """Whether the tutor may come back to it by itself: not to one that another version has started."""
        return not self.private and not self.script and self.protocol == PROTOCOL


async def start(
    *,
    python: str | None = None,
    device: str = "auto",
    memory_limit: int | None = None,
    output_limit: int | None = None,
    idle_minutes: float = 30.0,
    private: bool = False,
    script: str = "",
) -> SessionInfo:
    """Start a session and return as soon as its socket accepts; the kernel is still being made then.

    `python` runs the kernel (ours by default); `memory_limit` and `output_limit` are in bytes and go before those of a
    request; after `idle_minutes` with nothing
    running and nobody attached the session ends by itself; a `private` one, which belongs to one command, ends as soon
    as its client has left, and one for a `script` (its name) as soon as that has ended. Raises `TutorError`.
    """
    interpreter = resolve(python)
    folder = folders.parent() / folders.new_id()
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
        "output_limit": output_limit,
        "idle_minutes": idle_minutes if idle_minutes < float("inf") else None,
        "private": private,
        "script": script,
    }
    program = paths.package_dir() / "runner" / "host_main.py"
    try:
        folder.mkdir(mode=0o700)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise folders.cannot_start(f"{folder}: {error.strerror}.") from None
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
            raise folders.cannot_start(said.decode("utf-8", "replace").strip().rpartition("\n")[2])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        os.close(lock)
    return await _ask(folder, FIRST_ANSWER_SECONDS) or SessionInfo(
        folder.name, folder, 0, interpreter, time.time(), script=script
    )


async def find() -> list[SessionInfo]:
    """The sessions that are alive and answer. What dead ones left is cleaned up: sockets, and old folders."""
    alive = []
    for folder in folders.mine():
        with folders.taken_over(folder) as dead:
            if dead:
                folders.clean(folder)
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
        if number is not None and info.pid and not folders.is_dead(info.folder):
            with suppress(OSError):
                os.kill(info.pid, number)
        if await _until_dead(info.folder):
            return
    raise TutorError("Cannot stop the session", f"its host, process {info.pid}, does not end.")


async def _ask(folder: Path, patience: float | None = None) -> SessionInfo | None:
    """What the host of a session says about it; None when it does not answer within `patience` seconds."""
    try:
        pong = await asyncio.wait_for(_ping(folder), ANSWER_SECONDS if patience is None else patience)
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
        private=pong.private,
        script=pong.script,
        protocol=pong.protocol,
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
    while not folders.is_dead(folder):
        if time.monotonic() > latest:
            return False
        await asyncio.sleep(0.02)
    return True


def left_behind() -> list[Path]:
    """Journals of sessions that have ended, newest first: `tutor.runner.journal.read_events` reads them."""
    found = []
    for folder in folders.mine():
        with folders.taken_over(folder) as dead:
            if dead and (folder / "journal").is_file():
                found.append(folder / "journal")
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
