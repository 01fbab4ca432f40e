"""Which help comes next when a learner is stuck: hints one at a time, then scaffolds, then the solution.

A scaffold leaves a part of the work: EXPRESSIONS is the solution with whole expressions taken out, LINES its lines out
of order, NAMES the solution with a few names and arguments taken out. Each gives away more than the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Scaffold(str, Enum):
    """A rung between hints and solution, in the order of how much it gives away."""

    EXPRESSIONS = "expressions"
    LINES = "lines"
    NAMES = "names"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _LABELS[self]


_LABELS = {
    Scaffold.EXPRESSIONS: "the solution with its expressions left out",
    Scaffold.LINES: "the solution's lines out of order",
    Scaffold.NAMES: "the solution with a few names left out",
}
_ORDER = tuple(Scaffold)


@dataclass(frozen=True)
class Rung:
    """The next help. `kind` is "hint", "scaffold", "solution" or "none"; `number` counts hints from 1, of `total`."""

    kind: str
    number: int = 0
    total: int = 0
    scaffold: Scaffold | None = None

    @property
    def label(self) -> str:
        """Its name for people: "hint 1 of 3"."""
        if self.kind == "hint":
            return f"hint {self.number} of {self.total}"
        return self.scaffold.label if self.scaffold is not None else self.kind


@dataclass(frozen=True)
class Past:
    """How an exercise went: `rung` is the last scaffold that was used, "" for none."""

    passed: bool
    attempts: int = 0
    hints: int = 0
    rung: str = ""
    solution: bool = False

    @property
    def hard(self) -> bool:
        """Whether it took more than hints, or was given up."""
        return not self.passed or self.solution or bool(self.rung)

    @property
    def easy(self) -> bool:
        """Whether it was solved alone, in one or two attempts."""
        return self.passed and not self.hard and not self.hints and self.attempts <= 2


RECENT = 5
"""So many of the last exercises count."""


def first_scaffold(past: Sequence[Past]) -> Scaffold:
    """Where to begin after the hints, for somebody whose last exercises went like this, newest first.

    Two hard ones in the last five: with the most support. Three easy ones: with the least.
    """
    recent = past[:RECENT]
    if sum(one.hard for one in recent) >= 2:
        return Scaffold.NAMES
    if sum(one.easy for one in recent) >= 3:
        return Scaffold.EXPRESSIONS
    return Scaffold.LINES


def next_rung(
    shown: int,
    total: int,
    seen: bool,
    available: Sequence[Scaffold] = (),
    used: Scaffold | None = None,
    first: Scaffold = Scaffold.LINES,
) -> Rung:
    """What comes after `shown` of `total` hints; `seen` tells whether the solution is no secret any more.

    `available` is the scaffolds that this exercise can have, `used` the last one that the learner had, `first` the one
    to begin with. Those that give away less than the last one do not come again.
    """
    if seen:
        return Rung("hint", shown + 1, total) if shown < total else Rung("none", shown, total)
    if shown < total:
        return Rung("hint", shown + 1, total)
    begin = _ORDER.index(used) + 1 if used is not None else _ORDER.index(first)
    later = [one for one in _ORDER[begin:] if one in available]
    if used is None and not later:
        later = [one for one in reversed(_ORDER[:begin]) if one in available]
    return Rung("scaffold", shown, total, later[0]) if later else Rung("solution", shown, total)


def solution_offered(attempts: int, shown: int, total: int, passed: bool) -> bool:
    """Whether the solution is offered without being asked for: after an attempt, the last hint, or a pass.

    Whoever asks for it gets it at any time; this only decides about offering.
    """
    return passed or attempts > 0 or shown >= total
