"""A session as the UI sees it: requests go in, events come out, and leaving it ends nothing."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tutor.errors import TutorError
from tutor.runner.protocol.message import Event, Message, ProtocolError
from tutor.runner.protocol.requests import Attach
from tutor.runner.protocol.session_events import Refused, SessionEnded
from tutor.runner.protocol.wire import Splitter, encode

_CHUNK = 1 << 16
_GONE = "The session's process has gone; what it had written down until then is kept."


class Runner(Protocol):
    """What a view needs of a session; `Session` is a real one, `tutor.runner.replay.ReplaySession` a scripted one.

    `lost` is "" as long as the session is there, and after its end one sentence that says why it is not.
    """

    lost: str

    def send(self, request: Message) -> None:
        """Send a request; what comes of it arrives as events. Does nothing once the session is lost."""

    def events(self) -> AsyncIterator[Event]:
        """The events after the one attached at, then live ones; ends when the session is lost or closed."""

    async def close(self) -> None:
        """Leave the session; what runs in it goes on."""


class Place(Protocol):
    """Whatever knows the folder of a session."""

    @property
    def folder(self) -> Path:
        """The session's folder."""


def new_run_id() -> str:
    """An id for a `Run` or `Check` that no other has."""
    return secrets.token_hex(6)


class Session:
    """A connection to a session host."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lost = ""
        self._reader = reader
        self._writer = writer
        self._closed = False

    @classmethod
    async def attach(cls, info: Place, since: int = 0) -> Session:
        """Connect and ask for all events after sequence number `since`.

        Raises `TutorError` when nobody answers at the session's socket.
        """
        try:
            reader, writer = await asyncio.open_unix_connection(str(info.folder / "socket"), limit=1 << 20)
        except OSError as error:
            raise TutorError(
                "Cannot attach", f"the session in {info.folder} does not answer ({error.strerror}).", "Start a new one."
            ) from None
        session = cls(reader, writer)
        session.send(Attach(since=since))
        return session

    def send(self, request: Message) -> None:
        """Send a request. Does nothing once the session is lost or closed."""
        if not self.lost and not self._closed:
            self._writer.write(encode(request))

    async def events(self) -> AsyncIterator[Event]:
        """Yield events until the connection ends; then `lost` says why, unless `close` was called.

        Reading slowly is fine: the host keeps nothing but this client's place in the journal.
        """
        splitter = Splitter()
        why = _GONE
        while not self._closed:
            try:
                data = await self._reader.read(_CHUNK)
                messages = splitter.feed(data)
            except OSError:
                data, messages = b"", []
            except ProtocolError as error:
                why = f"The session speaks another language: {error}."
                break
            if not data:
                break
            for message in messages:
                if isinstance(message, Event):
                    why = message.why if isinstance(message, (Refused, SessionEnded)) else _GONE
                    yield message
            if len(data) == _CHUNK:
                await asyncio.sleep(0)  # a long replay must not hold up the keys
        if not self._closed:
            self.lost = why
            self._writer.close()

    async def close(self) -> None:
        """Detach. The session, and what runs in it, goes on. What was sent before still arrives there."""
        if self._closed:
            return
        self._closed = True
        self._writer.close()
        with suppress(OSError, asyncio.TimeoutError):
            await asyncio.wait_for(self._writer.wait_closed(), 1.0)
