"""How well an idea is remembered, judged by what the learner did and never by asking them.

The four grades are those of FSRS: again (not remembered), hard (with trouble), good, easy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

QUICK = {"quiz": 12.0, "predict": 20.0, "exercise": 90.0}
"""Seconds within which a right answer at once is more than good: kind of item -> seconds."""
SLOW = {"quiz": 120.0, "predict": 180.0, "exercise": 1200.0}
"""Seconds after which it was hard."""
FEW_ATTEMPTS = 2
"""An exercise solved in so many attempts without help was no trouble: one of them may be a slip."""


class Grade(IntEnum):
    """What FSRS wants to know of one review."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True)
class Behaviour:
    """What a learner did with one item until it was settled.

    `kind` is quiz, predict or exercise. `solved` tells whether it was right in the end; `attempts` counts answers or
    checks, `hints` the hints shown, `rungs` the further help used (the solution's lines to put in order, or with
    blanks). `seconds` is the time from first sight to the end, None where it was not measured.
    """

    kind: str
    solved: bool
    attempts: int = 1
    hints: int = 0
    rungs: int = 0
    solution: bool = False
    skipped: bool = False
    seconds: float | None = None


def grade(did: Behaviour) -> Grade:
    """The grade of one item's work."""
    if not did.solved or did.skipped or did.solution or did.rungs:
        return Grade.AGAIN
    tolerated = FEW_ATTEMPTS if did.kind == "exercise" else 1
    if did.hints or did.attempts > tolerated:
        return Grade.HARD
    if did.seconds is not None and did.seconds > SLOW[did.kind]:
        return Grade.HARD
    if did.seconds is not None and did.seconds <= QUICK[did.kind] and did.attempts <= 1:
        return Grade.EASY
    return Grade.GOOD


def told(did: Behaviour) -> str:
    """What happened, in a few sober words: "solved at attempt 3, with 2 hints"."""
    if did.skipped:
        return "skipped"
    if did.solution:
        return "the solution was shown"
    if not did.solved:
        return "not right this time"
    verb = "solved" if did.kind == "exercise" else "right"
    at = f"{verb} at once" if did.attempts <= 1 else f"{verb} at attempt {did.attempts}"
    if did.rungs:
        return f"{at}, from the solution's own lines"
    if did.hints:
        return f"{at}, with {did.hints} hint{'s' if did.hints > 1 else ''}"
    slow = did.seconds is not None and did.seconds > SLOW[did.kind]
    return f"{at}, in {round(did.seconds / 60)} minutes" if slow and did.seconds is not None else at
