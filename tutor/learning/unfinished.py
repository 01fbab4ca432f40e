"""A task of the ladder half done, as text that can be kept: what stands in the gaps, or where the lines were put."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from tutor.learning.blanks import Blanks
from tutor.learning.parsons import DEEPEST, Arrangement, Piece, Puzzle, Row

Task = Puzzle | Blanks

LONGEST = 10_000
"""Characters of one answer that are taken back."""


def answers_kept(blanks: Blanks, answers: Mapping[int, str]) -> str:
    """What was written into gaps, by the index of the gap, as text; "" where nothing was."""
    written = [answers.get(index, "") for index in range(len(blanks.gaps))]
    return _kept(blanks, written) if any(written) else ""


def answers_found(blanks: Blanks, text: str) -> dict[int, str]:
    """What `answers_kept` kept for the same program; nothing of another one's, or of a text that is none of ours."""
    found = _found(blanks, text)
    return {
        index: value[:LONGEST]
        for index, value in enumerate(found[: len(blanks.gaps)])
        if isinstance(value, str) and value
    }


def arrangement_kept(puzzle: Puzzle, arrangement: Arrangement) -> str:
    """Where the lines of a puzzle were put, as text."""
    waiting = list(enumerate(_pieces(puzzle)))
    rows = []
    for row in arrangement.rows:
        at = next(place for place, (_, piece) in enumerate(waiting) if piece == row.piece)
        rows.append([waiting.pop(at)[0], row.depth, row.used])
    return _kept(puzzle, rows)


def arrangement_found(puzzle: Puzzle, text: str) -> Arrangement | None:
    """What `arrangement_kept` kept of the same puzzle; None for another one's, and for a text that is none of ours."""
    pieces, rows = _pieces(puzzle), []
    for entry in _found(puzzle, text):
        match entry:
            case [int(index), int(depth), bool(used)] if 0 <= index < len(pieces) and 0 <= depth <= DEEPEST:
                rows.append((index, Row(pieces[index], depth, used)))
            case _:
                return None
    if sorted(index for index, _ in rows) != list(range(len(pieces))):
        return None
    # Those in use come first, as everywhere.
    return Arrangement(tuple(row for _, row in sorted(rows, key=lambda one: not one[1].used)))


def _pieces(puzzle: Puzzle) -> list[Piece]:
    return [*(row.piece for row in puzzle.solution), *puzzle.lookalikes]


def _kept(task: Task, state: list[str] | list[list[int]]) -> str:
    return json.dumps({"task": _name(task), "state": state}, ensure_ascii=False)


def _found(task: Task, text: str) -> list[object]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return []
    match document:
        case {"task": str(name), "state": list(state)} if name == _name(task):
            return state
        case _:
            return []


def _name(task: Task) -> str:
    """Another one for another program, or where it is cut otherwise."""
    return hashlib.sha256(repr(task).encode("utf-8", "backslashreplace")).hexdigest()[:12]
