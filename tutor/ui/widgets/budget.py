"""How many bytes a second a picture that moves may send."""

from __future__ import annotations


class ByteBudget:
    """A token bucket: `rate` bytes a second come in, up to one second's worth; None is no limit.

    A frame may be sent while anything is left, and may overdraw: the next ones then wait. Times are in seconds of any
    clock that does not jump.
    """

    def __init__(self, rate: float | None, now: float = 0.0) -> None:
        self.rate = rate
        self._left = rate or 0.0
        self._then = now

    def allows(self, now: float) -> bool:
        """Whether a frame may be sent now."""
        if self.rate is None:
            return True
        self._left = min(self.rate, self._left + self.rate * max(0.0, now - self._then))
        self._then = now
        return self._left > 0

    def spend(self, count: int) -> None:
        """A frame of so many bytes was sent."""
        self._left -= count
