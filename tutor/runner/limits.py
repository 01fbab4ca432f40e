"""Limits of a run, and the gauges: wall time that stands still while the code waits for a person, and memory.

Whoever meets a limit is told which setting allows more. A setting goes before what a lesson says in its head.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from tutor.runner import processes
from tutor.runner.deaths import size
from tutor.runner.kernel_process import KernelProcess
from tutor.runner.loop import Loop, Timer
from tutor.runner.protocol.engine import GpuUse
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.protocol.session_events import Gauges

MORE_MEMORY = "The setting memory_limit allows more, from the next session on."


def more_time(request: Run | Check) -> str:
    """How to be given more time than a request has."""
    script = isinstance(request, Run) and request.argv is not None
    return "The option --timeout allows more." if script else "The setting time_limit allows more."


class Deadline:
    """Calls once after `seconds` of wall time, not counting pauses; never for None or infinity."""

    def __init__(self, loop: Loop, seconds: float | None, call: Callable[[], None]) -> None:
        self._loop = loop
        self._call = call
        self._left = seconds if seconds is not None and math.isfinite(seconds) else None
        self._timer: Timer | None = None
        self._since = 0.0

    def go(self) -> None:
        """Start, or go on after a pause."""
        if self._left is not None and self._timer is None:
            self._since = time.monotonic()
            self._timer = self._loop.later(max(0.0, self._left), self._call)

    def pause(self) -> None:
        """Let no time pass until `go`."""
        if self._timer is not None and self._left is not None:
            self._timer.cancel()
            self._timer = None
            self._left -= time.monotonic() - self._since


class MemoryWatch:
    """Looks at the kernel's process tree: gauges for those who look, and `exceeded(words)` beyond the limit.

    The limit (None for none at the moment) is in bytes of resident memory, and pages that forks share count once. It
    is watched from outside, because RLIMIT_AS would break CUDA, which reserves far more than it uses.
    """

    BUSY_SECONDS, IDLE_SECONDS, LIMIT_SECONDS = 1.0, 5.0, 0.2

    def __init__(
        self,
        loop: Loop,
        kernel: KernelProcess,
        limit: Callable[[], int | None],
        running: Callable[[], bool],
        watched: Callable[[], bool],
        show: Callable[[Gauges], None],
        exceeded: Callable[[str], None],
        gpu: Callable[[], GpuUse],
    ) -> None:
        self._loop = loop
        self._kernel = kernel
        self._limit = limit
        self._running = running
        self._watched = watched
        self._show = show
        self._exceeded = exceeded
        self._gpu = gpu
        self._seconds = 0.0
        self._looked = time.monotonic()
        self._shown_at = -math.inf
        self._shown = Gauges()
        self._timer: Timer | None = None
        self._soon = False

    def attend(self) -> None:
        """Look soon; to be called when a run begins or ends, or somebody attaches.

        A look walks the process tree, which takes longer than all else that a short run needs: one covers many.
        """
        if self._soon:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._soon = True
        self._timer = self._loop.later(self.LIMIT_SECONDS, self._look)

    def _look(self) -> None:
        running = self._running()
        self._timer, self._soon = None, False
        if not (running or self._watched()):
            return
        memory, seconds, pids = self._kernel.memory()
        if not running and len(pids) > 1:
            # A process that stands by for checks shares nearly everything with the kernel.
            memory = processes.proportional_memory(pids) or memory
        now = time.monotonic()
        limit = self._limit()
        if limit is not None and running and memory > limit:
            memory = processes.proportional_memory(pids) or memory
            if memory > limit:
                held, allowed = size(memory), size(limit)
                self._exceeded(f"Stopped at the memory limit: it held {held}, and {allowed} are allowed. {MORE_MEMORY}")
        if now - self._shown_at >= 0.9 * self.BUSY_SECONDS:
            used = max(0.0, seconds - self._seconds) / max(1e-3, now - self._looked)
            self._seconds, self._looked, self._shown_at = seconds, now, now
            gpu = self._gpu()
            gauges = Gauges(
                memory=memory >> 20 << 20,
                cpu=float(round(100 * used)),
                gpu_memory=gpu.memory,
                gpu_total=gpu.total,
                gpu_load=gpu.load,
                gpu_held=gpu.held,
            )
            if gauges != self._shown:
                self._shown = gauges
                self._show(gauges)
        pause = self.BUSY_SECONDS if running else self.IDLE_SECONDS
        self._timer = self._loop.later(self.LIMIT_SECONDS if running and limit else pause, self._look)
