"""What the panes on the right show: the runs of the item whose code is in the editor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tutor.learning.verdicts import Verdict
from tutor.metrics.board import Board
from tutor.runner.transcript import RunRecord
from tutor.ui.gallery import Gallery
from tutor.ui.printed_curves import PrintedCurves
from tutor.ui.session import Changes, SessionReader
from tutor.ui.widgets.checks import ChecksPane
from tutor.ui.widgets.output import OutputPane
from tutor.ui.widgets.plot import PlotPane
from tutor.ui.widgets.plot_empty import empty_words

if TYPE_CHECKING:
    from tutor.runner.protocol.run_events import InputRequested

Judge = Callable[[RunRecord], Verdict | None]

FLAT_CURVE = 5
"""So many equal points are a curve: it is flat, and that is worth seeing. Fewer come from lines that show one step."""


class Results:
    """Keeps output, plot and checks at what the session says of one item.

    `judge` gives the verdict of a check that has ended. `offer(pane)` is called when something begins to happen in a
    pane that is worth looking at; `mark(pane)` when there is something new in it. `gallery` has the earlier runs: they
    are drawn dim beneath the newest one.
    """

    def __init__(
        self,
        reader: SessionReader,
        panes: tuple[OutputPane, PlotPane, ChecksPane],
        judge: Judge,
        offer: Callable[[str], None],
        mark: Callable[[str], None],
        gallery: Gallery,
    ) -> None:
        self._reader = reader
        self._gallery = gallery
        self._printed = PrintedCurves()
        self._output, self._plot, self._checks = panes
        self._judge = judge
        self._offer = offer
        self._mark = mark
        self._tag = ""
        self._shown: RunRecord | None = None
        self._plotted: RunRecord | None = None
        self._asked: InputRequested | None = None
        self._offered: set[str] = set()
        self.unasked: set[str] = set()
        """Ids of runs that the learner did not ask for: they are shown, and bring no pane forward."""
        self.instead: Callable[[], str] = lambda: ""
        """The pane that stays in front of output and plot while something runs, "" for none."""

    def show(self, tag: str) -> None:
        """Show the newest runs that belong to `tag`."""
        self._tag = tag
        self._show_output(self._reader.latest(tag) if tag else None)
        self._show_plot(next(self._with_points(), None))
        check = self._reader.latest(tag, "check") if tag else None
        self._checks.show(self._verdict(check), check)
        self._ask()

    def take(self, changes: Changes) -> None:
        """Show what has changed."""
        if changes.caught_up:
            self.show(self._tag)
            return
        latest = self._reader.latest(self._tag) if self._tag else None
        if latest is not None and latest.run in changes.runs | changes.points:
            self._follow(latest, latest.run in changes.points, latest.run in changes.finished)
        elif self._plotted is not None and self._plotted.run in changes.points:
            self._plot.dirty()
        self._ask()

    def judged(self, run: str) -> None:
        """The verdict of a check says more than it did: show it, where that check is shown."""
        record = self._reader.latest(self._tag, "check") if self._tag and run else None
        if record is not None and record.run == run:
            self._checks.show(self._verdict(record), record)

    def _follow(self, record: RunRecord, points: bool, finished: bool) -> None:
        if record is not self._shown:
            self._offered.clear()
            self._show_output(record)
            if record.kind == "check":
                self._checks.show(None, record)
        else:
            self._output.update(record)
        if points:
            if record is not self._plotted:
                self._show_plot(record)
            self._plot.dirty()
            if self._is_curve(record):
                self._offer_once("plot")
        elif finished and record is self._plotted:
            self._plot.dirty()  # its words tell no speed any more
        elif finished and self._plotted is None and self._gallery.newest() is None:
            self._show_plot(None)
            if self._plot.board is not None:
                self._mark("plot")
        if record.kind == "check":
            if record.verdicts or finished:
                self._checks.show(self._verdict(record) if finished else None, record)
                self._offer_once("checks")
        elif finished and record.outcome != "ok" and not (record.outcome == "interrupted" and record.has_points):
            # Whoever stops a training looks at its curve and knows why it ended.
            self._offer("output")
        elif record.chunks and "plot" not in self._offered:
            self._offer_once("output")
        if record.chunks:
            self._mark("output")
        if points:
            self._mark("plot")
        if record.kind == "check" and finished:
            self._mark("checks")

    def _is_curve(self, record: RunRecord) -> bool:
        """Whether there is more to see than single points or a few equal ones, for which nobody leaves the page."""
        board = self._reader.boards.get(record.run)
        return board is not None and any(
            len(series) >= FLAT_CURVE or (len(series) > 1 and series.minimum != series.maximum)
            for series in board.series.values()
        )

    def _offer_once(self, pane: str) -> None:
        if pane not in self._offered and self._shown is not None and self._shown.run not in self.unasked:
            self._offered.add(pane)
            self._offer((pane != "checks" and self.instead()) or pane)

    def _show_output(self, record: RunRecord | None) -> None:
        self._shown = record
        self._output.show(record)

    def _show_plot(self, record: RunRecord | None) -> None:
        self._plotted = record
        if record is None:
            kept = self._gallery.newest()
            run, board, title = kept if kept is not None else ("", *self._without_capture())
        else:
            run, board, title = record.run, self._reader.boards.get(record.run), record.label
        self._plot.show(board, title, ghosts=self._gallery.beneath(run), beneath=self._gallery.beneath_words(run))

    def _without_capture(self) -> tuple[Board | None, str]:
        """What there is to draw where no run of the item was captured."""
        record = self._reader.latest(self._tag, "run") if self._tag else None
        self._plot.empty_words = empty_words(record.program if record is not None and not record.running else "")
        return self._printed.of(record) or (None, "")

    def redraw(self) -> None:
        """What lies beneath the curve has changed."""
        self._show_plot(self._plotted)

    def _with_points(self) -> Iterator[RunRecord]:
        """The runs of the item that have curves, newest first."""
        runs = self._reader.runs(self._tag) if self._tag else iter(())
        return (record for record in runs if record.run in self._reader.boards)

    def _verdict(self, record: RunRecord | None) -> Verdict | None:
        return self._judge(record) if record is not None and not record.running else None

    def _ask(self) -> None:
        """Ask for the input that the running code waits for, whatever item it belongs to."""
        request = self._reader.transcript.waiting_for_input
        if request is not self._asked:
            self._asked = request
            self._output.ask(request)
            if request is not None:
                record = self._reader.record(request.run)
                if record is not None and record is not self._shown:
                    self._show_output(record)
                self._offer("output")
