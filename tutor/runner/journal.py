"""The journal of a session: every event that is kept, in order, in one append-only file.

Frames of the protocol, one after another, nothing else. An index of offsets in memory makes a client nothing but
the last sequence number it has read: `Journal.read` gives it what follows, and a slow one costs nothing.
"""

from __future__ import annotations

import errno
import os
import struct
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tutor.runner.protocol.message import Event, ProtocolError
from tutor.runner.protocol.wire import MAX_FRAME, decode, encode

RING_BYTES = 4 << 20
"""How much of the newest events is kept in memory once the disk refuses them."""

_HEAD = struct.Struct(">II")


class Journal:
    """Appends events and reads them back by sequence number.

    `last` is the sequence number of the newest event, 0 when there is none. When the disk is full or read-only,
    `problem` becomes one sentence and the newest `RING_BYTES` are kept in memory instead: a run never ends for that.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.last = 0
        self.problem = ""
        self._clock = clock
        self._offsets = array("Q", [0])
        self._ring: deque[tuple[int, bytes]] = deque()
        self._ring_bytes = 0
        self._fd = -1
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            self._turn_to_memory(error)

    def append(self, event: Event) -> Event:
        """Stamp `event` with the next sequence number and the time, keep it, and return it as it was kept."""
        self.last += 1
        stamped = replace(event, seq=self.last, time=self._clock())
        frame = encode(stamped)
        if not (self._fd >= 0 and not self.problem and self._write(frame)):
            self._remember(self.last, frame)
        return stamped

    def read(self, since: int, limit: int = 1 << 18) -> tuple[bytes, int]:
        """Whole frames of the events after `since`, and the sequence number of the last of them.

        About `limit` bytes, but one frame at least; `(b"", since)` when there is nothing newer. Events that the
        memory ring had to drop are passed over.
        """
        since = max(since, 0)
        in_file = len(self._offsets) - 1
        if since < in_file:
            first, end = self._offsets[since], since + 1
            while end < in_file and self._offsets[end + 1] - first <= limit:
                end += 1
            return self._read_file(first, self._offsets[end] - first), end
        found: list[bytes] = []
        size, newest = 0, since
        for seq, frame in self._ring:
            if seq > since:
                if found and size + len(frame) > limit:
                    break
                found.append(frame)
                size, newest = size + len(frame), seq
        return b"".join(found), newest

    def close(self) -> None:
        """Give the file back."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _read_file(self, at: int, size: int) -> bytes:
        parts = []
        while size > 0:
            part = os.pread(self._fd, size, at)
            if not part:
                break
            parts.append(part)
            at, size = at + len(part), size - len(part)
        return b"".join(parts)

    def _write(self, frame: bytes) -> bool:
        end = self._offsets[-1]
        try:
            written = 0
            while written < len(frame):
                written += os.write(self._fd, frame[written:])
        except OSError as error:
            self._turn_to_memory(error)
            with suppress(OSError):  # a reader ignores a torn frame at the end
                os.ftruncate(self._fd, end)
            return False
        self._offsets.append(end + len(frame))
        return True

    def _turn_to_memory(self, error: OSError) -> None:
        why = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}.get(
            error.errno or 0, f"it cannot be written ({error.strerror})"
        )
        self.problem = (
            f"The session's journal is kept in memory from here on, because {why}: "
            f"the newest {RING_BYTES >> 20} MB of it last until the session ends."
        )

    def _remember(self, seq: int, frame: bytes) -> None:
        self._ring.append((seq, frame))
        self._ring_bytes += len(frame)
        while self._ring_bytes > RING_BYTES and len(self._ring) > 1:
            self._ring_bytes -= len(self._ring.popleft()[1])


def read_events(path: Path) -> Iterator[Event]:
    """The events in a journal file, up to its end or to the first damaged frame. Raises `OSError`."""
    with path.open("rb") as file:
        while True:
            head = file.read(_HEAD.size)
            if len(head) < _HEAD.size:
                return
            text_length, blob_length = _HEAD.unpack(head)
            if text_length + blob_length > MAX_FRAME:
                return
            body = file.read(text_length + blob_length)
            if len(body) < text_length + blob_length:
                return
            try:
                message = decode(body[:text_length], body[text_length:])
            except ProtocolError:
                return
            if not isinstance(message, Event):
                return
            yield message
