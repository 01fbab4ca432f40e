"""A zygote and kernels without a host: the test speaks the protocol over socket pairs."""

from __future__ import annotations

import array
import fcntl
import os
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import tutor
from tutor.runner.protocol.engine import CellNoted, ForkKernel, KernelForked, ZygoteReady
from tutor.runner.protocol.message import Message
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.protocol.run_events import CellFinished, RunFinished
from tutor.runner.protocol.session_events import KernelReady
from tutor.runner.protocol.wire import Splitter, encode

PACKAGE = Path(tutor.__file__).resolve().parent
PATIENCE = 60.0
"""Seconds to wait for anything, on a busy machine."""


class Line:
    """One end of a control socket: sends messages, keeps what comes, waits for what is expected."""

    def __init__(self, sock: socket.socket) -> None:
        self.messages: list[Message] = []
        self.closed = False
        self._socket = sock
        self._may_read = threading.Lock()
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, message: Message, *descriptors: int) -> None:
        socket.send_fds(self._socket, [encode(message)], list(descriptors))

    def wait(self, wanted: Callable[[Message], bool], seconds: float = PATIENCE) -> Any:
        """The first message that fits."""
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                for message in self.messages:
                    if wanted(message):
                        return message
                left = deadline - time.monotonic()
                if left <= 0 or self.closed:
                    raise AssertionError(f"it did not come; there is {self.messages}")
                self._news.wait(left)

    def close(self) -> None:
        """As if the host had ended."""
        self._socket.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """What comes lies unread until the end of the block, but perhaps for the first message."""
        with self._may_read:
            yield

    @property
    def unread(self) -> int:
        """How many bytes lie there."""
        count = array.array("i", [0])
        fcntl.ioctl(self._socket, termios.FIONREAD, count)
        return count[0]

    def reset(self) -> None:
        """As if the host had been killed; what lies unread is lost, and the other end is told so."""
        self._socket.close()

    def _read(self) -> None:
        splitter = Splitter()
        while True:
            with self._may_read:
                pass
            try:
                data = self._socket.recv(1 << 16)
            except OSError:
                data = b""
            new = splitter.feed(data)
            for message in new:
                if isinstance(message, CellFinished):
                    self.send(CellNoted(message.key))
            with self._news:
                self.messages += new
                self.closed = not data
                self._news.notify_all()
            if not data:
                return


class Pipe:
    """Collects what is written to a descriptor."""

    def __init__(self) -> None:
        reader, self.end = os.pipe()
        self.text = ""
        self._reader = reader
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while data := os.read(self._reader, 1 << 16):
            self.text += data.decode()
        os.close(self._reader)


class Zygote:
    """A running zygote."""

    def __init__(self, folder: Path, device: str = "cpu", python: str = sys.executable, **environment: str) -> None:
        (folder / "lib").mkdir(parents=True)
        (folder / "cells").mkdir()
        (folder / "lib" / "tutor").symlink_to(PACKAGE)
        self.folder = folder
        self._generation = 0
        ours, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [
                *(python, "-u", str(PACKAGE / "kernel" / "zygote.py")),
                *("--control", str(theirs.fileno()), "--folder", str(folder), "--device", device),
            ],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": str(folder / "lib"),
                "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
                **environment,
            },
        )
        theirs.close()
        self.line = Line(ours)
        self.ready: ZygoteReady = self.line.wait(lambda one: isinstance(one, ZygoteReady))

    def kernel(self) -> Kernel:
        self._generation += 1
        return Kernel(self, self._generation)

    def end(self) -> None:
        self.line.close()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
        wait_for(lambda: not self.left())

    def left(self) -> list[int]:
        """Living processes that find our package in its folder: itself, kernels, and what they started."""
        needle = str(self.folder / "lib").encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if needle in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
        return found


class Kernel:
    """A kernel that the zygote has forked."""

    def __init__(self, zygote: Zygote, generation: int) -> None:
        ours, theirs = socket.socketpair()
        self.out, self.err = Pipe(), Pipe()
        zygote.line.send(ForkKernel(generation=generation), theirs.fileno(), self.out.end, self.err.end)
        theirs.close()
        os.close(self.out.end)
        os.close(self.err.end)
        self.zygote = zygote
        self.generation = generation
        self.line = Line(ours)
        self.pid: int = zygote.line.wait(lambda one: isinstance(one, KernelForked) and one.generation == generation).pid
        self.ready: KernelReady = self.line.wait(lambda one: isinstance(one, KernelReady))
        self._count = 0

    def start(self, *cells: str | Cell, **options: Any) -> str:
        """Begin a run; its id."""
        self._count += 1
        run = f"run-{self._count}"
        made = tuple(
            one if isinstance(one, Cell) else Cell(f"cell-{self._count}-{at}", one, f"cell-{self._count}-{at}.md")
            for at, one in enumerate(cells)
        )
        self.line.send(Run(run, made, **options))
        return run

    def run(self, *cells: str | Cell, **options: Any) -> RunFinished:
        """Run cells and wait for their end."""
        return self.finished(self.start(*cells, **options))

    def start_check(self, code: str | Cell, *tests: str, **options: Any) -> str:
        """Begin a check; its id."""
        self._count += 1
        run = f"check-{self._count}"
        code = code if isinstance(code, Cell) else Cell("lesson/exercise", code, "lesson.md", 10)
        made = tuple(Cell(f"test-{at}", one, "lesson.md", 100 * (1 + at)) for at, one in enumerate(tests))
        self.line.send(Check(run, code, made, **options))
        return run

    def check(self, code: str | Cell, *tests: str, **options: Any) -> RunFinished:
        """Check and wait for the end."""
        return self.finished(self.start_check(code, *tests, **options))

    def finished(self, run: str) -> RunFinished:
        done = self.line.wait(lambda one: isinstance(one, RunFinished) and one.run == run)
        assert isinstance(done, RunFinished)
        return done

    def events(self, run: str, kind: type[Message]) -> list[Any]:
        """What came of one kind in a run."""
        return [one for one in self.line.messages if isinstance(one, kind) and getattr(one, "run", None) == run]

    def interrupt(self) -> None:
        os.killpg(self.pid, signal.SIGINT)

    def printed(self, text: str) -> str:
        """All of stdout, once `text` is in it."""
        wait_for(lambda: text in self.out.text)
        return self.out.text

    def end(self) -> None:
        self.line.close()


def wait_for(wanted: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until `wanted()` is true."""
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
