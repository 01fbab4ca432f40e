"""What stands behind a fence's language word or a region's name: `.class` and `key=JSON`, read strictly."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import NoReturn


class OptionError(ValueError):
    """Options that cannot be read; `offset` is the 0-based place in the text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True)
class Options:
    """`values` by key, `classes` without their dot, and the 0-based offset at which each of them begins."""

    values: dict[str, object] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    offsets: dict[str, int] = field(default_factory=dict)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_constant)


def read_options(text: str, start: int = 0) -> Options:
    """Read `.noeval name="x" tags=["a"]` from `start` on. Raises `OptionError` for anything else."""
    values: dict[str, object] = {}
    classes: list[str] = []
    offsets: dict[str, int] = {}
    at = start
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return Options(values, tuple(classes), offsets)
        begin, at = at, _word_end(text, at)
        word = text[begin:at]
        if word in offsets:
            raise OptionError(f"{word!r} is given twice", begin)
        offsets[word] = begin
        if word.startswith(".") and len(word) > 1:
            classes.append(word[1:])
        elif not word or at == len(text) or text[at] != "=":
            raise OptionError(_not_an_option(word or text[begin : begin + 1]), begin)
        else:
            values[word], at = _value(text, at + 1, word)
        if at < len(text) and not text[at].isspace():
            raise OptionError(f"a space is needed before {text[at:].split()[0]!r}", at)


def _word_end(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] in "._-"):
        at += 1
    return at


def _not_an_option(word: str) -> str:
    if word in ("noeval", "eval"):
        return f"{word!r} needs its dot: write .{word}"
    return f'{word!r} is not an option: write key=value with a JSON value, as in name="softmax"'


def _value(text: str, at: int, key: str) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        shown = text[at:].split()[0] if text[at:].strip() else "nothing"
        message = f'the value of {key!r} is not JSON: {shown}; write {key}="text", {key}=3 or {key}=["a", "b"]'
        raise OptionError(message, at) from None
