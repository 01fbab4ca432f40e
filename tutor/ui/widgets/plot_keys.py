"""The keys of the plot: scale, smoothing, zoom and cursor."""

from __future__ import annotations

from dataclasses import replace

from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.metrics.board import Board
from tutor.metrics.reading import known_steps, moved, nearest
from tutor.plot.axes import Limits
from tutor.plot.view import View

PLOT_BINDINGS: list[BindingType] = [
    Binding("left", "cursor(-1)", "Cursor", tooltip="Move the cursor and read the values at its step", id="plot.left"),
    Binding("right", "cursor(1)", "Cursor", tooltip="Move the cursor and read the values at its step", id="plot.right"),
    Binding("shift+left", "cursor(-10)", "Cursor far", tooltip="Move the cursor ten times as far", id="plot.left_far"),
    Binding("shift+right", "cursor(10)", "Cursor far", tooltip="Move the cursor ten times as far", id="plot.right_far"),
    Binding(
        "home",
        "cursor_first",
        "First and last step",
        tooltip="Cursor to the first step, to the last step",
        id="plot.first",
    ),
    Binding(
        "end",
        "cursor_last",
        "First and last step",
        tooltip="Cursor to the first step, to the last step",
        id="plot.last",
    ),
    Binding("plus,equals_sign", "zoom(0.5)", "Zoom in", tooltip="Zoom in around the cursor", id="plot.zoom_in"),
    Binding("minus", "zoom(2)", "Zoom out", tooltip="Zoom out", id="plot.zoom_out"),
    Binding(
        "space",
        "mark",
        "Choose a window",
        tooltip="Choose a window: here at the cursor, again at its other end",
        id="plot.mark_window",
    ),
    Binding("t", "tail", "Tail", tooltip="Only the tail, which follows the run, and back", id="plot.tail"),
    Binding("0", "whole", "Whole run", tooltip="The whole run again", id="plot.whole"),
    Binding("l", "log", "Log scale", tooltip="Logarithmic or linear scale", id="plot.log"),
    Binding(
        "s",
        "smooth",
        "Smooth",
        tooltip="Smoothing on top of the raw curve: off, 0.6, 0.9, 0.99, 0.999",
        id="plot.smooth",
    ),
    Binding("b", "band", "Band", tooltip="Band from least to greatest value, on or off", id="plot.band"),
    Binding(
        "g",
        "together",
        "One axis or panels",
        tooltip="All series on one axis, or panels by what they measure",
        id="plot.together",
    ),
    Binding(
        "n",
        "next_panel",
        "Next panel",
        tooltip="Show the next panel first, where not all have room",
        id="plot.next_panel",
    ),
    Binding("p", "pause", "Pause", tooltip="Hold the picture; the run goes on", id="plot.pause"),
    Binding("escape", "back", "Back", tooltip="Take back the window's mark, the cursor, the zoom", id="plot.back"),
]


class ScaleChosen(Message):
    """A logarithmic or a linear scale was chosen in one picture: it holds for every one that shows the same runs."""

    def __init__(self, log: bool) -> None:
        super().__init__()
        self.log = log


class PlotKeys:
    """The actions behind the keys. Each makes another `view`; who draws it is told by `looked`."""

    view: View

    def looked(self) -> None:
        """The view is another one."""
        raise NotImplementedError

    @property
    def drawn_board(self) -> Board | None:
        """The board that is shown."""
        raise NotImplementedError

    @property
    def limits(self) -> tuple[Limits, Limits, int]:
        """Steps of the whole run, steps that are shown, and dots across."""
        raise NotImplementedError

    def action_log(self) -> None:
        """Switch between a linear and a logarithmic scale."""
        self._look(replace(self.view, log=not self.view.log))

    def action_smooth(self) -> None:
        """The next strength of smoothing."""
        self._look(self.view.smoother())

    def action_band(self) -> None:
        """Show or hide the band."""
        self._look(replace(self.view, band=not self.view.band))

    def action_together(self) -> None:
        """All on one axis, or in panels."""
        self._look(replace(self.view, together=not self.view.together))

    def action_next_panel(self) -> None:
        """Begin with the next panel."""
        self._look(replace(self.view, first=self.view.first + 1))

    def action_tail(self) -> None:
        """The tail, and back."""
        self._look(self.view.to_tail())

    def action_whole(self) -> None:
        """The whole run."""
        self._look(self.view.whole())

    def action_back(self) -> None:
        """Take back the last thing."""
        self._look(self.view.back())

    def action_zoom(self, factor: float) -> None:
        """A narrower or wider window."""
        run, shown, _ = self.limits
        self._look(self.view.zoomed(shown, run, factor))

    def action_mark(self) -> None:
        """One end of a window, then the other."""
        if self.view.cursor is None:
            self.action_cursor(-1)
        self._look(self.view.marked(self.limits[0]))

    def action_cursor(self, by: int) -> None:
        """Move the cursor by so many dots, but at least to the next point; at first it stands at the last one."""
        steps = self._steps()
        if not steps:
            return
        _, shown, columns = self.limits
        if self.view.cursor is None:
            step = nearest(steps, min(shown.high, steps[-1]))
        else:
            step = moved(steps, self.view.cursor, by * (shown.high - shown.low) / max(1, columns - 1))
        self._point(step)

    def action_cursor_first(self) -> None:
        """The cursor at the first point."""
        if steps := self._steps():
            self._point(steps[0])

    def action_cursor_last(self) -> None:
        """The cursor at the last point."""
        if steps := self._steps():
            self._point(steps[-1])

    def _steps(self) -> list[float]:
        main = self.drawn_board.main if self.drawn_board is not None else None
        return known_steps(main) if main is not None else []

    def _point(self, step: float) -> None:
        run, shown, _ = self.limits
        self._look(self.view.pointed(step, shown, run))

    def _look(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self.looked()
