"""A program in a real pseudo-terminal, timed by what its screen shows."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Sequence
from types import TracebackType

import pyte
from ptyprocess import PtyProcess


class Terminal:
    """Starts a program at once; `started` is the clock (seconds) from just before."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], columns: int = 120, rows: int = 36) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes_read = 0
        settings = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **environment}
        self.started = time.perf_counter()
        self.process = PtyProcess.spawn(list(command), env=settings, dimensions=(rows, columns))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate(force=True)
        self.process.close()

    def send(self, data: bytes) -> None:
        """Type."""
        self.process.write(data)

    def read(self, seconds: float) -> bool:
        """Take in what arrives within `seconds`; False when nothing did."""
        ready, _, _ = select.select([self.process.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.process.fd, 1 << 16)
        except OSError:
            raise RuntimeError("the program ended:\n" + self.text()) from None
        self.bytes_read += len(data)
        self._stream.feed(data)
        return True

    def wait_for_end(self, seconds: float = 60.0) -> int:
        """Exit code of the program, once it has ended. Raises `RuntimeError` when it does not."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            try:
                self.read(0.05)
            except RuntimeError:
                self.process.wait()
                return int(self.process.exitstatus or 0)
        raise RuntimeError("still running:\n" + self.text())

    def text(self) -> str:
        """The screen as lines."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, shown: Callable[[str], bool], seconds: float = 60.0) -> float:
        """Seconds since the start until the screen satisfies `shown`. Raises `RuntimeError` when it never does."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if self.read(0.05) and shown(self.text()):
                return time.perf_counter() - self.started
            if shown(self.text()):
                return time.perf_counter() - self.started
        raise RuntimeError("not on the screen:\n" + self.text())
