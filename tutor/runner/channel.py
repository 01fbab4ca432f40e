"""A socket on which messages of the protocol go both ways without ever blocking the session host."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

from tutor.runner.loop import READ, WRITE, Loop
from tutor.runner.protocol.message import Message, ProtocolError
from tutor.runner.protocol.wire import Splitter, encode
from tutor.runner.shapes import conforms

_CHUNK = 1 << 16


class Channel:
    """The host's end of a socket to the zygote or to a kernel.

    `on_message` gets each message. `on_end` is called once when the other end is gone, with "", or when it sent what
    is no message, with a sentence.
    """

    def __init__(
        self, loop: Loop, sock: socket.socket, on_message: Callable[[Message], None], on_end: Callable[[str], None]
    ) -> None:
        self.open = True
        self._loop = loop
        self._sock = sock
        self._on_message = on_message
        self._on_end = on_end
        self._splitter = Splitter()
        self._out = bytearray()
        sock.setblocking(False)
        loop.watch(sock.fileno(), self._ready)

    def send(self, message: Message, fds: Sequence[int] = ()) -> None:
        """Send a message; descriptors travel in the same write. Lost when the other end is gone."""
        if not self.open:
            return
        if fds and not self._out:
            try:
                socket.send_fds(self._sock, [encode(message)], list(fds))
            except OSError:
                self._end("")
            return
        self._out += encode(message)
        self._write()

    def drain(self) -> None:
        """Take in everything that has arrived."""
        while self.open and self._read():
            pass

    def close(self) -> None:
        """Close it without calling `on_end`."""
        if self.open:
            self.open = False
            self._loop.unwatch(self._sock.fileno())
            self._sock.close()

    def _ready(self, events: int) -> None:
        if events & READ:
            self._read()
        if events & WRITE and self.open:
            self._write()

    def _read(self) -> bool:
        try:
            data = self._sock.recv(_CHUNK)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        try:
            messages = self._splitter.feed(data)
            for message in messages:
                conforms(message)
        except ProtocolError as error:
            self._end(str(error))
            return False
        for message in messages:
            if self.open:
                self._on_message(message)
        if not data and self.open:
            self._end("")
        return bool(data)

    def _write(self) -> None:
        try:
            while self._out:
                del self._out[: self._sock.send(self._out)]
        except BlockingIOError:
            pass
        except OSError:
            self._end("")
            return
        self._loop.watch(self._sock.fileno(), self._ready, READ | WRITE if self._out else READ)

    def _end(self, why: str) -> None:
        self.close()
        self._on_end(why)
