"""Colours and styles of SGR sequences ("ESC [ 1 ; 31 m") as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
NAMES = (*_NAMES, *(f"bright_{name}" for name in _NAMES))
"""The sixteen colours of a terminal, whose shades belong to the theme."""

_ON = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike", 21: "underline"}
_OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 29: ("strike",)}


@dataclass(frozen=True)
class Ink:
    """How a piece of text looks. Colours are one of `NAMES`, "#rrggbb", or "" for the usual one."""

    color: str = ""
    background: str = ""
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


PLAIN = Ink()


def apply_sgr(ink: Ink, parameters: str) -> Ink:
    """`ink` after an SGR sequence with these parameters; what is unknown or malformed changes nothing.

    Conceal (8) and blink (5) are ignored: hidden or blinking text helps no learner.
    """
    numbers = iter([int(part) if part.isdecimal() else 0 for part in parameters.replace(":", ";").split(";")])
    for number in numbers:
        if number == 0:
            ink = PLAIN
        elif number in _ON:
            ink = _with(ink, (_ON[number],), True)
        elif number in _OFF:
            ink = _with(ink, _OFF[number], False)
        elif number in (38, 48):
            color = _extended(numbers)
            if color:
                ink = replace(ink, color=color) if number == 38 else replace(ink, background=color)
        elif number == 39:
            ink = replace(ink, color="")
        elif number == 49:
            ink = replace(ink, background="")
        elif 30 <= number <= 37 or 90 <= number <= 97:
            ink = replace(ink, color=NAMES[number - 30 if number < 90 else number - 82])
        elif 40 <= number <= 47 or 100 <= number <= 107:
            ink = replace(ink, background=NAMES[number - 40 if number < 100 else number - 92])
    return ink


def _with(ink: Ink, names: tuple[str, ...], on: bool) -> Ink:
    flags: dict[str, Any] = dict.fromkeys(names, on)
    return replace(ink, **flags)


def _extended(numbers: Iterator[int]) -> str:
    """The colour after 38 or 48: `5;n` of the 256, or `2;r;g;b`."""
    kind = next(numbers, 0)
    if kind == 5:
        number = min(255, next(numbers, 0))
        if number < 16:
            return NAMES[number]
        if number >= 232:
            grey = 8 + 10 * (number - 232)
            return f"#{grey:02x}{grey:02x}{grey:02x}"
        cube = [0, 95, 135, 175, 215, 255]
        number -= 16
        return f"#{cube[number // 36]:02x}{cube[number // 6 % 6]:02x}{cube[number % 6]:02x}"
    if kind == 2:
        red, green, blue = (min(255, next(numbers, 0)) for _ in range(3))
        return f"#{red:02x}{green:02x}{blue:02x}"
    return ""
