"""The session host's event loop: descriptors and timers, one thread, stdlib only."""

from __future__ import annotations

import heapq
import itertools
import selectors
import time
from collections.abc import Callable

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Timer:
    """A call in the future; `cancel` it to take it back."""

    def __init__(self, when: float, call: Callable[[], None]) -> None:
        self.when = when
        self.call = call
        self.cancelled = False

    def cancel(self) -> None:
        """It will not be called."""
        self.cancelled = True


class Loop:
    """Calls back when a descriptor is ready or a time has come; monotonic, so that a clock that jumps harms nothing."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._ended = False

    def watch(self, fd: int, call: Callable[[int], None], events: int = READ) -> None:
        """Call `call(ready events)` whenever `fd` is ready; replaces what was said before about it."""
        if fd in self._selector.get_map():
            self._selector.modify(fd, events, call)
        else:
            self._selector.register(fd, events, call)

    def unwatch(self, fd: int) -> None:
        """Forget `fd`; to be called before it is closed."""
        if fd in self._selector.get_map():
            self._selector.unregister(fd)

    def later(self, seconds: float, call: Callable[[], None]) -> Timer:
        """Call once, in `seconds`."""
        timer = Timer(time.monotonic() + seconds, call)
        heapq.heappush(self._timers, (timer.when, next(self._order), timer))
        return timer

    def end(self) -> None:
        """Let `run` return."""
        self._ended = True

    def run(self) -> None:
        """Wait and call back until `end`."""
        while not self._ended:
            for key, events in self._selector.select(self._patience()):
                # An earlier call of this round may have closed the descriptor, and another may have its number now.
                known = self._selector.get_map().get(key.fd)
                if known is not None and known.data is key.data:
                    key.data(events)
            now = time.monotonic()
            while self._timers and self._timers[0][0] <= now:
                timer = heapq.heappop(self._timers)[2]
                if not timer.cancelled:
                    timer.call()

    def _patience(self) -> float | None:
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None
