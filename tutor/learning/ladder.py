"""Which help comes next when a learner is stuck: hints one at a time, then the solution."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rung:
    """The next help. `kind` is "hint", "solution" or "none"; `number` counts hints from 1, of `total`."""

    kind: str
    number: int = 0
    total: int = 0

    @property
    def label(self) -> str:
        """Its name for people: "hint 1 of 3"."""
        return f"hint {self.number} of {self.total}" if self.kind == "hint" else self.kind


def next_rung(shown: int, total: int, seen: bool) -> Rung:
    """What comes after `shown` of `total` hints; `seen` tells whether the solution is no secret any more."""
    if shown < total:
        return Rung("hint", shown + 1, total)
    return Rung("none" if seen else "solution", shown, total)


def solution_offered(attempts: int, shown: int, total: int, passed: bool) -> bool:
    """Whether the solution is offered without being asked for: after an attempt, the last hint, or a pass.

    Whoever asks for it gets it at any time; this only decides about offering.
    """
    return passed or attempts > 0 or shown >= total
