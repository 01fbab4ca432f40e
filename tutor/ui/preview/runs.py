"""Runs the changed cells of a manuscript one after the other, and drops what a later save has overtaken."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from tutor.course.items import Snippet
from tutor.runner.transcript import RunRecord


class Rerun:
    """A queue of cells of which one runs at a time.

    `send` starts a cell and gives its run's id, "" when it cannot; `interrupt` ends the run that goes on.
    """

    def __init__(self, send: Callable[[Snippet], str], interrupt: Callable[[], object]) -> None:
        self._send, self._interrupt = send, interrupt
        self._waiting: deque[Snippet] = deque()
        self._running: tuple[str, Snippet] | None = None

    def replace(self, cells: Iterable[Snippet]) -> None:
        """Run these instead of those that wait; the one that runs is of an earlier save and is interrupted."""
        self._waiting = deque(cells)
        if self._running is None:
            self._next()
        elif self._waiting:
            self._interrupt()

    def ended(self, record: RunRecord) -> Snippet | None:
        """A run has ended; the cell it was of, None where it was none of ours. The next one begins.

        Where a cell fails, those below it would fail because of it, and are left.
        """
        if self._running is None or record.run != self._running[0]:
            return None
        snippet, self._running = self._running[1], None
        failed = record.outcome != "ok" and "raises-exception" not in snippet.code.tags
        overtaken = record.outcome == "interrupted"
        if failed and not overtaken:
            self._waiting.clear()
        self._next()
        return snippet

    def _next(self) -> None:
        while self._waiting and self._running is None:
            snippet = self._waiting.popleft()
            if run := self._send(snippet):
                self._running = (run, snippet)
