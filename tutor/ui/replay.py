"""Playing a short run again in the Plot pane: it was over before it could be seen."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.timer import Timer

from tutor.metrics.replay import Replay
from tutor.ui.widgets.plot import PlotPane

LENGTHS = (12.0, 6.0, 3.0, 1.5)
"""Seconds that a replay takes, from the first speed to the fastest."""

TICK = 0.1
"""Seconds between two steps of a replay: as often as the plot draws."""

Every = Callable[[float, Callable[[], None]], Timer]


class Replayer:
    """Shows the board of the Plot pane growing again. `back` shows what stood there before; `every` starts a timer."""

    def __init__(
        self, plot: PlotPane, back: Callable[[], None], every: Every, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._plot = plot
        self._back = back
        self._every = every
        self._clock = clock
        self._replay: Replay | None = None
        self._timer: Timer | None = None
        self._speed = 0
        self._place = 0.0
        self._then = 0.0

    @property
    def playing(self) -> bool:
        """Whether a replay is on the screen: a run that begins takes its place."""
        return self._replay is not None and self._plot.board is self._replay.board

    def press(self) -> str:
        """Play the curves again from their first step; while that goes on, twice as fast. What to say."""
        if self.playing:
            self._speed = min(self._speed + 1, len(LENGTHS) - 1)
            return f"Replay: {LENGTHS[self._speed]:g} seconds for the whole run."
        board = self._plot.board
        if board is None or not any(one.count for one in board.series.values()):
            return "There is no curve to replay yet."
        self._stop()
        self._replay = Replay(board.series.values(), board.epochs)
        self._speed, self._place, self._then = 0, 0.0, self._clock()
        self._replay.to(0.0)
        self._plot.show(self._replay.board, "replay")
        self._timer = self._every(TICK, self._tick)
        return f"Replay in {LENGTHS[0]:g} seconds. y again: twice as fast."

    def _tick(self) -> None:
        replay = self._replay
        if replay is None or not self.playing:
            self._stop()
            return
        now = self._clock()
        self._place += (now - self._then) / LENGTHS[self._speed]
        self._then = now
        replay.to(self._place)
        self._plot.dirty()
        if replay.done:
            self._stop()
            self._back()

    def _stop(self) -> None:
        self._replay = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
