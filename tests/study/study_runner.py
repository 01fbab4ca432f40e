"""A runner that runs nothing: it plays the records that a session would have."""

from __future__ import annotations

from typing import Any

from tutor.runner.protocol.message import Event
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.protocol.run_events import CellFinished, CheckVerdict, Output, Result, RunFinished, RunQueued
from tutor.runner.transcript import RunRecord, Transcript


class FakeRunner:
    """Plays the runner: turns requests into the records that a session would have of them."""

    def __init__(self) -> None:
        self.transcript = Transcript()

    @property
    def executed(self) -> dict[str, str]:
        return self.transcript.executed

    def do(self, request: Run | Check, *events: Event, outcome: str = "ok", **ending: Any) -> RunRecord:
        """The record of a request whose cells all ran, ended with `outcome`."""
        run, isolated = request.run, isinstance(request, Run) and request.isolated
        kept = request.kept_cells if isinstance(request, Run) else 0
        kind = "run" if isinstance(request, Run) else "check"
        cells = request.cells if isinstance(request, Run) else (*request.setup, request.code)
        self.transcript.apply(
            RunQueued(run=run, kind=kind, tag=request.tag, cells=cells, isolated=isolated, kept_cells=kept)
        )
        for cell in cells:
            self.transcript.apply(CellFinished(run=run, key=cell.key, ok=outcome == "ok"))
        for event in events:
            self.transcript.apply(event)
        self.transcript.apply(RunFinished(run=run, outcome=outcome, **ending))
        return self.transcript.runs[run]

    def checked(self, request: Check, *oks: bool, outcome: str = "ok", **ending: Any) -> RunRecord:
        """The record of a check with one verdict for each of `oks`."""
        verdicts = [CheckVerdict(run=request.run, index=index, ok=ok, message="m") for index, ok in enumerate(oks)]
        return self.do(request, *verdicts, outcome=outcome, **ending)

    def printed(self, request: Run, text: str = "", result: str = "", outcome: str = "ok") -> RunRecord:
        """The record of a run that printed `text` and whose last expression shows as `result`."""
        events: list[Event] = [Output(run=request.run, text=text)] if text else []
        if result:
            events.append(Result(run=request.run, text=result))
        return self.do(request, *events, outcome=outcome)
