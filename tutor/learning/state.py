"""How far a learner is with one item."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Status(str, Enum):
    """Where an item stands. `CHANGED`: it was passed, and its content has changed since."""

    NEW = "new"
    TRIED = "tried"
    PASSED = "passed"
    SKIPPED = "skipped"
    CHANGED = "changed"

    @property
    def done(self) -> bool:
        """Whether the course goes on past it."""
        return self in (Status.PASSED, Status.SKIPPED, Status.CHANGED)


@dataclass(frozen=True)
class ItemState:
    """What is known of one item.

    `attempts` counts checks or answers, `hints` the hints shown, `solution` whether the solution was seen before
    a pass, `rung` the last scaffold that was used (see
    `tutor.learning.ladder`). `answer` is the last answer: chosen options of a quiz as "0,2" (0-based), the text of a
    prediction, the code that passed an exercise, the text of a snippet that last ran. For a snippet PASSED means it
    ran without an error, for a predict that it was answered and run, right or wrong.
    """

    key: str
    status: Status = Status.NEW
    attempts: int = 0
    hints: int = 0
    solution: bool = False
    answer: str = ""
    rung: str = ""
