"""One run or check on its way through the session host."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from tutor.runner.limits import Deadline
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.protocol.run_events import InputRequested, RunFinished, RunQueued

CHECK_GRACE_SECONDS = 5.0
"""The kernel ends a check at its time limit by itself; this much later the host does."""


@dataclass(eq=False)
class Job:
    """A request and how far it is.

    `ending` is the outcome and the words that the host is bringing about: ("timeout", "Stopped at …"). `held` is
    output that came before `RunStarted` did, on another way.
    """

    request: Run | Check
    started: bool = False
    began: float = 0.0
    ending: tuple[str, str] | None = None
    asked: InputRequested | None = None
    deadline: Deadline | None = None
    held: list[Event] = field(default_factory=list)

    @property
    def run(self) -> str:
        """Its id."""
        return self.request.run

    @property
    def fresh(self) -> bool:
        """Whether it wants a new namespace."""
        return isinstance(self.request, Run) and self.request.fresh

    @property
    def script(self) -> bool:
        """Whether it is a whole script rather than cells."""
        return isinstance(self.request, Run) and self.request.argv is not None

    @property
    def has_quiet_cells(self) -> bool:
        """Whether the kernel waits, behind them, until what they have printed is kept."""
        return isinstance(self.request, Run) and self.request.quiet_cells > 0

    @property
    def seconds(self) -> float:
        """Wall time since it started."""
        return time.monotonic() - self.began if self.started else 0.0

    @property
    def limit(self) -> float | None:
        """After how many seconds the host steps in."""
        timeout = self.request.timeout
        return timeout + CHECK_GRACE_SECONDS if timeout is not None and isinstance(self.request, Check) else timeout

    def queued(self) -> RunQueued:
        """The event that says it was accepted."""
        one = self.request
        if isinstance(one, Check):
            cells: tuple[Cell, ...] = (*one.setup, one.code)
            return RunQueued(run=one.run, kind="check", tag=one.tag, label=one.label, cells=cells)
        return RunQueued(
            run=one.run,
            tag=one.tag,
            label=one.label,
            cells=one.cells,
            quiet_cells=one.quiet_cells,
            isolated=one.isolated,
            kept_cells=one.kept_cells,
        )

    def finished(
        self, outcome: str, words: str = "", exit_code: int | None = None, signal: int | None = None
    ) -> RunFinished:
        """The event that ends it, where the kernel cannot send one."""
        return RunFinished(
            run=self.run, outcome=outcome, seconds=self.seconds, words=words, exit_code=exit_code, signal=signal
        )
