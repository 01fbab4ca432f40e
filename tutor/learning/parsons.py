"""A Parsons puzzle: the lines of a solution out of order and out of their indentation, with a few look-alikes.

After Parsons and Haden (2006); with indentation as in Ihantola and Karavirta (2011), with lines that do not belong.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from tutor.learning.freedom import movable_first
from tutor.learning.program import Line, assembled, indented, logical_lines

FEWEST, MOST = 3, 12
"""A puzzle has so many pieces, look-alikes not counted: of a longer program, lines that stand together stay so."""

LOOKALIKES = 3
DEEPEST = 8
_ALIKE = 0.5


@dataclass(frozen=True)
class Piece:
    """What moves as one: a line, or some that stand together, the first at depth 0."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """Its lines as they are read, without the empty lines of a whole program."""
        return indented(self.lines)


@dataclass(frozen=True)
class Row:
    """A piece in its place: `depth` steps to the right; lines that are not `used` are put aside."""

    piece: Piece
    depth: int = 0
    used: bool = True

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its lines at their depth in the program."""
        return tuple(Line(line.text, line.depth + self.depth) for line in self.piece.lines)


Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Arrangement:
    """Where the learner has put the pieces: those in use from top to bottom, then those put aside."""

    rows: Rows

    @property
    def used(self) -> Rows:
        """The rows of the program."""
        return tuple(row for row in self.rows if row.used)

    @property
    def code(self) -> str:
        """The program as it stands."""
        return assembled(line for row in self.used for line in row.lines)

    def moved(self, index: int, by: int) -> tuple[Arrangement, int]:
        """A row one place up (-1) or down (1), and its index then.

        The last line of the program moves on by being put aside, the first of those put aside by being used.
        """
        row, border = self.rows[index], len(self.used)
        if row.used and by > 0 and index == border - 1:
            return self._with(index, replace(row, used=False)), index
        if not row.used and by < 0 and index == border:
            return self._with(index, replace(row, used=True)), index
        at = index + by
        if not 0 <= at < len(self.rows):
            return self, index
        rows = list(self.rows)
        rows[index], rows[at] = rows[at], rows[index]
        return Arrangement(tuple(rows)), at

    def indented(self, index: int, by: int) -> Arrangement:
        """A row so many steps further right, or left where `by` is negative."""
        row = self.rows[index]
        return self._with(index, replace(row, depth=min(DEEPEST, max(0, row.depth + by))))

    def put_aside(self, index: int) -> tuple[Arrangement, int]:
        """A row out of the program, or back to its end; and the index at which the selection goes on."""
        row, others = self.rows[index], [*self.rows[:index], *self.rows[index + 1 :]]
        at = sum(one.used for one in others)
        others.insert(at, replace(row, used=not row.used))
        return Arrangement(tuple(others)), min(index, at) if row.used else at

    def _with(self, index: int, row: Row) -> Arrangement:
        return Arrangement((*self.rows[:index], row, *self.rows[index + 1 :]))


@dataclass(frozen=True)
class Puzzle:
    """The pieces in their right order and depth, and the look-alikes that do not belong."""

    solution: Rows
    lookalikes: tuple[Piece, ...] = ()

    def shuffled(self, seed: str) -> Arrangement:
        """All pieces at the left and in an order that is not the right one; the same for the same `seed`."""
        pieces = [*(row.piece for row in self.solution), *self.lookalikes]
        luck = random.Random(seed)
        while True:
            luck.shuffle(pieces)
            found = Arrangement(tuple(Row(piece) for piece in pieces))
            if not judge_arrangement(self, found).right:
                return found


@dataclass(frozen=True)
class Finding:
    """What is said of an arrangement: the index of the first row that stands wrong, None where none does."""

    right: bool
    words: str
    index: int | None = None


def make_puzzle(
    solution: str, starter: str = "", mistakes: Sequence[str] = (), alternatives: Sequence[str] = ()
) -> Puzzle | None:
    """The puzzle of a solution; None where it is too short to be one, or not Python.

    Lines that the starter has too stay together in a long program; look-alikes are lines of `mistakes` that differ,
    but none that stands in one of the `alternatives` too: that one is right.
    """
    lines = logical_lines(solution)
    if len(lines) < FEWEST:
        return None
    rows = tuple(_row(group) for group in _grouped(lines, logical_lines(starter)))
    right = {line.text for answer in alternatives for line in logical_lines(answer)}
    puzzle = Puzzle(rows, tuple(Piece((Line(text, 0),)) for text in _lookalikes(lines, mistakes, right)))
    return puzzle if len(rows) >= FEWEST and not _any_order(puzzle) else None


def judge_arrangement(puzzle: Puzzle, arrangement: Arrangement) -> Finding:
    """Say what stands wrong first, and no more. Lines whose order does not matter may stand in any."""
    used, remaining = arrangement.used, list(puzzle.solution)
    for index, row in enumerate(used):
        found = movable_first([one.lines for one in remaining], row.lines)
        if found is None:
            return Finding(False, _wrong(row, index, puzzle, remaining), index)
        remaining = [remaining[at] for at in found]
        if remaining[0].depth != row.depth:
            side = "left" if row.depth > remaining[0].depth else "right"
            steps = abs(row.depth - remaining[0].depth)
            far = "a step" if steps == 1 else f"{steps} steps"
            return Finding(False, f"{_so_far(index)}Line {index + 1} belongs here, {far} further {side}.", index)
        del remaining[0]
    if remaining:
        missing = "one is" if len(remaining) == 1 else f"{len(remaining)} are"
        return Finding(False, f"{_so_far(len(used))}But {missing} missing.")
    return Finding(True, "That is it: every line in its place.")


def _any_order(puzzle: Puzzle) -> bool:
    """Whether there is nothing to be found out: no look-alikes, all at the left, and no order is wrong."""
    backwards = Arrangement(tuple(reversed(puzzle.solution)))
    return not puzzle.lookalikes and judge_arrangement(puzzle, backwards).right


def _wrong(row: Row, index: int, puzzle: Puzzle, remaining: Sequence[Row]) -> str:
    place = f"Line {index + 1}"
    if row.piece in puzzle.lookalikes and all(row.piece != one.piece for one in puzzle.solution):
        return f"{_so_far(index)}{place} does not belong in the program at all: look for one that resembles it."
    if not remaining:
        return f"{_so_far(index)}{place} is one too many."
    return f"{_so_far(index)}{place} does not come next."


def _so_far(count: int) -> str:
    if not count:
        return ""
    return "The first line is right. " if count == 1 else f"The first {count} lines are right. "


def _row(group: Sequence[Line]) -> Row:
    base = group[0].depth
    return Row(Piece(tuple(Line(line.text, line.depth - base) for line in group)), base)


def _grouped(lines: Sequence[Line], given: Sequence[Line]) -> list[list[Line]]:
    """Lines as pieces, at most `MOST`: first what the starter gave stays together, then neighbours of one depth."""
    groups = [[line] for line in lines]
    pairs = set(pairwise(given))
    at = 0
    while len(groups) > MOST and at + 1 < len(groups):
        here, there = groups[at], groups[at + 1]
        if (here[-1], there[0]) in pairs and there[0].depth >= here[0].depth:
            groups[at : at + 2] = [here + there]
        else:
            at += 1
    while len(groups) > MOST:
        joints = [
            at
            for at in range(len(groups) - 1)
            if groups[at][-1].depth == groups[at + 1][0].depth >= groups[at][0].depth
            and not groups[at][-1].text.endswith(":")
        ]
        if not joints:
            break
        at = min(joints, key=lambda one: len(groups[one]) + len(groups[one + 1]))
        groups[at : at + 2] = [groups[at] + groups[at + 1]]
    return groups


def _lookalikes(lines: Sequence[Line], mistakes: Sequence[str], right: set[str]) -> list[str]:
    """Lines of the mistakes that stand where the solution has another one much like it; one of each mistake first."""
    own = right | {line.text for line in lines}
    found: list[list[str]] = []
    for mistake in mistakes:
        theirs = logical_lines(mistake)
        changes = SequenceMatcher(None, lines, theirs, autojunk=False).get_opcodes()
        found.append(
            [
                text
                for tag, begin, end, first, last in changes
                if tag == "replace"
                for text in (line.text for line in theirs[first:last])
                if text not in own and any(_resembles(text, line.text) for line in lines[begin:end])
            ]
        )
    turns = max(map(len, found), default=0)
    ordered = [texts[turn] for turn in range(turns) for texts in found if turn < len(texts)]
    return list(dict.fromkeys(ordered))[:LOOKALIKES]


def _resembles(text: str, other: str) -> bool:
    return text.endswith(":") == other.endswith(":") and SequenceMatcher(None, text, other).ratio() >= _ALIKE
