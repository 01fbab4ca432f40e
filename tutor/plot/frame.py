"""A drawn plot: characters, the ink of each cell, and what changed since the last one."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

CHROME, GHOST, MARK, NOTE, CURSOR, EPOCH = 0, 32, 33, 34, 35, 36
"""Inks: the frame and its labels, earlier runs, values that cannot be drawn, sentences, the cursor, marks of epochs."""

SERIES = 8
"""Lines have the inks 1 to 8 and their bands 17 to 24; the ninth series has the ink of the first again."""

_BAND = 16
_GAP = 10


def line_ink(index: int) -> int:
    """Ink of the line and the name of the series `index` (from 0)."""
    return 1 + index % SERIES


def band_ink(index: int) -> int:
    """Ink of the band between least and greatest values of the series `index`, to be shown dim."""
    return _BAND + line_ink(index)


@dataclass(frozen=True)
class Frame:
    """`height` rows of exactly `width` narrow characters, and as many bytes of ink.

    `notes` says in words what could not be drawn, for a place beside the plot.
    """

    width: int
    height: int
    rows: tuple[str, ...]
    inks: tuple[bytes, ...]
    notes: tuple[str, ...] = field(default=())


def changes(old: Frame | None, new: Frame) -> list[tuple[int, int, int]]:
    """Runs `(y, x0, x1)` of cells, `x1` exclusive, in which `new` differs; gaps of up to 10 cells are bridged."""
    if old is None or (old.width, old.height) != (new.width, new.height):
        return [(y, 0, new.width) for y in range(new.height) if new.width]
    found = []
    for y in range(new.height):
        row, ink, old_row, old_ink = new.rows[y], new.inks[y], old.rows[y], old.inks[y]
        if row == old_row and ink == old_ink:
            continue
        start = end = -1
        for x in range(new.width):
            if row[x] == old_row[x] and ink[x] == old_ink[x]:
                continue
            if start >= 0 and x - end > _GAP:
                found.append((y, start, end))
                start = -1
            if start < 0:
                start = x
            end = x + 1
        if start >= 0:
            found.append((y, start, end))
    return found


def narrow(text: str, *, ascii: bool = False) -> str:
    """The text with one cell a character: control, wide, combining and, if asked, all non-ASCII ones become "?"."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        one
        if one.isprintable()
        and (one.isascii() or not ascii)
        and unicodedata.east_asian_width(one) not in "WF"
        and not unicodedata.combining(one)
        and unicodedata.category(one) not in ("Mn", "Me", "Mc", "Cf", "Co", "Cn", "Cs")
        else "?"
        for one in text
    )
