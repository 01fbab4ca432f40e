"""The Plot pane: the series of a run, drawn while they grow."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from tutor.metrics.board import Board
from tutor.metrics.series import Series
from tutor.plot.axes import Limits
from tutor.plot.view import View
from tutor.ui.visible import visible_line
from tutor.ui.widgets.budget import ByteBudget
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.layout import hang
from tutor.ui.widgets.plot_empty import EMPTY_WORDS
from tutor.ui.widgets.plot_keys import PLOT_BINDINGS, PlotKeys, ScaleChosen
from tutor.ui.widgets.plot_words import caption

if TYPE_CHECKING:
    from tutor.plot.chart import LiveChart

FRAMES, FRAMES_OVER_SSH = 10, 5
"""Frames a second."""

BYTES_OVER_SSH = 35_000
"""Bytes a second that the plot may send where a connection carries them."""


class PlotPane(PlotKeys, Vertical, can_focus=True):
    """Shows a board. The timer runs only while there is something new: an idle plot sends nothing.

    The chart, which is many widgets, is mounted when the pane is first seen: the first page need not wait for it.

    The learner's data stay in the board: a frame that is left out, paused or unseen loses nothing. `rate` is in frames
    a second; 0 chooses by the connection.
    """

    DEFAULT_CSS = """
    PlotPane { height: 1fr; }
    PlotPane:focus { background-tint: $foreground 3%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = PLOT_BINDINGS

    def __init__(
        self, *, ascii: bool = False, rate: float = 0.0, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.chart = Chart()
        self.board: Board | None = None
        self.view = View()
        self.empty_words = EMPTY_WORDS
        self._held: Board | None = None
        self._ascii = ascii
        self._title = ""
        self._ghosts: Sequence[Series] = ()
        self._beneath = ""
        self._live: LiveChart | None = None
        self._drawn: tuple[object, ...] = ()
        self._looked_at = False
        over_ssh = bool(os.environ.get("SSH_CONNECTION"))
        self._budget = ByteBudget(BYTES_OVER_SSH if over_ssh else None, time.monotonic())
        self._rate = rate or (FRAMES_OVER_SSH if over_ssh else FRAMES)

    def on_mount(self) -> None:
        """The timer rests until there is something to draw."""
        self._timer = self.set_interval(1 / self._rate, self._tick, pause=True)
        if self._looked_at:
            self._come()
        self.dirty()

    def show(self, board: Board | None, title: str, *, ghosts: Sequence[Series] = (), beneath: str = "") -> None:
        """Show a run's board under a title, over other series drawn dim, which `beneath` names; None for no run.

        Scale and smoothing stay as they were; cursor, zoom and pause belong to a run.
        """
        if board is not self.board:
            self._held, self._live = None, None
            self.view = View(self.view.log, self.view.smoothing, self.view.band, self.view.together)
            self.chart.forget()
        self.board, self._title, self._ghosts = board, visible_line(title), ghosts
        self._beneath = beneath
        self._drawn = ()
        self.dirty()

    def dirty(self) -> None:
        """The board has changed."""
        if self.is_mounted:
            self._timer.resume()

    def looked(self) -> None:
        """The learner looks at it in another way: drawn at once, whatever the rate."""
        self._timer.resume()
        self._tick()
        self.refresh_bindings()

    def looked_at(self, seen: bool) -> None:
        """Whether the pane is at the front, where it draws what it has missed.

        Textual 8.2.8 sends no `Show` to a widget whose place has been asked for between its display and the layout.
        """
        self._looked_at = seen
        if seen and self.is_mounted:
            self._come()

    def _come(self) -> None:
        if not self.chart.is_attached:
            self.mount(self.chart)
        self.dirty()

    def on_resize(self) -> None:
        """Draw at the new size."""
        self.dirty()

    def action_log(self) -> None:
        """Switch between a linear and a logarithmic scale, here and wherever else these runs are drawn."""
        super().action_log()
        self.post_message(ScaleChosen(self.view.log))

    def scale(self, log: bool) -> None:
        """Take over the scale that was chosen elsewhere; drawn when the pane is seen."""
        self.view = replace(self.view, log=log)
        self.dirty()

    def action_pause(self) -> None:
        """Hold the picture, or go on."""
        self._held = None if self.paused or self.board is None else self.board.snapshot()
        self.dirty()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape is the screen's where nothing can be taken back, and nothing can be read of an empty plot."""
        if action == "back":
            return self.view.moved
        if action.startswith(("cursor", "mark", "zoom")):
            return self.board is not None and self.board.main is not None
        return True

    @property
    def paused(self) -> bool:
        """Whether the picture is held."""
        return self._held is not None

    @property
    def drawn_board(self) -> Board | None:
        """The board that is shown: the one that was held, while it is."""
        return self._held or self.board

    @property
    def limits(self) -> tuple[Limits, Limits, int]:
        """Steps of the whole run, steps that are shown, and dots across."""
        if self._live is None:
            return Limits(0.0, 1.0), Limits(0.0, 1.0), 1
        return self._live.run, self._live.shown, self._live.columns

    @property
    def behind(self) -> bool:
        """Whether a pane that is seen has not drawn all there is yet."""
        return bool(self.outer_size.area) and self._wanted() != self._drawn

    def _wanted(self) -> tuple[object, ...]:
        board = self.drawn_board
        version = board.version if board is not None else 0
        return version, self.chart.room, self.view, self.paused, self._title, id(self.board), self.empty_words

    def _tick(self) -> None:
        """Draw one frame, if there is something new and the budget allows it; else rest."""
        wanted = self._wanted()
        if wanted == self._drawn or not self._looked_at:
            self._timer.pause()
            return
        if not self.outer_size.area or not self.chart.room.area:
            return  # it is on its way to the screen
        now = time.monotonic()
        if not self._budget.allows(now):
            return
        self._drawn = wanted
        self._budget.spend(self._draw())

    def _draw(self) -> int:
        """Draw; return about how many bytes that sends."""
        width, height = self.chart.room
        board = self.drawn_board
        if board is None or not board.series:
            words = [line.plain for line in hang(Content(self.empty_words), width)]
            return self.chart.show_words(words)
        if self._live is None:
            from tutor.plot.chart import LiveChart  # plotext: only where something is drawn

            self._live = LiveChart()
        paragraphs = caption(
            board, self._title, self.view, paused=self.paused, hidden=self._live.hidden, beneath=self._beneath
        )
        lines = [line.plain for words in paragraphs for line in hang(Content(visible_line(words)), width)]
        lines = lines[: max(1, height // 3)]
        frame = self._live.frame(
            list(board.series.values()),
            width,
            self.chart.room_for(lines),
            self.view,
            ascii=self._ascii,
            ghosts=self._ghosts,
            epochs=board.epochs,
        )
        return self.chart.show_frame(frame, lines)
