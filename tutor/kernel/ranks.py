"""The processes of a launch, seen from the kernel: their output line by line, their points, and how each ended."""

from __future__ import annotations

import os
import selectors
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from typing import Any, Callable, List, Optional, Tuple

from tutor.kernel.link import block_interrupts
from tutor.runner.protocol.engine import RankStarted
from tutor.runner.protocol.message import Event, ProtocolError
from tutor.runner.protocol.parts import Series
from tutor.runner.protocol.run_events import Notice, Points, RunFinished
from tutor.runner.protocol.wire import Splitter

_CHUNK = 1 << 16
_REPORT_BYTES = 1 << 16
_LINE_BYTES = 1 << 16
"""A line that is longer is passed on in pieces."""


class Ranks:
    """Listens at `path` and passes on what ranks say: events to `send`, output to our own stdout and stderr.

    `report` is what the launcher itself printed. It is shown only where no rank has said what happened.
    """

    def __init__(self, path: str, run: str, send: Callable[[Event], None]) -> None:
        self.report = ""
        self.first: Optional[Tuple[int, Optional[RunFinished]]] = None
        self._path = path
        self._run = run
        self._send = send
        self._selector = selectors.DefaultSelector()
        self._closing = threading.Event()
        with suppress(FileNotFoundError):
            os.unlink(path)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(path)
        os.chmod(path, 0o600)
        self._listening.listen(64)
        self._selector.register(self._listening, selectors.EVENT_READ, self._accept)
        self._thread = threading.Thread(target=self._listen, name="ranks", daemon=True)

    def follow(self, report: int) -> None:
        """Begin; `report` is the descriptor that the launcher prints to."""
        os.set_blocking(report, False)
        self._selector.register(report, selectors.EVENT_READ, self._read_report)
        self._thread.start()

    def close(self) -> None:
        """Take in what is still there, and end."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join()
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()
        with suppress(OSError):
            os.unlink(self._path)

    def _listen(self) -> None:
        block_interrupts()
        while True:
            last = self._closing.is_set()
            ready = self._selector.select(0.0 if last else 0.05)
            for key, _ in ready:
                key.data(key.fileobj)
            if last and not ready:
                return

    def _accept(self, listening: Any) -> None:
        connection, _ = listening.accept()
        connection.setblocking(False)
        self._selector.register(connection, selectors.EVENT_READ, _Rank(self).hear)

    def _read_report(self, descriptor: int) -> None:
        data = os.read(descriptor, _CHUNK)
        if not data:
            self._selector.unregister(descriptor)
        self.report = (self.report + data.decode("utf-8", "replace"))[-_REPORT_BYTES:]

    # For `_Rank`.

    def take_output(self, descriptor: int, name: str, target: int) -> None:
        """Pass on the lines of one stream of one rank."""
        lines = _Lines(name, target)

        def read(_: Any) -> None:
            data = os.read(descriptor, _CHUNK)
            lines.feed(data)
            if not data:
                self._selector.unregister(descriptor)
                os.close(descriptor)

        os.set_blocking(descriptor, False)
        self._selector.register(descriptor, selectors.EVENT_READ, read)

    def take_event(self, rank: int, name: str, message: Event) -> None:
        """Pass on points under names of their own."""
        if isinstance(message, Points):
            named = tuple(_named(one, name) for one in message.series)
            self._send(replace(message, run=self._run, series=named))
        elif isinstance(message, Notice):
            self._send(Notice(run=self._run, text=f"[{name}] {message.text}" if name else message.text))
        elif isinstance(message, RunFinished) and message.outcome != "ok":
            self.end(rank, message)

    def end(self, rank: int, ended: Optional[RunFinished]) -> None:
        """A rank ended badly, or without a word; the first one counts."""
        if self.first is None and not (ended and ended.outcome == "exit" and not ended.exit_code):
            self.first = (rank, ended)

    def forget(self, rank: int) -> None:
        """The launcher has started a rank again."""
        if self.first is not None and self.first[0] == rank:
            self.first = None

    def hang_up(self, connection: socket.socket) -> None:
        """A rank is gone."""
        self._selector.unregister(connection)
        connection.close()


class _Rank:
    """One connection."""

    def __init__(self, ranks: Ranks) -> None:
        self._ranks = ranks
        self._splitter = Splitter()
        self._rank = -1
        self._name = ""
        self._ended = False

    def hear(self, connection: socket.socket) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(connection, _CHUNK, 2)
            messages = self._splitter.feed(data)
        except (OSError, ProtocolError):
            data, descriptors, messages = b"", [], []
        for message in messages:
            if isinstance(message, RankStarted):
                self._begin(message, descriptors)
            elif isinstance(message, Event):
                self._ended = self._ended or isinstance(message, RunFinished)
                self._ranks.take_event(self._rank, self._name, message)
        if not data:
            self._ranks.hang_up(connection)
            if self._rank >= 0 and not self._ended:
                self._ranks.end(self._rank, None)

    def _begin(self, started: RankStarted, descriptors: List[int]) -> None:
        self._rank = started.rank
        self._name = f"rank {started.rank}" if started.world > 1 else ""
        self._ranks.forget(started.rank)
        for descriptor, target in zip(descriptors, (1, 2)):
            self._ranks.take_output(descriptor, self._name, target)


class _Lines:
    """Passes bytes on to `target`, each line with the rank's name before it."""

    def __init__(self, name: str, target: int) -> None:
        self._prefix = f"[{name}] ".encode() if name else b""
        self._target = target
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take in what was read; empty at the end."""
        lines = (self._rest + data).splitlines(keepends=True)
        self._rest = b""
        if lines and data and not lines[-1].endswith((b"\n", b"\r")) and len(lines[-1]) < _LINE_BYTES:
            self._rest = lines.pop()
        elif lines and not lines[-1].endswith((b"\n", b"\r")):
            lines[-1] += b"\n"
        out = b"".join(self._prefix + line for line in lines)
        while out:
            out = out[os.write(self._target, out) :]


def _named(series: Series, name: str) -> Series:
    return replace(series, name=f"{series.name} [{name}]") if name else series
