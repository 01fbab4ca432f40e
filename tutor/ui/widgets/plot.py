"""The Plot pane: the series of a run, drawn while they grow."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from tutor.metrics.board import Board
from tutor.metrics.series import Series
from tutor.metrics.words import summary
from tutor.ui.visible import visible_line
from tutor.ui.widgets.budget import ByteBudget
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.layout import hang

if TYPE_CHECKING:
    from tutor.plot.chart import LiveChart

EMPTY_WORDS = "Nothing to draw yet: run code that trains, and its loss appears here as it falls."

FRAMES, FRAMES_OVER_SSH = 10, 5
"""Frames a second."""

BYTES_OVER_SSH = 35_000
"""Bytes a second that the plot may send where a connection carries them."""


class PlotPane(Vertical, can_focus=True):
    """Shows a board. The timer runs only while there is something new: an idle plot sends nothing.

    The learner's data stay in the board: a frame that is left out, paused or unseen loses nothing. `rate` is in frames
    a second; 0 chooses by the connection.
    """

    DEFAULT_CSS = """
    PlotPane { height: 1fr; }
    PlotPane:focus { background-tint: $foreground 3%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "log", "Log scale", tooltip="Logarithmic or linear scale", id="plot.log"),
        Binding("p", "pause", "Pause", tooltip="Hold the picture; the run goes on", id="plot.pause"),
    ]

    def __init__(
        self, *, ascii: bool = False, rate: float = 0.0, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.chart = Chart()
        self.board: Board | None = None
        self.paused = False
        self.empty_words = EMPTY_WORDS
        self._ascii = ascii
        self._title = ""
        self._ghosts: Sequence[Series] = ()
        self._beneath = ""
        self._live: LiveChart | None = None
        self._log = False
        self._drawn: tuple[object, ...] = ()
        over_ssh = bool(os.environ.get("SSH_CONNECTION"))
        self._budget = ByteBudget(BYTES_OVER_SSH if over_ssh else None, time.monotonic())
        self._rate = rate or (FRAMES_OVER_SSH if over_ssh else FRAMES)

    def compose(self) -> ComposeResult:
        """The chart with its line of words."""
        yield self.chart

    def on_mount(self) -> None:
        """The timer rests until there is something to draw."""
        self._timer = self.set_interval(1 / self._rate, self._tick, pause=True)
        self.dirty()

    def show(self, board: Board | None, title: str, *, ghosts: Sequence[Series] = (), beneath: str = "") -> None:
        """Show a run's board under a title, over other series drawn dim, which `beneath` names; None for no run."""
        if board is not self.board:
            self.paused, self._live = False, None
            self.chart.forget()
        self.board, self._title, self._ghosts = board, visible_line(title), ghosts
        self._beneath = beneath
        self._drawn = ()
        self.dirty()

    def dirty(self) -> None:
        """The board has changed."""
        if self.is_mounted:
            self._timer.resume()

    def on_show(self) -> None:
        """A pane that comes to the front draws what it has missed."""
        self.dirty()

    def on_resize(self) -> None:
        """Draw at the new size."""
        self.dirty()

    def action_log(self) -> None:
        """Switch between a linear and a logarithmic scale."""
        self._log = not self._log
        self.dirty()

    def action_pause(self) -> None:
        """Hold the picture, or go on."""
        self.paused = not self.paused
        self.dirty()

    @property
    def behind(self) -> bool:
        """Whether a pane that is seen has not drawn all there is yet."""
        return bool(self.chart.size.area) and self._wanted() != self._drawn

    def _wanted(self) -> tuple[object, ...]:
        version = self.board.version if self.board is not None else 0
        held = self._drawn[0] if self.paused and self._drawn else version
        return held, self.chart.size, self._log, self.paused, self._title, id(self.board)

    def _tick(self) -> None:
        """Draw one frame, if there is something new and the budget allows it; else rest."""
        wanted = self._wanted()
        if wanted == self._drawn or not self.chart.size.area:
            self._timer.pause()
            return
        now = time.monotonic()
        if not self._budget.allows(now):
            return
        same_picture = self.paused and self._drawn[1:3] == wanted[1:3]
        self._drawn = wanted
        self._budget.spend(self._draw(same_picture))

    def _draw(self, same_picture: bool) -> int:
        """Draw; return about how many bytes that sends."""
        width, height = self.chart.size
        if self.board is None or not self.board.series:
            words = [line.plain for line in hang(Content(self.empty_words), width)]
            return self.chart.show_words(words)
        lines = [line.plain for line in hang(Content(self._words()), width)][: max(1, height // 3)]
        if same_picture:
            return self.chart.show_caption(lines)
        if self._live is None:
            from tutor.plot.chart import LiveChart  # plotext: only where something is drawn

            self._live = LiveChart()
        series, room = list(self.board.series.values()), self.chart.room_for(lines)
        frame = self._live.frame(series, width, room, log=self._log, ascii=self._ascii, ghosts=self._ghosts)
        return self.chart.show_frame(frame, lines)

    def _words(self) -> str:
        state = [word for word, on in (("paused", self.paused), ("log scale", self._log)) if on]
        text = visible_line(summary(self.board)) if self.board is not None else ""
        if self._beneath:
            state.append(self._beneath)
        return " · ".join([f"{self._title}: {text}" if self._title else text, *state])
