"""The two pipes on which a kernel writes: read without blocking, and emptied before anything that must come after."""

from __future__ import annotations

import array
import fcntl
import os
import termios
import time
from collections.abc import Callable
from contextlib import suppress

from tutor.runner.loop import Loop
from tutor.runner.protocol.message import Event
from tutor.runner.streams import HEAD_BYTES, Stream

BATCH_SECONDS = 0.04
"""Time between two batches of output, so that a chatty loop makes 25 events a second and not thousands."""

GATHER_SECONDS = 0.02
"""How long a pipe that was read is left alone: fewer wake-ups leave the processor to the training."""

PIPE_BYTES = 1 << 20
_READ_BYTES = 1 << 16
_F_SETPIPE_SZ = 1031


def make_pipe(large: bool = True) -> tuple[int, int]:
    """A pipe, as large as an unprivileged user may have or of the usual size; the end for reading does not block."""
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    with suppress(OSError):  # not Linux, or the user's allowance is used up: a small pipe works too
        if large:
            fcntl.fcntl(write_end, _F_SETPIPE_SZ, PIPE_BYTES)
    return read_end, write_end


class Pipes:
    """Standard output and error of one kernel, turned into events of the run that is named by `begin`.

    `emit` gets the events, journaled ones and glimpses of the tail. Without a run, text goes to `stray`.
    """

    def __init__(
        self, loop: Loop, stdout: int, stderr: int, emit: Callable[[Event], None], stray: Callable[[bytes], None]
    ) -> None:
        self._loop = loop
        self._emit = emit
        self._stray = stray
        self._fds = {"stdout": stdout, "stderr": stderr}
        self._streams: dict[str, Stream] = {}
        self._flushing = False
        self._flushed = 0.0
        for name in self._fds:
            self._listen(name)

    def begin(self, run: str, limit: int | None = None) -> None:
        """From here on, output belongs to `run`; `limit` bytes are kept from the beginning of each stream."""
        self.finish()
        self._streams = {name: Stream(name, run, head=limit or HEAD_BYTES) for name in ("stdout", "stderr")}

    def drain(self) -> None:
        """Emit all that was written before this call."""
        for name in tuple(self._fds):
            self._read(name, self._waiting(name))
        self._flush()

    def finish(self) -> None:
        """Emit all that was written before this call, the tails too."""
        self.drain()
        for stream in self._streams.values():
            for event in stream.finish():
                self._emit(event)

    def close(self) -> None:
        """Give both pipes back."""
        for name in tuple(self._fds):
            self._close(name)

    def _listen(self, name: str) -> None:
        if name in self._fds:
            self._loop.watch(self._fds[name], lambda _: self._readable(name))

    def _readable(self, name: str) -> None:
        got = self._read(name, PIPE_BYTES)
        if name in self._fds:
            self._loop.unwatch(self._fds[name])
            # A full pipe holds the writer up: come back at once.
            self._loop.later(GATHER_SECONDS if got < PIPE_BYTES // 2 else 0.0, lambda: self._listen(name))
        if got and not self._flushing:
            wait = self._flushed + BATCH_SECONDS - time.monotonic()
            self._flushing = True
            self._loop.later(max(0.0, wait), self._flush)

    def _waiting(self, name: str) -> int:
        """How many bytes lie in the pipe. Reading just these ends even when a thread goes on writing."""
        count = array.array("i", [0])
        try:
            fcntl.ioctl(self._fds[name], termios.FIONREAD, count)
        except OSError:
            return PIPE_BYTES
        return count[0]

    def _read(self, name: str, most: int) -> int:
        got = 0
        while got < most and name in self._fds:
            try:
                data = os.read(self._fds[name], min(_READ_BYTES, most - got))
            except BlockingIOError:
                break
            if not data:
                self._close(name)
                break
            got += len(data)
            if stream := self._streams.get(name):
                stream.feed(data)
            else:
                self._stray(data)
        return got

    def _flush(self) -> None:
        self._flushing = False
        self._flushed = time.monotonic()
        for stream in self._streams.values():
            for event in stream.take():
                self._emit(event)
            if (glimpse := stream.glimpse()) is not None:
                self._emit(glimpse)

    def _close(self, name: str) -> None:
        fd = self._fds.pop(name)
        self._loop.unwatch(fd)
        os.close(fd)
