"""A solution with gaps: names and arguments taken out, or whole expressions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from tutor.learning.program import logical_lines, parsed

MOST = 5
"""So many gaps at most."""

_KNOWN = frozenset({"torch", "nn", "self", "math", "F", *dir(builtins)})
"""Names that nobody learns by filling them in."""


class Level(IntEnum):
    """How much is taken out."""

    NAMES = 1
    EXPRESSIONS = 2


@dataclass(frozen=True)
class Gap:
    """Characters `start` to `end` of the program are to be written by the learner; `text` is what stood there."""

    start: int
    end: int
    text: str

    @property
    def room(self) -> int:
        """How wide it is shown: what stood there, roughly, so that its length gives nothing away."""
        return 8 if len(self.text) <= 8 else 16


@dataclass(frozen=True)
class Blanks:
    """A program and its gaps, from front to back."""

    source: str
    gaps: tuple[Gap, ...]

    def filled(self, answers: Mapping[int, str]) -> str:
        """The program with answers by the index of their gap; `...` stands where there is none."""
        return self.around([answers.get(index, "").strip() or "..." for index in range(len(self.gaps))])

    def around(self, texts: Sequence[str]) -> str:
        """The program with one text in place of each gap."""
        parts, at = [], 0
        for gap, text in zip(self.gaps, texts, strict=True):
            parts += [self.source[at : gap.start], text]
            at = gap.end
        return "".join([*parts, self.source[at:]])

    def right(self, index: int, answer: str) -> bool:
        """Whether an answer is what stood in a gap; spaces, quotes and the order of named arguments do not count."""
        return _meaning(answer) == _meaning(self.gaps[index].text)


def make_blanks(solution: str, starter: str, level: Level) -> Blanks | None:
    """The gaps of a solution, in lines that the starter does not give; None where there is nothing to take out.

    Level NAMES takes a name, a method's name or an argument from a line, level EXPRESSIONS what a line computes.
    """
    tree = parsed(solution)
    if tree is None:
        return None
    given = {line.text for line in logical_lines(starter)}
    places = _Places(solution)
    by_line: dict[int, list[Gap]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and places.text(node).partition("\n")[0] not in given:
            for part in _parts(node) if level is Level.EXPRESSIONS else _small(node):
                if (gap := places.gap(part)) is not None:
                    by_line.setdefault(part[0].lineno, []).append(gap)
    gaps = sorted((_best(found) for _, found in sorted(by_line.items())), key=lambda gap: gap.start)
    chosen = _spread(gaps[:1] + [gap for before, gap in pairwise(gaps) if before.end <= gap.start])
    if not chosen or (level is Level.EXPRESSIONS and _all_of_it(solution, chosen)):
        return None
    return Blanks(solution, tuple(chosen))


_Part = tuple[ast.expr, int]
"""A node, and how many of its last characters are meant; 0 means all."""


def _parts(statement: ast.stmt) -> list[_Part]:
    """What a statement computes."""
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr):
        value = statement.value
        return [] if value is None or isinstance(value, ast.Constant | ast.Name) else [(value, 0)]
    if isinstance(statement, ast.If | ast.While):
        return [(statement.test, 0)]
    return [(statement.iter, 0)] if isinstance(statement, ast.For) else []


def _small(statement: ast.stmt) -> list[_Part]:
    """Names, methods and arguments in what a statement computes."""
    found: list[_Part] = []
    for value, _ in _parts(statement):
        for node in ast.walk(value):
            if isinstance(node, ast.Attribute):
                found.append((node, len(node.attr)))
            elif isinstance(node, ast.Call):
                found += [(one, 0) for one in node.args if isinstance(one, ast.Name | ast.Constant)]
                found += [(one.value, 0) for one in node.keywords if isinstance(one.value, ast.Name | ast.Constant)]
            elif isinstance(node, ast.BinOp):
                found += [(one, 0) for one in (node.left, node.right) if isinstance(one, ast.Name | ast.Constant)]
    return [part for part in found if not (isinstance(part[0], ast.Name) and part[0].id in _KNOWN)]


def _best(gaps: list[Gap]) -> Gap:
    """The gap of a line that asks most: the longest, the last of these."""
    return max(gaps, key=lambda gap: (len(gap.text), gap.start))


def _spread(gaps: list[Gap]) -> list[Gap]:
    """At most `MOST`, taken from everywhere, the first and the last among them."""
    if len(gaps) <= MOST:
        return gaps
    return [gaps[index * (len(gaps) - 1) // (MOST - 1)] for index in range(MOST)]


def _all_of_it(source: str, gaps: list[Gap]) -> bool:
    """Whether hardly anything would be left to read."""
    return sum(len(gap.text) for gap in gaps) > 0.7 * len("".join(source.split()))


def _meaning(text: str) -> str:
    """What a piece of code means, whatever it looks like; text that is not an expression stands for itself."""
    bare = text.strip()
    tree = parsed(f"({bare})")
    if tree is None:
        return "".join(bare.split())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords.sort(key=lambda keyword: keyword.arg or "")
    return ast.dump(tree)


class _Places:
    """From a node's place in the tree to characters of the source."""

    def __init__(self, source: str) -> None:
        self._source = source
        rows = source.split("\n")
        self._rows = rows
        self._starts = [sum(len(row) + 1 for row in rows[:number]) for number in range(len(rows))]

    def text(self, node: ast.stmt) -> str:
        """The source of a statement."""
        return ast.get_source_segment(self._source, node) or ""

    def gap(self, part: _Part) -> Gap | None:
        """The characters of a part; None for what goes over several lines."""
        node, tail = part
        if node.end_lineno != node.lineno or node.end_col_offset is None:
            return None
        end = self._at(node.lineno, node.end_col_offset)
        start = end - tail if tail else self._at(node.lineno, node.col_offset)
        return Gap(start, end, self._source[start:end])

    def _at(self, line: int, column: int) -> int:
        # The tree counts bytes of UTF-8.
        row = self._rows[line - 1]
        return self._starts[line - 1] + len(row.encode()[:column].decode())
