"""The kernel's end of its control socket: one thread writes events, one reads requests.

Only the writer touches the socket for writing, so that a KeyboardInterrupt in the main thread cannot tear a frame.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from queue import Empty, SimpleQueue
from typing import Callable, List, Tuple, Union

from tutor.kernel import processes
from tutor.runner.protocol.message import Event, Message, ProtocolError
from tutor.runner.protocol.wire import Splitter, encode


class Link:
    """Sends events and hands requests to `heard`, which runs in the reader's thread.

    When the host is gone, the kernel's process group is killed.
    """

    def __init__(self, control: socket.socket, heard: Callable[[Message], None]) -> None:
        self._socket = control
        self._heard = heard
        self._queue: SimpleQueue[Union[Tuple[Event, ...], threading.Event]] = SimpleQueue()
        self._silent = False

    def start(self) -> None:
        """Start both threads."""
        for name, target in (("writer", self._write), ("reader", self._read)):
            threading.Thread(target=target, name=name, daemon=True).start()

    def send(self, *events: Event) -> None:
        """Queue events. Safe anywhere: in any thread, in a signal handler, and without effect in a forked child."""
        if not self._silent:
            self._queue.put(events)

    def drain(self, seconds: float = 1.0) -> None:
        """Wait until all that was queued is in the socket, at most so long."""
        written = threading.Event()
        self._queue.put(written)
        written.wait(seconds)

    def close_in_child(self) -> None:
        """In a forked child: say nothing, and do not hold the host's socket open."""
        self._silent = True
        self._socket.close()

    def _write(self) -> None:
        block_interrupts()
        while True:
            waiting: List[threading.Event] = []
            data = bytearray()
            one = self._queue.get()
            while True:
                if isinstance(one, threading.Event):
                    waiting.append(one)
                else:
                    data += b"".join(map(encode, one))
                try:
                    one = self._queue.get_nowait()
                except Empty:
                    break
            try:
                self._socket.sendall(data)
            except OSError:
                _end()
            for written in waiting:
                written.set()

    def _read(self) -> None:
        block_interrupts()
        splitter = Splitter()
        while True:
            try:
                data = self._socket.recv(1 << 16)
                if not data:
                    _end()
                for message in splitter.feed(data):
                    self._heard(message)
            except (OSError, ProtocolError):
                _end()


def block_interrupts() -> None:
    """Keep SIGINT away from the calling thread: it is the main thread's."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


def _end() -> None:
    processes.kill_group(os.getpid())
    os._exit(1)
