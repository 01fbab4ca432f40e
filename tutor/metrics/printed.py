"""Numbers that a program prints beside their names, line after line, as series: "Epoch [3/10], loss: 0.41"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import NamedTuple

from tutor.metrics.board import Board

FEWEST = 3
"""Lines that a name stands on at least; fewer are no series."""

MOST_LINES = 2_000
MOST_CHARACTERS = 150_000
"""What is read of an output, from its beginning: the cost of looking is bounded."""

MOST_SERIES = 8
LONGEST_LINE = 240

_AXES = ("step", "iteration", "iter", "batch", "epoch")
"""Names that count the lines rather than measure something, the finest first."""

_WORD = r"[A-Za-z_][\w.]{0,23}"
_NUMBER = r"[-+]?(?:(?:\d{1,20}\.?\d{0,20}|\.\d{1,20})(?:[eE][-+]?\d{1,3})?|nan|inf)"
_PAIR = re.compile(
    rf"(?<![\w.])(?:((?:{_WORD} ){{0,2}}{_WORD})[ \t]?[:=][ \t]{{0,4}}(?:tensor)?|({_WORD})[ \t]{{1,2}})"
    rf"[\[(]?({_NUMBER})(?!\w|[.:]\d|,\d\d\d)",
    re.ASCII,
)


class Printed(NamedTuple):
    """The series that were printed; `whole` is False where only the beginning of the output was read."""

    board: Board
    whole: bool


def printed(pieces: Iterable[str]) -> Printed | None:
    """The series in an output that comes in pieces; None where no name stands with a number on three lines or more.

    The axis is a step or an epoch that stands on each line and grows, else the number of the line among those that
    have the name, from 0.
    """
    found = list(islice(_lines(pieces), MOST_LINES + 1))
    whole = len(found) <= MOST_LINES and found[-1:] != [None]
    rows = [pairs for pairs in map(_pairs, filter(None, found[:MOST_LINES])) if pairs]
    on: dict[str, int] = {}
    for row in rows:
        for name in row:
            on[name] = on.get(name, 0) + 1
    names = [name for name, lines in on.items() if lines >= FEWEST and name.lower() not in _AXES]
    board = Board()
    for name in names[:MOST_SERIES]:
        own = [row for row in rows if name in row]
        board.add(name, "logged", "", _axis(own), [row[name] for row in own])
    return Printed(board, whole) if board.series else None


def _lines(pieces: Iterable[str]) -> Iterator[str | None]:
    """The lines of an output, those that a carriage return replaces among them; None at last if it is cut short."""
    rest, room = "", MOST_CHARACTERS
    for piece in pieces:
        cut = piece[:room]
        *lines, rest = re.split(r"[\r\n]+", rest + cut)
        yield from lines
        room -= len(cut)
        if len(cut) < len(piece):
            yield None
            return
    yield rest


def _pairs(line: str) -> dict[str, float]:
    if len(line) > LONGEST_LINE or not any(digit in line for digit in "0123456789"):
        return {}
    found: dict[str, float] = {}
    for match in _PAIR.finditer(line):
        found.setdefault(match[1] or match[2], float(match[3]))
    return found


def _axis(rows: list[dict[str, float]]) -> list[float]:
    for axis in _AXES:
        steps = [value for row in rows for name, value in row.items() if name.lower() == axis]
        if len(steps) == len(rows) and all(one < two for one, two in pairwise(steps)) and abs(steps[-1]) < 1e15:
            return steps
    return [float(number) for number in range(len(rows))]
