"""What all messages are: a request or an event, and of which version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

PROTOCOL = 2
"""Version of this protocol. A host and a client with different versions refuse each other in one sentence."""


class ProtocolError(Exception):
    """A peer sent bytes that are not a message of this protocol; the text says what was wrong."""


@dataclass(frozen=True)
class Message:
    """Base of all requests and events."""

    journaled: ClassVar[bool] = False


@dataclass(frozen=True)
class Event(Message):
    """Base of everything that comes from the host. `seq` is 0 for events that are not journaled."""

    seq: int = field(default=0, compare=False)
    time: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Journaled(Event):
    """Base of the events that are kept."""

    journaled: ClassVar[bool] = True
