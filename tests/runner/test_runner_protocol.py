"""The wire: every message survives it, and what is no message is refused."""

from __future__ import annotations

import typing
from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.runner.protocol.message import Event, Message, ProtocolError
from tutor.runner.protocol.parts import Cell, Series
from tutor.runner.protocol.requests import Attach, Interrupt, Run
from tutor.runner.protocol.run_events import Points, pack_points
from tutor.runner.protocol.wire import MAX_FRAME, TYPES, Splitter, decode, encode
from tutor.runner.shapes import conforms


def values_of(hint: typing.Any) -> st.SearchStrategy[typing.Any]:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return st.lists(values_of(arguments[0]), max_size=3).map(tuple)
    if arguments:
        return st.one_of(*map(values_of, arguments))
    if is_dataclass(hint):
        return messages_of(hint)
    return {
        str: st.text(),
        int: st.integers(),
        float: st.floats(allow_nan=False),
        bool: st.booleans(),
        bytes: st.binary(),
        type(None): st.none(),
    }[hint]


def messages_of(kind: typing.Any) -> st.SearchStrategy[typing.Any]:
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{item.name: values_of(hints[item.name]) for item in fields(kind)})


def all_messages() -> st.SearchStrategy[Message]:
    return st.one_of(*(messages_of(kind) for kind in TYPES.values()))


def same(one: Message, other: Message) -> bool:
    """Equal in every field; events leave `seq` and `time` out of `==`."""
    return type(one) is type(other) and all(
        getattr(one, item.name) == getattr(other, item.name) for item in fields(one)
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(all_messages(), min_size=1, max_size=4), st.integers(1, 50))
def test_messages_survive_the_wire_however_it_is_cut(messages: list[Message], size: int) -> None:
    data = b"".join(map(encode, messages))
    splitter = Splitter()
    found = [one for at in range(0, len(data), size) for one in splitter.feed(data[at : at + size])]
    assert len(found) == len(messages)
    for one, other in zip(found, messages, strict=True):
        assert same(one, other)
        conforms(one)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_garbage_raises_only_protocol_errors(data: bytes) -> None:
    try:
        for message in Splitter().feed(data):
            conforms(message)
    except ProtocolError:
        pass


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_json_that_is_no_message_raises_only_protocol_errors(data: object) -> None:
    import json

    for document in (data, {"type": "Run", "run": data, "cells": data}, {"type": "RunFinished", "failure": data}):
        try:
            conforms(decode(json.dumps(document).encode()))
        except ProtocolError:
            continue
        assert isinstance(document, dict) and document["type"] in ("Run", "RunFinished")


@pytest.mark.parametrize(
    "message",
    [
        Run(run=5, cells=()),  # type: ignore[arg-type]
        Run(run="a", cells="print"),  # type: ignore[arg-type]
        Run(run="a", cells=(Cell("k", "x", "f", line="1"),)),  # type: ignore[arg-type]
        Run(run="a", cells=(), timeout="long"),  # type: ignore[arg-type]
        Attach(since=None),  # type: ignore[arg-type]
        Attach(since=True),
        Interrupt(force=1),  # type: ignore[arg-type]
    ],
)
def test_values_of_a_wrong_type_are_found(message: Message) -> None:
    with pytest.raises(ProtocolError, match="wrong type"):
        conforms(message)


def test_a_frame_that_is_too_long_is_refused_before_it_arrives() -> None:
    with pytest.raises(ProtocolError, match="more than"):
        Splitter().feed((MAX_FRAME + 1).to_bytes(4, "big") + bytes(4))


def test_unknown_fields_are_ignored_and_unknown_types_are_not() -> None:
    assert decode(b'{"type":"Interrupt","force":true,"later":1}') == Interrupt(force=True)
    with pytest.raises(ProtocolError):
        decode(b'{"type":"Nonsense"}')


def test_points_keep_their_numbers() -> None:
    loss = ([1.0, 2.0, 3.0], [0.5, float("inf"), -0.0])
    message = pack_points("r", [(Series("loss"), *loss), (Series("acc", "logged"), [1.0], [0.1])])
    found = [(one.name, list(steps), list(values)) for one, steps, values in message.unpack()]
    assert found == [("loss", *loss), ("acc", [1.0], [0.1])]
    with pytest.raises(ProtocolError):
        list(replace(message, blob=message.blob[:-8]).unpack())
    with pytest.raises(ValueError, match="loss"):
        pack_points("r", [(Series("loss"), [1.0], [])])
    assert isinstance(message, Points) and isinstance(message, Event) and message.journaled
