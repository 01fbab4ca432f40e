"""Time spent in a lesson: from one act of the learner to the next, and a long silence counts as a short one."""

from __future__ import annotations

from tutor.learning.outlook import day_of
from tutor.store.spent import Spent
from tutor.study.memory import Clock

SILENCE = 300.0
"""Seconds that count at most between two acts: somebody who reads a page does nothing for minutes."""
_AT_LEAST = 5.0
"""Seconds that are worth writing down."""


class Pace:
    """Counts the time between acts."""

    def __init__(self, spent: Spent, clock: Clock) -> None:
        self._spent = spent
        self._clock = clock
        self._lesson = ""
        self._since = 0.0

    def act(self, lesson: str) -> None:
        """The learner has just done something in this lesson; until now they were in the one before."""
        now = self._clock()
        seconds = min(max(0.0, now - self._since), SILENCE)
        if self._lesson and (seconds >= _AT_LEAST or lesson != self._lesson):
            self._spent.add(self._lesson, day_of(now).isoformat(), seconds)
        elif self._lesson:
            return  # goes on counting from where it began
        self._lesson, self._since = lesson, now
