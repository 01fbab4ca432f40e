"""A run played again: its points come back in the order of their steps, into a board of its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from tutor.metrics.board import Board
from tutor.metrics.series import Series


class Replay:
    """The points that are still known of some series, and the epochs, given again up to a place from 0 to 1 of the run.

    `board` shows what has been given so far; `done` is set when that is everything.
    """

    def __init__(self, series: Iterable[Series], epochs: Sequence[tuple[float, int]] = ()) -> None:
        self.board = Board()
        self._epochs = epochs
        self.done = False
        self._rows = []
        for one in series:
            points = sorted(one.points(), key=lambda point: point[0])
            if points:
                steps, values = zip(*points, strict=True)
                self._rows.append((one, steps, values))
        self._given = [0] * len(self._rows)
        self._first = min((steps[0] for _, steps, _ in self._rows), default=0.0)
        self._last = max((steps[-1] for _, steps, _ in self._rows), default=0.0)

    def to(self, place: float) -> None:
        """Give everything up to `place`; a place behind what was given changes nothing."""
        self.done = place >= 1 or not self._rows
        step = self._last if self.done else self._first + place * (self._last - self._first)
        self.board.epochs = [mark for mark in self._epochs if mark[0] <= step] or self.board.epochs
        for at, (one, steps, values) in enumerate(self._rows):
            stop = bisect_right(steps, step)
            if stop > self._given[at]:
                begin, self._given[at] = self._given[at], stop
                self.board.add(one.name, one.role, one.site, steps[begin:stop], values[begin:stop])
