"""How messages travel and lie in the journal.

A frame is `>II` (length of the JSON, length of the blob), the JSON object `{"type": …, …}`, then the blob. Only
`Points` has a blob: float64 values, little-endian.
"""

from __future__ import annotations

import json
import struct
from dataclasses import fields
from typing import Any, Dict, Iterator, List, Tuple, Type, Union

from tutor.runner.protocol import engine, requests, run_events, session_events
from tutor.runner.protocol.message import PROTOCOL, Message, ProtocolError
from tutor.runner.protocol.parts import Cell, Device, Fact, Failure, Frame, Series, Value

MAX_FRAME = 64 << 20
"""Longest frame in bytes that is accepted: a longer one is a broken or hostile peer."""

_HEAD = struct.Struct(">II")

_PARTS: Dict[str, Tuple[Any, bool]] = {
    "cells": (Cell, True),
    "setup": (Cell, True),
    "tests": (Cell, True),
    "code": (Cell, False),
    "solution": (Cell, False),
    "failure": (Failure, False),
    "frames": (Frame, True),
    "values": (Value, True),
    "facts": (Fact, True),
    "series": (Series, True),
    "devices": (Device, True),
}
"""Field name -> (part type, many) for fields that hold parts; one meaning per field name, everywhere."""


def _messages() -> Iterator[Type[Message]]:
    for module in (requests, session_events, run_events, engine):
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, Message) and one.__module__ == module.__name__:
                yield one


TYPES: Dict[str, Type[Message]] = {one.__name__: one for one in _messages()}
"""Every message by its name on the wire."""

_FIELDS: Dict[Any, Tuple[str, ...]] = {
    one: tuple(item.name for item in fields(one)) for one in (*TYPES.values(), *(part for part, _ in _PARTS.values()))
}


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=vars)
"""What JSON does not know are parts, whose attributes are their fields."""

_SCALARS = frozenset((str, int, float, bool, type(None)))


def _part(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    names = _FIELDS[kind]
    return kind(**_fields_of(data, names))


def _fields_of(data: Dict[str, Any], names: Tuple[str, ...]) -> Dict[str, Any]:
    """The known ones of an object's fields, with parts and tuples made of what JSON has in their place."""
    return {
        name: value if type(value) in _SCALARS and name not in _PARTS else _revive(name, value)
        for name, value in data.items()
        if name in names
    }


def _revive(name: str, value: Any) -> Any:
    known = _PARTS.get(name)
    if known is not None:
        kind, many = known
        return tuple(_part(kind, one) for one in value) if many else _part(kind, value)
    return tuple(value) if isinstance(value, list) else value


def encode(message: Message) -> bytes:
    """The frame of a message."""
    data: Dict[str, Any] = {"type": type(message).__name__, **vars(message)}
    blob: bytes = data.pop("blob", b"")
    text = _ENCODER.encode(data).encode("ascii")
    return _HEAD.pack(len(text), len(blob)) + text + blob


def decode(text: Union[bytes, memoryview], blob: bytes = b"") -> Message:
    """The message of one frame's JSON and blob; unknown fields are ignored.

    Raises `ProtocolError` for anything that is not a message.
    """
    try:
        data = json.loads(bytes(text))
        kind = TYPES[data.pop("type")]
        names = _FIELDS[kind]
        values = _fields_of(data, names)
        if "blob" in names:
            values["blob"] = bytes(blob)
        return kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProtocolError(f"not a message of protocol {PROTOCOL}: {error}") from None


class Splitter:
    """Cuts a byte stream into messages. `feed` it what arrives, iterate over what `feed` returns."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> List[Message]:
        """Messages completed by `data`. Raises `ProtocolError` for a frame that is too long or no message."""
        self._buffer += data
        found: List[Message] = []
        at = 0
        while len(self._buffer) - at >= _HEAD.size:
            json_length, blob_length = _HEAD.unpack_from(self._buffer, at)
            if json_length + blob_length > MAX_FRAME:
                raise ProtocolError(f"a frame of {json_length + blob_length} bytes, more than {MAX_FRAME}")
            end = at + _HEAD.size + json_length + blob_length
            if len(self._buffer) < end:
                break
            start = at + _HEAD.size
            text = bytes(self._buffer[start : start + json_length])
            found.append(decode(text, bytes(self._buffer[start + json_length : end])))
            at = end
        del self._buffer[:at]
        return found
