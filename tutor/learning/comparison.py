"""Two programs side by side: which lines belong together, and which of their words differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tutor.learning.mistakes import matching

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_ALIKE = 0.4


@dataclass(frozen=True)
class Side:
    """A line of one of them; `marks` are the characters, from and to, that the other one does not have."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two lines that belong together; None where a line has no partner."""

    mine: Side | None
    theirs: Side | None

    @property
    def same(self) -> bool:
        """Whether they say the same."""
        return self.mine is not None and self.theirs is not None and not self.mine.marks and not self.theirs.marks


@dataclass(frozen=True)
class Comparison:
    """Lines in pairs, from top to bottom, and one sentence about all of them."""

    pairs: tuple[Pair, ...]
    words: str


def compare(mine: str, theirs: str) -> Comparison:
    """Lay one's own program beside another. Spaces at the ends of lines do not count."""
    ours, others = _lines(mine), _lines(theirs)
    pairs: list[Pair] = []
    for tag, begin, end, first, last in SequenceMatcher(None, ours, others, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += [Pair(Side(line), Side(line)) for line in ours[begin:end]]
        else:
            pairs += _matched(ours[begin:end], others[first:last])
    return Comparison(tuple(pairs), _words(mine, theirs, pairs))


def _lines(source: str) -> list[str]:
    return [line.rstrip() for line in source.strip("\n").rstrip().split("\n")]


def _matched(ours: Sequence[str], others: Sequence[str]) -> list[Pair]:
    """Lines of two stretches that differ: those that are much alike stand beside each other, in order."""
    if not ours or not others:
        return [*(Pair(_alone(line), None) for line in ours), *(Pair(None, _alone(line)) for line in others)]
    score, at, to = max(
        (SequenceMatcher(None, one, other, autojunk=False).ratio(), -at, -to)
        for at, one in enumerate(ours)
        for to, other in enumerate(others)
    )
    at, to = -at, -to
    if score < _ALIKE:
        return [*_matched(ours, ()), *_matched((), others)]
    above = _matched(ours[:at], others[:to])
    below = _matched(ours[at + 1 :], others[to + 1 :])
    return [*above, _pair(ours[at], others[to]), *below]


def _alone(line: str) -> Side:
    return Side(line, ((len(line) - len(line.lstrip()), len(line)),) if line else ())


def _pair(mine: str, theirs: str) -> Pair:
    ours, others = _WORD.findall(mine), _WORD.findall(theirs)
    changes = [
        change for change in SequenceMatcher(None, ours, others, autojunk=False).get_opcodes() if change[0] != "equal"
    ]
    left = tuple(_span(ours, begin, end) for _, begin, end, _, _ in changes if end > begin)
    right = tuple(_span(others, first, last) for _, _, _, first, last in changes if last > first)
    return Pair(Side(mine, left), Side(theirs, right))


def _span(words: Sequence[str], begin: int, end: int) -> tuple[int, int]:
    start = sum(map(len, words[:begin]))
    return start, start + sum(map(len, words[begin:end]))


def _words(mine: str, theirs: str, pairs: Sequence[Pair]) -> str:
    differing = sum(not pair.same for pair in pairs if _says_something(pair))
    if not differing:
        return "They are the same."
    if matching(mine, [theirs]) is not None:
        return "They do the same in the same way: only names, comments or spacing differ."
    return "One line differs." if differing == 1 else f"{differing} lines differ."


def _says_something(pair: Pair) -> bool:
    return any(side is not None and side.text.strip() for side in (pair.mine, pair.theirs))
