"""How a script is, in a few words: for the header, and for the terminal that it leaves behind."""

from __future__ import annotations

from tutor.metrics.board import Board
from tutor.metrics.words import summary
from tutor.runner.transcript import RunRecord
from tutor.ui.kernel_state import KernelState, duration, kernel_state
from tutor.ui.session import SessionReader
from tutor.ui.widgets.endings import seconds


def script_state(reader: SessionReader, record: RunRecord | None, now: float) -> KernelState:
    """The state at wall-clock time `now` (seconds since 1970)."""
    if record is None or (record.running and not record.started):
        return kernel_state(reader, now)
    if not record.running:
        return KernelState(ending(record), _tone(record))
    if reader.transcript.waiting_for_input is not None:
        return KernelState("waiting for input", "busy")
    return KernelState(f"running {duration(now - record.started)}", "busy", ticking=True)


def _tone(record: RunRecord) -> str:
    return "good" if record.status == 0 else "quiet" if record.outcome == "interrupted" else "bad"


def ending(record: RunRecord) -> str:
    """How it ended, with its exit code: "finished, exit code 0"."""
    words = {
        "ok": "finished",
        "exit": "ended itself" if record.status else "finished",
        "error": "failed",
        "interrupted": "interrupted",
        "timeout": "out of time",
        "memory": "out of memory",
        "stopped": "stopped",
    }.get(record.outcome, "died")
    return f"{words}, exit code {record.status}"


def report(script: str, record: RunRecord, board: Board | None) -> str:
    """What is left in the terminal of a script that has ended: how, after how long, and what its curves came to."""
    lines = [f"{script} {ending(record)}, after {seconds(record.seconds)}."]
    if board is not None and board.series:
        lines.append(summary(board))
    if record.failure is not None:
        lines.append(record.failure.text.rstrip())
    elif record.words:
        lines.append(record.words)
    return "\n".join(lines)


def going_on(script: str, session: str) -> str:
    """What is said on leaving a script that still runs."""
    return f"{script} goes on. `pytutor attach {session}` comes back to it, `pytutor stop {session}` ends it."
