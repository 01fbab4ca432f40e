"""Folding what a session says into what the reader of the session knows."""

from __future__ import annotations

from tutor.metrics.board import Board
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.run_events import Points
from tutor.runner.protocol.session_events import CaughtUp, Gauges, KernelReady, KernelStarting, LastLook, Refused, XRay
from tutor.ui.session import SessionReader


class Folding:
    """Takes in the events of one session after the other, in order."""

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        self._told_problem = ""

    def take(self, event: Event) -> None:
        """Take one event in."""
        reader = self._reader
        changes = reader.changes
        if isinstance(event, Gauges):
            reader.gauges = event
            reader.changed(kernel=True)
            return
        if isinstance(event, (XRay, LastLook)):
            reader.sight.take(event.run, event.view, event.text, kept=isinstance(event, LastLook))
            changes.sight = True
        if isinstance(event, XRay):
            reader.changed(kernel=False)
            return
        if isinstance(event, KernelStarting):
            reader.sight.clear()
            changes.sight = True
        if isinstance(event, Refused):
            reader.note(event.why)
            return
        if isinstance(event, CaughtUp):
            reader.attached = True
            changes.caught_up = True
            reader.changed(kernel=True)
            return
        if isinstance(event, KernelReady) and event.torch and event.problem not in ("", self._told_problem):
            self._told_problem = event.problem  # a device that is not there: the same for each kernel of a session
            reader.note(event.problem)
        record = reader.transcript.apply(event)
        if isinstance(event, Points):
            self._take_points(event)
        if record is not None:
            changes.runs.add(record.run)
            if not record.running and record.run not in changes.finished:
                changes.finished.append(record.run)
                reader.end_board(record)
        reader.changed(kernel=record is None or not record.chunks or not record.running)

    def _take_points(self, event: Points) -> None:
        boards = self._reader.boards
        board = boards.get(event.run)
        if board is None:
            board = boards[event.run] = Board()
        for series, steps, values in event.unpack():
            board.add(series.name, series.role, series.site, steps, values, event.time)
        self._reader.changes.points.add(event.run)
