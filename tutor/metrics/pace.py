"""How fast a run goes on and how long it still takes, read from when its points arrived."""

from __future__ import annotations

from collections import deque
from math import ceil

WINDOW = 5.0
"""Seconds that a speed is measured over."""

APART = 0.25
"""Seconds between two arrivals that are remembered."""

CALM = 1.0
"""Seconds that the words stand before they change."""

EPOCHS = 5
"""The newest whole epochs that the time left is judged by; or as many spans of whole rounds, each of `CALM` or more."""


class Pace:
    """The speed of a run in words: "120 steps/s, about 40 s left of 10 epochs"; "" before a second has been seen.

    Times are in seconds, of any clock; one that goes back begins anew. The time left is told once a whole epoch has
    been seen, where the number of epochs is known; where no epochs are seen, by the rounds of the outermost loop.
    """

    def __init__(self) -> None:
        self.words = ""
        self.ended = False
        self._arrived: deque[tuple[float, float]] = deque()
        self._newest = (0.0, 0.0)
        self._epochs: deque[tuple[float, int]] = deque(maxlen=EPOCHS + 1)
        self._total = 0
        self._rounds: deque[tuple[float, int]] = deque(maxlen=EPOCHS + 1)
        self._rounds_total = 0
        self._told = 0.0

    def arrived(self, time: float, step: float) -> None:
        """Points up to `step` came at `time`."""
        if self.ended or time <= 0:
            return
        if time < self._newest[0]:
            self._arrived.clear()
            self._epochs.clear()
            self._rounds.clear()
            self.words = ""
        self._newest = (time, step)
        if not self._epochs:
            self._epochs.append((time, 1))
        known = self._arrived
        if not known or time - known[-1][0] >= APART:
            known.append(self._newest)
        while len(known) > 2 and known[1][0] <= time - WINDOW:
            known.popleft()
        if time - known[0][0] >= CALM and (not self.words or time - self._told >= CALM):
            self.words, self._told = self._in_words(), time

    def epoch(self, time: float, number: int) -> None:
        """Epoch `number` began at `time`."""
        if not self.ended and time > 0 and (not self._epochs or number > self._epochs[-1][1]):
            self._epochs.append((time, number))

    def epochs(self, total: float) -> None:
        """The run has so many epochs as far as its code tells."""
        self._total = int(total)

    def round(self, time: float, number: int) -> None:
        """At `time` the outermost loop was seen in round `number`, which began shortly before."""
        known = self._rounds
        if known and number < known[-1][1]:  # another loop
            known.clear()
        if not self.ended and time > 0 and (not known or (number > known[-1][1] and time - known[-1][0] >= CALM)):
            known.append((time, number))

    def rounds(self, total: float) -> None:
        """The outermost loop has so many rounds."""
        if int(total) != self._rounds_total:
            self._rounds.clear()
        self._rounds_total = int(total)

    def end(self) -> None:
        """The run is over: nothing is left to say."""
        self.ended, self.words = True, ""

    @property
    def speed(self) -> float:
        """Steps a second over the last seconds; 0.0 where that is not known."""
        if not self._arrived:
            return 0.0
        time, step = self._arrived[0]
        seconds = self._newest[0] - time
        return max(0.0, self._newest[1] - step) / seconds if seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds to the end of the last epoch or round; None where that is not known."""
        by_epochs = self._left(self._epochs, self._total)
        return by_epochs if by_epochs is not None else self._left(self._rounds, self._rounds_total)

    def _left(self, seen: deque[tuple[float, int]], total: int) -> float | None:
        if len(seen) < 2:
            return None
        (first, one), (begun, number) = seen[0], seen[-1]
        if not number <= total or number <= one:
            return None
        each = (begun - first) / (number - one)
        return max(0.0, each * (total - number + 1) - (self._newest[0] - begun))

    def _in_words(self) -> str:
        parts = [speed_words(self.speed)] if self.speed > 0 else []
        for seen, total, name in ((self._epochs, self._total, "epochs"), (self._rounds, self._rounds_total, "rounds")):
            left = self._left(seen, total)
            if left is not None:
                parts.append(f"{time_words(left)} left of {total:,} {name}")
                break
        return ", ".join(parts)


def speed_words(speed: float) -> str:
    """ "1,200 steps/s", "3.4 steps/s", and for a slow run "12 s a step"; two figures, so that it stands still."""
    if speed < 1:
        return f"{_two_figures(1 / speed)} s a step"
    return f"{_two_figures(speed)} steps/s"


def time_words(seconds: float) -> str:
    """ "a few seconds", "about 40 s", "about 3 min", "about 2 h 10 min": no finer than it can be known."""
    if seconds < 8:
        return "a few seconds"
    if seconds < 57.5:
        return f"about {5 * round(seconds / 5)} s"
    minutes = ceil(seconds / 60 - 0.5) or 1
    if minutes < 60:
        return f"about {minutes} min"
    hours, rest = divmod(10 * round(minutes / 10), 60)
    return f"about {hours:,} h {rest} min" if rest and hours < 10 else f"about {hours:,} h"


def _two_figures(value: float) -> str:
    rounded = float(f"{value:.1e}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.1f}".removesuffix(".0")
