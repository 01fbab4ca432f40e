"""The kernel's stdout, stderr and stdin, and the ticker that keeps them flowing."""

from __future__ import annotations

import builtins
import getpass
import io
import os
import sys
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Callable, List, TextIO

from tutor.kernel.link import block_interrupts
from tutor.kernel.texts import clean
from tutor.runner.protocol.requests import Answer

TICK_SECONDS = 0.05


def open_streams() -> None:
    """Text streams over descriptors 1 and 2: line by line in the system's hands, where a crash cannot take them."""
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = open(  # noqa: SIM115  lives as long as the process
            descriptor, "w", buffering=1 << 16, encoding="utf-8", errors="backslashreplace", closefd=False
        )
        stream.reconfigure(line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def streams_closed() -> bool:
    """Whether the learner's code has closed what it prints to."""
    return any(getattr(stream, "closed", False) for stream in (sys.stdout, sys.stderr))


def flush_streams() -> None:
    """Flush what the learner's code prints to; whatever it has put there must not harm us."""
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None:
                stream.flush()
        except Exception:  # noqa: BLE001  a replaced stream is the learner's code
            pass


class Ticker:
    """A thread that, 20 times a second while code runs, flushes the streams and calls `task`.

    A process that is forked in the middle of a flush would inherit a locked stream: forks wait for the flush. The
    lock's own methods are the hooks, because an interrupt can come between any two lines of a function of ours.
    """

    def __init__(self, task: Callable[[], None]) -> None:
        self._task = task
        self._busy = threading.Event()
        self._flushing = threading.Lock()
        release = self._flushing.release
        os.register_at_fork(before=flush_streams)  # called after the next one: the last one registered comes first
        os.register_at_fork(before=self._flushing.acquire, after_in_parent=release, after_in_child=release)

    def start(self) -> None:
        """Start the thread."""
        threading.Thread(target=self._tick, name="ticker", daemon=True).start()

    def go(self) -> None:
        """Code runs."""
        self._busy.set()

    def rest(self) -> None:
        """No code runs."""
        self._busy.clear()

    def _tick(self) -> None:
        block_interrupts()
        while True:
            self._busy.wait()
            time.sleep(TICK_SECONDS)
            self._flushing.acquire()
            try:
                flush_streams()
                self._task()
            finally:
                with suppress(RuntimeError):  # a fork whose wait for the lock was interrupted has released it
                    self._flushing.release()


class Tee(io.TextIOBase):
    """A stream that passes on what is written and keeps the first `LIMIT` characters of it."""

    LIMIT = 1 << 20

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._parts: List[str] = []
        self._room = self.LIMIT

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(self._parts)

    def write(self, text: str, /) -> int:
        """Write and keep."""
        written = self._stream.write(text)
        if self._room > 0:
            self._parts.append(text[: self._room])
            self._room -= len(text)
        return written

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def flush(self) -> None:
        """Flush the stream below."""
        self._stream.flush()

    def fileno(self) -> int:
        """The descriptor of the stream below, for child processes; what goes there directly is not kept."""
        return self._stream.fileno()


class Stdin(io.TextIOBase):
    """Standard input that asks the person in front of the screen, wherever that screen is.

    `request(prompt, password)` tells the host that code waits; the answer comes through `answer` from another thread.
    """

    encoding = "utf-8"
    name = "<stdin>"

    def __init__(self, request: Callable[[str, bool], None]) -> None:
        self.refusal = ""  # why nobody can be asked just now
        self._request = request
        self._answers: SimpleQueue[Answer] = SimpleQueue()

    def install(self) -> None:
        """Take the place of `sys.stdin`, `input` and `getpass.getpass`."""
        plain_input = builtins.input

        def input_(prompt: object = "", /) -> str:
            """Read a line from the person in front of the screen; `EOFError` when there is none to come."""
            current: object = sys.stdin
            return self._ask(prompt, False) if current is self else plain_input(prompt)

        def getpass_(prompt: str = "Password: ", stream: Any = None, **_: Any) -> str:
            """Read a line that nobody is to see."""
            return self._ask(prompt, True)

        input_.__name__ = input_.__qualname__ = "input"
        getpass_.__name__ = getpass_.__qualname__ = "getpass"
        sys.stdin = sys.__stdin__ = self  # type: ignore[assignment,misc]
        builtins.input = input_
        getpass.getpass = getpass_

    def answer(self, answer: Answer) -> None:
        """What was typed."""
        self._answers.put(answer)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def isatty(self) -> bool:
        """It is no terminal."""
        return False

    def readline(self, size: Any = -1, /) -> str:  # type: ignore[override]
        """One line with its newline; "" when there is no more."""
        return self._wait("", False)

    def read(self, size: Any = -1, /) -> str:
        """All lines up to the end of the input."""
        return "".join(iter(self.readline, ""))

    def _ask(self, prompt: object, password: bool) -> str:
        text = str(prompt)
        out: TextIO = sys.stdout
        out.write(text)
        line = self._wait(text, password)
        if not line:
            raise EOFError("the input has ended")
        return line[:-1]

    def _wait(self, prompt: str, password: bool) -> str:
        flush_streams()
        if self.refusal:
            raise EOFError(self.refusal)
        while not self._answers.empty():  # an answer to a question that was interrupted
            self._answers.get_nowait()
        self._request(clean(prompt), password)
        while True:  # never for ever in one call: a forced interrupt needs a bytecode to fall on
            try:
                answer = self._answers.get(timeout=0.2)
            except Empty:
                continue
            return "" if answer.eof else answer.text + "\n"
