"""Whether a message that arrived has values of the declared types: what comes from outside is not to be trusted.

`decode` builds a message from whatever JSON it finds; a string where a number belongs would only be noticed later,
inside the session host, which must never fall over a peer.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from tutor.runner.protocol.message import Message, ProtocolError

Test = Callable[[Any], bool]


def conforms(message: Message) -> None:
    """Raise `ProtocolError` naming the first field that has a value of a wrong type."""
    kind: Any = type(message)
    for name, test in _tests(kind):
        if not test(getattr(message, name)):
            raise ProtocolError(f"the field {name!r} of {type(message).__name__} has a value of a wrong type")


@functools.cache
def _tests(kind: Any) -> tuple[tuple[str, Test], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((item.name, _test(hints[item.name])) for item in fields(kind))


def _test(hint: Any) -> Test:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        item = _test(arguments[0])
        return lambda value: isinstance(value, tuple) and all(map(item, value))
    if arguments:  # Optional
        options = [_test(one) for one in arguments]
        return lambda value: any(option(value) for option in options)
    if is_dataclass(hint):
        return functools.partial(_is_part, hint)
    if hint is float:
        return lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return lambda value: isinstance(value, int) and not isinstance(value, bool)
    return lambda value: isinstance(value, hint)


def _is_part(kind: Any, value: Any) -> bool:
    return isinstance(value, kind) and all(test(getattr(value, name)) for name, test in _tests(kind))
