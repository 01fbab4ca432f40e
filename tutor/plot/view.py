"""How a run is looked at: scale, smoothing, the stretch of steps that is shown, and the cursor. Values, not widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from tutor.plot.axes import Limits

SMOOTHINGS = (0.0, 0.6, 0.9, 0.99, 0.999)
"""Weights of the past that one key goes through; 0 is none."""

TAIL = 0.25
"""Share of a run that the view of its tail shows."""

_CLOSEST = 1e-9
"""Zooming in ends when a window is this share of the run."""


@dataclass(frozen=True)
class View:
    """What the keys of a plot change. Each method returns another view.

    `window` is the stretch of steps that is shown, None for the whole run; with `tail` it is the end of the run and
    moves along. `cursor` and `mark` are steps; the mark is the other end of a window that is being chosen. `first` is
    the number of the panel that is shown first where not all have room.
    """

    log: bool = False
    smoothing: float = 0.0
    band: bool = True
    together: bool = False
    window: Limits | None = None
    tail: bool = False
    cursor: float | None = None
    mark: float | None = None
    first: int = 0

    @property
    def moved(self) -> bool:
        """Whether there is something that `escape` takes back."""
        return self.cursor is not None or self.window is not None or self.tail

    def smoother(self) -> View:
        """The next strength of smoothing, after the last one none."""
        at = SMOOTHINGS.index(self.smoothing) if self.smoothing in SMOOTHINGS else 0
        return replace(self, smoothing=SMOOTHINGS[(at + 1) % len(SMOOTHINGS)])

    def back(self) -> View:
        """One thing less: the mark, else the cursor, else the zoom."""
        if self.mark is not None:
            return replace(self, mark=None)
        if self.cursor is not None:
            return replace(self, cursor=None)
        return self.whole()

    def whole(self) -> View:
        """The whole run."""
        return replace(self, window=None, tail=False)

    def to_tail(self) -> View:
        """The tail, or back to the whole run."""
        return replace(self, window=None, tail=not self.tail)

    def zoomed(self, shown: Limits, run: Limits, factor: float) -> View:
        """A window `factor` times as wide as the stretch `shown`, around the cursor or else its right end.

        A window that would be as wide as the `run` is the whole run.
        """
        span = (shown.high - shown.low) * factor
        if span >= run.high - run.low:
            return self.whole()
        if span <= (run.high - run.low) * _CLOSEST or not span > 0:
            return self
        around = shown.high if self.cursor is None else min(max(self.cursor, shown.low), shown.high)
        low = around - (around - shown.low) * factor
        return replace(self, window=_within(Limits(low, low + span), run), tail=False)

    def pointed(self, step: float, shown: Limits, run: Limits) -> View:
        """The cursor at a step; a window that does not have it moves there."""
        if shown.low <= step <= shown.high or (self.window is None and not self.tail):
            return replace(self, cursor=step)
        span = shown.high - shown.low
        window = _within(Limits(step - span / 2, step + span / 2), run)
        return replace(self, cursor=step, window=window, tail=False)

    def marked(self, run: Limits) -> View:
        """Begin to choose a window at the cursor, or end it there and show the window."""
        if self.cursor is None or self.mark is None or self.cursor == self.mark:
            return replace(self, mark=self.cursor)
        ends = sorted((self.mark, self.cursor))
        return replace(self, window=_within(Limits(*ends), run), tail=False, mark=None)


def tail_of(run: Limits, last: float) -> Limits:
    """The tail of a run that is drawn between the limits `run` and has reached the step `last`.

    It moves by a quarter of its width at a time, so that following a run costs few bytes.
    """
    width = TAIL * (run.high - run.low)
    quarter = width / 4
    if not quarter > 0:
        return run
    high = run.low + max(4, ceil((last - run.low) / quarter - 1e-9)) * quarter
    return Limits(high - width, high)


def _within(window: Limits, run: Limits) -> Limits:
    """The window moved into the run."""
    span = window.high - window.low
    low = max(run.low, min(window.low, run.high - span))
    return Limits(low, min(run.high, low + span))
