"""Those who look at a session: each is a place in the journal, and costs nothing when it is slow, or gone."""

from __future__ import annotations

import os
import socket
import struct
import sys
from collections import deque
from typing import Protocol

from tutor.runner.journal import Journal
from tutor.runner.loop import READ, WRITE, Loop
from tutor.runner.protocol.message import PROTOCOL, Event, Message, ProtocolError
from tutor.runner.protocol.requests import Answer, Attach, Check, Interrupt, Ping, Prepare, Restart, Run, Stop, Watch
from tutor.runner.protocol.session_events import CaughtUp, Pong, Refused
from tutor.runner.protocol.wire import Splitter, encode
from tutor.runner.shapes import conforms

_CHUNK = 1 << 16
_BACKLOG = 64
"""How many passing events (gauges, glimpses) wait for a client at most; the oldest go first."""


class Desk(Protocol):
    """Who answers the clients: the session host."""

    def pong(self) -> Pong:
        """What the session is doing."""

    def take(self, request: Message) -> str:
        """Act on a request of an attached client; "" or one sentence why not."""

    def audience_changed(self) -> None:
        """Somebody attached or left."""

    def watch(self, wanted: Watch) -> None:
        """What all clients together look at in the X-ray."""


class Clients:
    """Accepts connections on a listening socket and keeps every attached one up to date with the journal."""

    def __init__(self, loop: Loop, listening: socket.socket, journal: Journal, desk: Desk) -> None:
        self.desk = desk
        self.loop = loop
        self.journal = journal
        self._listening = listening
        self._everybody: set[_Client] = set()
        self._behind = False
        listening.setblocking(False)
        loop.watch(listening.fileno(), lambda _: self._accept())

    @property
    def attached(self) -> int:
        """How many look at the session."""
        return sum(one.attached for one in self._everybody)

    @property
    def served(self) -> bool:
        """Whether everything has been handed to everybody."""
        return not any(one.busy for one in self._everybody)

    def publish(self) -> None:
        """The journal has grown. Events that come at the same time go out together, when all else is done."""
        if not self._behind:
            self._behind = True
            self.loop.later(0.0, self._catch_up)

    def _catch_up(self) -> None:
        self._behind = False
        for one in tuple(self._everybody):
            if one.attached:
                one.pump()

    def tell(self, event: Event) -> None:
        """Give a passing event to whoever is attached, behind what the journal has."""
        if self._behind:
            self._catch_up()
        frame = encode(event)
        for one in tuple(self._everybody):
            if one.attached:
                one.pass_on(frame)

    def close(self) -> None:
        """Let everybody go."""
        self.loop.unwatch(self._listening.fileno())
        self._listening.close()
        for one in tuple(self._everybody):
            one.close()

    def forget(self, client: _Client) -> None:
        """A client has closed."""
        self._everybody.discard(client)
        if client.attached:
            client.attached = False
            self.desk.audience_changed()
            if client.watching.views:
                self.watching_changed("")

    def watching_changed(self, subject: str) -> None:
        """Somebody looks at other views of the X-ray, or at the same ones anew."""
        views = {view for one in self._everybody for view in one.watching.views}
        self.desk.watch(Watch(tuple(sorted(views)), subject))

    def _accept(self) -> None:
        try:
            sock, _ = self._listening.accept()
        except OSError:
            return
        if peer_uid(sock) != os.getuid():
            sock.close()
            return
        self._everybody.add(_Client(self, sock))


class _Client:
    def __init__(self, clients: Clients, sock: socket.socket) -> None:
        self.attached = False
        self.watching = Watch()
        self._clients = clients
        self._sock = sock
        self._seen = 0
        self._caught_up = False
        self._leaving = False
        self._splitter = Splitter()
        self._passing: deque[bytes] = deque(maxlen=_BACKLOG)
        self._out = memoryview(b"")
        self._open = True
        sock.setblocking(False)
        clients.loop.watch(sock.fileno(), self._ready)

    @property
    def busy(self) -> bool:
        """Whether something still waits to be sent."""
        return self._open and bool(self._out or self._passing or (self.attached and self._behind))

    @property
    def _behind(self) -> bool:
        return self._seen < self._clients.journal.last

    def pass_on(self, frame: bytes) -> None:
        """Send one frame that is in no journal."""
        self._passing.append(frame)
        self.pump()

    def pump(self) -> None:
        """Send as much as the client takes."""
        try:
            while self._out or self._next():
                self._out = self._out[self._sock.send(self._out) :]
        except BlockingIOError:
            self._clients.loop.watch(self._sock.fileno(), self._ready, READ | WRITE)
            return
        except OSError:
            self.close()
            return
        if self._leaving:
            self.close()
        else:
            self._clients.loop.watch(self._sock.fileno(), self._ready, READ)

    def close(self) -> None:
        """Hang up."""
        if self._open:
            self._open = False
            self._clients.loop.unwatch(self._sock.fileno())
            self._sock.close()
            self._clients.forget(self)

    def _next(self) -> bool:
        """Put what comes next into `_out`, whole frames only; False when there is nothing."""
        journal = self._clients.journal
        if self._passing:
            self._out = memoryview(self._passing.popleft())
        elif self._leaving:
            return False
        elif self.attached and self._behind:
            frames, self._seen = journal.read(self._seen)
            self._out = memoryview(frames)
        elif self.attached and not self._caught_up:
            self._caught_up = True
            self._out = memoryview(encode(CaughtUp(last=self._seen)))
        return bool(self._out)

    def _ready(self, events: int) -> None:
        if events & READ:
            self._read()
        if events & WRITE and self._open:
            self.pump()

    def _read(self) -> None:
        try:
            data = self._sock.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or self._leaving:
            if not data:
                self.close()
            return
        try:
            for message in self._splitter.feed(data):
                conforms(message)
                self._take(message)
                if not self._open or self._leaving:
                    return
        except ProtocolError as error:
            self._refuse(f"That is not the language of pytutor: {error}.")

    def _take(self, message: Message) -> None:
        if isinstance(message, Ping):
            self.pass_on(encode(self._clients.desk.pong()))
        elif isinstance(message, Attach):
            self._attach(message)
        elif isinstance(message, (Run, Check, Interrupt, Restart, Answer, Prepare, Stop, Watch)):
            if not self.attached and not isinstance(message, Stop):
                self._refuse("Attach first.")
            elif isinstance(message, Watch):
                self.watching = message
                self._clients.watching_changed(message.subject)
            elif why := self._clients.desk.take(message):
                self.pass_on(encode(Refused(why=why)))
        else:
            self._refuse(f"{type(message).__name__} is not a request.")

    def _attach(self, request: Attach) -> None:
        if request.protocol != PROTOCOL:
            self._refuse(
                f"The session speaks protocol {PROTOCOL} and this pytutor {request.protocol}: "
                "stop the session with the version that started it, or start a new one."
            )
        elif not self.attached:
            self.attached = True
            self._seen = min(max(0, request.since), self._clients.journal.last)
            self._clients.desk.audience_changed()
            self.pump()

    def _refuse(self, why: str) -> None:
        self._leaving = True
        self.pass_on(encode(Refused(why=why)))


def peer_uid(sock: socket.socket) -> int:
    """The user on the other end of a unix socket."""
    if sys.platform == "darwin":
        return int(struct.unpack("2I", sock.getsockopt(0, 1, 8))[1])  # LOCAL_PEERCRED: struct xucred
    size = struct.calcsize("3i")
    return int(struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[1])
