"""A matrix as levels of colour."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.xray.fields import Fields, flag, real, shape, text, texts
from tutor.xray.variables import shape_text

LOOK_FOR = "Structure: filters that look alike do the same work; in attention, a row says where one word looks."

LEVELS = 8
"""Steps of colour on either side of 0."""

GAP, BROKEN = None, 99


@dataclass(frozen=True)
class Picture:
    """A subject. `levels` are from -8 to 8, `GAP` between tiles, `BROKEN` for NaN; `signed` where some are below 0.

    `lying` tells that its rows run from left to right.
    """

    subject: str
    shape: str
    least: float
    most: float
    signed: bool
    levels: tuple[tuple[int | None, ...], ...]
    subjects: tuple[str, ...]
    lying: bool = False


def picture(fields: Fields) -> Picture | None:
    """The report as a value; None where there is nothing to draw."""
    cells, subjects = texts(fields, "cells"), texts(fields, "subjects")
    if not cells or not subjects:
        return None
    return Picture(
        text(fields, "subject"),
        shape_text(shape(fields, "shape")),
        real(fields.get("least")) or 0.0,
        real(fields.get("most")) or 0.0,
        flag(fields, "signed"),
        levels_of(cells),
        subjects,
        flag(fields, "lying"),
    )


def levels_of(cells: tuple[str, ...]) -> tuple[tuple[int | None, ...], ...]:
    """Rows of letters as rows of levels, all of one length."""
    width = max(map(len, cells), default=0)
    return tuple(tuple(_level(one) for one in row.ljust(width, ".")) for row in cells[:96])


def neighbour(fields: Fields | None, by: int) -> str:
    """The subject that stands so many places further in the list; "" where there is no list."""
    found = texts(fields or {}, "subjects")
    if not found:
        return ""
    now = text(fields or {}, "subject")
    return found[((found.index(now) if now in found else 0) + by) % len(found)]


def _level(letter: str) -> int | None:
    if letter == "!":
        return BROKEN
    level = ord(letter) - ord("a") - LEVELS
    return level if -LEVELS <= level <= LEVELS else GAP
