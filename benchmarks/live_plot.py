"""A live plot of two series of a million points, for a terminal of its own: `… -m benchmarks.live_plot ENGINE REPORT`.

It waits for a key, draws frames as fast as it can, each with 1,000 new points a series, and writes the processor time
of each, in seconds, to REPORT. The engine "ours" is the Plot pane. The peers, which would draw every point, are handed
the least and the greatest value of each column and fixed limits, and neither is counted: that is the work of who uses
them.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from tutor.metrics.board import Board
from tutor.metrics.series import Series

POINTS, GROWTH, FRAMES = 1_000_000, 1_000, 40
END = 1.5 * POINTS
READY, DONE = "press a key", "that was all"
PEERS = {"textual-plotext": "textual_plotext", "textual-plot": "textual_plot"}
"""Name -> package."""

Points = list[tuple[list[float], list[float]]]
"""x and y of each series."""


class LivePlot(App[None]):
    """The plot over a line of words."""

    CSS = "Static { height: 1; } PlotextPlot, PlotWidget, PlotPane { height: 1fr; }"

    def __init__(self, engine: str, report: Path) -> None:
        super().__init__()
        self.board = Board()
        self.report = report
        self.feed()
        self.plot, self.draw = {"ours": ours, "textual-plotext": plotext, "textual-plot": plot}[engine](self)
        self.words = Static(READY)
        self.begun = False

    def compose(self) -> ComposeResult:
        """The plot, and what it waits for."""
        yield self.plot
        yield self.words

    def on_mount(self) -> None:
        """The first picture."""
        self.draw(self.thinned())

    def on_key(self) -> None:
        """Begin."""
        if not self.begun:
            self.begun = True
            self.run_worker(self.measure())

    async def measure(self) -> None:
        """Draw the frames, one when the one before is on the terminal."""
        taken = []
        for _ in range(FRAMES):
            self.feed()
            points = self.thinned()
            begin = time.thread_time()
            self.draw(points)
            await self.painted()
            taken.append(time.thread_time() - begin)
        self.report.write_text(json.dumps(taken), encoding="utf-8")
        self.words.update(DONE)

    async def painted(self) -> None:
        """Until what was asked for is drawn; some widgets ask once more while they draw."""
        for _ in range(2):
            done = asyncio.Event()
            self.call_after_refresh(done.set)
            await done.wait()

    def feed(self) -> None:
        """A million points at first, then some more: two losses that fall."""
        known = self.board.series
        start = next(iter(known.values())).count if known else 0
        steps = list(range(start, start + GROWTH if start else POINTS))
        for name, role, floor in (("loss", "train", 0.2), ("val_loss", "validation", 0.3)):
            rng = random.Random(f"{name} {start}")
            values = [2 * math.exp(-4 * step / POINTS) + floor + 0.1 * rng.random() for step in steps]
            self.board.add(name, role, "", [float(step) for step in steps], values)

    def thinned(self) -> Points:
        """Two points for each column that a terminal of braille has."""
        return [_ends(series, 2 * self.size.width) for series in self.board.series.values()]


def _ends(series: Series, columns: int) -> tuple[list[float], list[float]]:
    xs: list[float] = []
    ys: list[float] = []
    for one in series.columns(0.0, END, columns):
        at = one.column * END / (columns - 1)
        xs += (at, at)
        ys += (one.lo, one.hi)
    return xs, ys


Draw = Callable[[Points], object]


def ours(app: LivePlot) -> tuple[Widget, Draw]:
    """The Plot pane."""
    from tutor.ui.widgets.plot import PlotPane

    pane = PlotPane()
    pane.looked_at(True)

    def draw(_: Points) -> None:
        if pane.board is None:
            pane.show(app.board, "train")
        else:
            pane.looked()

    return pane, draw


def plotext(app: LivePlot) -> tuple[Widget, Draw]:
    """textual-plotext, in braille."""
    from textual_plotext import PlotextPlot

    widget: Any = PlotextPlot()

    def draw(points: Points) -> None:
        widget.plt.clear_data()
        widget.plt.xlim(0, END)
        widget.plt.ylim(0, 2.5)
        for name, (xs, ys) in zip(app.board.series, points, strict=True):
            widget.plt.plot(xs, ys, marker="braille", label=name)
        widget.refresh()

    return widget, draw


def plot(app: LivePlot) -> tuple[Widget, Draw]:
    """textual-plot, in braille."""
    from textual_hires_canvas import HiResMode
    from textual_plot import PlotWidget

    widget: Any = PlotWidget()

    def draw(points: Points) -> None:
        widget.clear()
        widget.set_xlimits(0, END)
        widget.set_ylimits(0, 2.5)
        for name, color, (xs, ys) in zip(app.board.series, ("blue", "yellow"), points, strict=True):
            widget.plot(xs, ys, color, hires_mode=HiResMode.BRAILLE, label=name)

    return widget, draw


if __name__ == "__main__":
    LivePlot(sys.argv[1], Path(sys.argv[2])).run()
