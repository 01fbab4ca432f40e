"""What the Plot pane shows of a run of which nothing was captured: the numbers that it printed."""

from __future__ import annotations

from tutor.metrics.board import Board
from tutor.metrics.printed import MOST_LINES, printed
from tutor.runner.transcript import RunRecord


class PrintedCurves:
    """Reads the output of a run once, when the run has ended; that of one run is remembered."""

    def __init__(self) -> None:
        self._run = ""
        self._found: tuple[Board, str] | None = None

    def of(self, record: RunRecord | None) -> tuple[Board, str] | None:
        """The series that a run printed, with a title which says so; None where there are none, or it still runs."""
        if record is None or record.running or record.kind != "run" or record.has_points:
            return None
        if record.run != self._run:
            self._run, self._found = record.run, None
            found = printed(chunk.text for chunk in record.chunks if chunk.kind == "stdout")
            if found is not None:
                how = "printed" if found.whole else f"printed, the first {MOST_LINES:,} lines"
                self._found = found.board, f"{record.label} ({how})" if record.label else how
        return self._found
