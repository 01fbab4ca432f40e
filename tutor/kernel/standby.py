"""A process that has run the cells above a check and stands by: each check with the same cells above is forked from it.

What such a check sees is what running these cells again would have made, random numbers included: nothing has run in
the kernel since, and nothing ever runs in the process itself. Linux only, where its end can follow the kernel's.
"""

from __future__ import annotations

import mmap
import os
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import Any, Callable, Optional, Tuple

from tutor.kernel import processes
from tutor.kernel.children import has_ended, reap
from tutor.runner.protocol.message import ProtocolError
from tutor.runner.protocol.requests import Check
from tutor.runner.protocol.wire import Splitter, encode

WORTH = 0.25
"""Cells above that take fewer seconds are run again."""

IDLE = 600.0
"""Seconds without a check after which it ends and gives its memory back."""

PATIENCE = 10.0
"""Seconds for an answer of a process that has little to do."""

_WORD = struct.Struct(">cq")
_STAYS, _FORKED, _ENDED = b"s", b"f", b"e"


class Standby:
    """The kernel's side: a child of process id `pid`, which runs a check itself or stays and forks them.

    `ended` and `end` are about the check that runs, whichever process has it. `stage` is shared with these processes.
    """

    def __init__(self, pid: int, control: socket.socket, stage: mmap.mmap, request: Check) -> None:
        self.stage = stage
        self.gone = False
        self._pid = pid
        self._control = control
        self._key = _key(request)
        self._words = b""
        self._stays = False
        self._check = 0
        self._status: Optional[int] = None

    def fits(self, request: Check) -> bool:
        """Whether a check needs exactly the cells above that have run here."""
        return not self.gone and self._key == _key(request)

    def begin(self, request: Check, parent: socket.socket) -> bool:
        """Have a check begun that talks to `parent`; False when the process is gone."""
        data = encode(request)
        try:
            socket.send_fds(self._control, [data[:1]], [parent.fileno()])
            self._control.sendall(data[1:])
        except OSError:
            self.close()
            return False
        return True

    def ended(self) -> bool:
        """Whether the process of the check has ended; what it said before is still to be read."""
        self._listen(0)
        return self._status is not None or has_ended(self._pid)

    def end(self) -> Optional[int]:
        """Kill the check, if it still runs; its exit status, None where it was lost. The process itself stays."""
        self._listen(0)
        if not self._stays:
            return self.close()
        if not self._wait(lambda: bool(self._check)):
            self.close()
            return None
        processes.kill_group(self._check)
        if not self._wait(lambda: self._status is not None):
            self.close()
            return None
        status, self._status, self._check = self._status, None, 0
        with suppress(OSError):
            self._control.send(b".")
        return status

    def close(self) -> Optional[int]:
        """End the process and what it has started; its exit status."""
        if self.gone:
            return None
        self.gone = True
        if self._check:
            processes.kill_group(self._check)
        processes.kill_group(self._pid)
        self._control.close()
        return reap(self._pid)

    def leave(self) -> None:
        """In another child of the kernel: this is none of its business."""
        self._control.close()

    def _wait(self, told: Callable[[], bool]) -> bool:
        while not told():
            if not self._listen(PATIENCE):
                return False
        return True

    def _listen(self, seconds: float) -> bool:
        """Take in what the process says; whether it said anything."""
        if self.gone or not select.select([self._control], [], [], seconds)[0]:
            return False
        try:
            data = self._control.recv(1 << 10)
        except OSError:
            return False
        self._words += data
        while len(self._words) >= _WORD.size:
            word, number = _WORD.unpack_from(self._words)
            self._words = self._words[_WORD.size :]
            if word == _STAYS:
                self._stays = True
            elif word == _FORKED:
                self._check = number
            elif word == _ENDED:
                self._status = number
        return bool(data)


def can_stay() -> bool:
    """Whether this process may be forked again and again: it has no thread and no child but itself."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/task")) == 1 and not processes.below(os.getpid())
    return False


def supported() -> bool:
    """Whether this system can have such processes."""
    return sys.platform == "linux" and hasattr(os, "waitid")


def stand_by(
    control: socket.socket, request: Check, parent: socket.socket, judge: Callable[[Check, socket.socket], Any]
) -> None:
    """The process's own side: fork for this check and for each that comes; in the fork, call `judge`. Never returns."""
    _tell(control, _STAYS, 0)
    splitter = Splitter()
    while True:
        pid = os.fork()
        if pid == 0:
            control.close()
            judge(request, parent)
            os._exit(1)
        with suppress(OSError):  # it has done so itself, or is gone
            os.setpgid(pid, pid)
        parent.close()
        _tell(control, _FORKED, pid)
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # it keeps its id until the kernel knows
        _tell(control, _ENDED, _as_waitpid(ended))
        _receive(control, 1)
        os.waitpid(pid, 0)
        request, parent = _next(control, splitter)


def _key(request: Check) -> Tuple[Any, ...]:
    return request.setup, request.seed


def _tell(control: socket.socket, word: bytes, number: int) -> None:
    control.sendall(_WORD.pack(word, number))


def _listen(control: socket.socket) -> None:
    """Wait until the kernel says something; the process ends where it has nothing to say any more."""
    if not select.select([control], [], [], IDLE)[0]:
        os._exit(0)


def _receive(control: socket.socket, size: int) -> bytes:
    """Bytes of the kernel's; the process ends where none come any more."""
    _listen(control)
    data = control.recv(size)
    return data or os._exit(0)


def _next(control: socket.socket, splitter: Splitter) -> Tuple[Check, socket.socket]:
    _listen(control)
    data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    if not data or not descriptors:
        os._exit(0)
    parent = socket.socket(fileno=descriptors[0])
    try:
        found = splitter.feed(data)
        while not found:
            found = splitter.feed(_receive(control, 1 << 16))
    except ProtocolError:
        os._exit(1)
    request = found[0]
    assert isinstance(request, Check)
    return request, parent


def _as_waitpid(ended: Any) -> int:
    """The status of `os.waitid` as `os.waitpid` has it."""
    if ended.si_code == os.CLD_EXITED:
        return int(ended.si_status) << 8
    return int(ended.si_status) & 0x7F or int(signal.SIGKILL)
