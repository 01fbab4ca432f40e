"""The Plot pane: draws what is new, rests when nothing is, and stays within its bytes."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pyte
import pytest
from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen

from tutor.metrics.board import Board
from tutor.metrics.series import Series
from tutor.ui.widgets.plot import BYTES_OVER_SSH, FRAMES_OVER_SSH, PlotPane


class Host(App[None]):
    def __init__(self, size: tuple[int, int] = (80, 24), ascii: bool = False) -> None:
        super().__init__()
        self.sent = 0
        self.pane = PlotPane(ascii=ascii)
        self.pane.looked_at(True)
        self.terminal = pyte.Screen(*size)
        self._stream = pyte.Stream(self.terminal)

    def compose(self) -> ComposeResult:
        yield self.pane

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            data = renderable.render_segments(self.console)
            self.sent += len(data.encode())
            self._stream.feed(data.replace("\n", "\r\n"))

    @property
    def text(self) -> str:
        return "\n".join(row.rstrip() for row in self.terminal.display)

    @property
    def resting(self) -> bool:
        return not self.pane._timer._active.is_set()


def falling(board: Board, steps: range, seed: int = 0) -> None:
    rng = random.Random(seed + steps.start)
    values = [2 * math.exp(-step / 400) + 0.2 + 0.1 * rng.random() for step in steps]
    board.add("loss", "train", "", list(steps), values)


async def until(pilot: Pilot[None], predicate: Callable[[], bool]) -> None:
    for _ in range(600):
        await pilot.pause(0.02)
        if predicate():
            return
    raise AssertionError(pilot.app.text if isinstance(pilot.app, Host) else "")


async def test_empty_says_what_to_do() -> None:
    host = Host()
    async with host.run_test() as pilot:
        host.pane.show(None, "")
        await until(pilot, lambda: "Nothing to draw yet" in host.text)
        board = Board()
        host.pane.show(board, "train")
        falling(board, range(100))
        host.pane.dirty()
        await until(pilot, lambda: "train: step 99, loss" in host.text and "Nothing" not in host.text)


async def test_a_run_that_goes_on_says_how_fast_and_how_long() -> None:
    host, board = Host((120, 30)), Board()
    for tick in range(61):
        board.add("loss", "train", "", [tick * 5], [1 / (tick + 1)], 1000 + tick * 0.05)
    board.add("epoch", "epoch", "", [300], [2], 1003.0)
    board.add("epochs", "epochs", "", [300], [11], 1003.0)
    board.add("loss", "train", "", [400], [0.01], 1004.0)
    async with host.run_test(size=(120, 30)) as pilot:
        host.pane.show(board, "train")
        await until(pilot, lambda: "100 steps/s, about 30 s left of 11 epochs" in host.text)
        board.end()
        host.pane.dirty()
        await until(pilot, lambda: "train: step 400" in host.text and "steps/s" not in host.text)


async def test_it_rests_when_nothing_is_new() -> None:
    host, board = Host(), Board()
    falling(board, range(500))
    async with host.run_test() as pilot:
        host.pane.show(board, "train")
        await until(pilot, lambda: "step 499" in host.text and "┤" in host.text and host.resting)
        host.sent = 0
        host.pane.dirty()
        await until(pilot, lambda: host.resting)
        assert host.sent == 0
        falling(board, range(500, 510))
        host.pane.dirty()
        await until(pilot, lambda: "step 509" in host.text and host.resting)
        assert host.sent > 0


@pytest.mark.parametrize(("size", "ceiling"), [((80, 24), 500), ((160, 45), 900)])
async def test_bytes_of_a_frame(size: tuple[int, int], ceiling: int) -> None:
    """A growing loss within settled limits; mean bytes of a frame at the driver."""
    host, board = Host(size), Board()
    falling(board, range(1_050))
    async with host.run_test(size=size) as pilot:
        host.pane.show(board, "train")
        await until(pilot, lambda: "step 1,049" in host.text and "┤" in host.text and host.resting)
        host.pane._timer.stop()
        host.sent, frames = 0, 40
        for number in range(frames):
            falling(board, range(1_050 + 10 * number, 1_060 + 10 * number))
            host.pane._tick()
            await pilot.pause()
        await until(pilot, lambda: "step 1,449" in host.text)
        assert 0 < host.sent / frames < ceiling


async def test_over_ssh_it_is_slower_and_has_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    pane = PlotPane()
    assert pane._rate == FRAMES_OVER_SSH and pane._budget.rate == BYTES_OVER_SSH


async def test_nan_is_said_in_words() -> None:
    host, board = Host(), Board()
    board.add("loss", "train", "", [0, 1, 2], [1.0, math.nan, math.inf])
    async with host.run_test() as pilot:
        host.pane.show(board, "")
        await until(pilot, lambda: "loss became NaN at step 1" in host.text)


async def test_keys_log_and_pause() -> None:
    host, board = Host(), Board()
    falling(board, range(100))
    async with host.run_test() as pilot:
        host.pane.show(board, "")
        host.pane.focus()
        await until(pilot, lambda: "step 99" in host.text)
        await pilot.press("l")
        await until(pilot, lambda: "log scale" in host.text and "2.2┤" in host.text)
        await pilot.press("p")
        await until(pilot, lambda: "paused" in host.text)
        rows = host.text.split("\n")[:-2]
        falling(board, range(100, 900))
        host.pane.dirty()
        await until(pilot, lambda: host.resting)
        assert host.text.split("\n")[:-2] == rows
        await pilot.press("p")
        await until(pilot, lambda: "step 899" in host.text and "paused" not in host.text)


async def test_a_resize_draws_again_and_a_hidden_pane_waits() -> None:
    host, board = Host((120, 40)), Board()
    falling(board, range(100))
    async with host.run_test(size=(80, 24)) as pilot:
        host.pane.show(board, "")
        await until(pilot, lambda: "step 99" in host.text)
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: host.pane.chart.size.width == 120 and len(host.text.split("\n")[1]) > 100)
        host.pane.display = False
        falling(board, range(100, 200))
        host.pane.dirty()
        await until(pilot, lambda: host.resting)
        host.pane.display = True
        await until(pilot, lambda: "step 199" in host.text)


async def test_without_braille_everything_is_ascii() -> None:
    host, board = Host(ascii=True), Board()
    falling(board, range(100))
    board.add("Verlust-€ [/b]\x1b[2J", "logged", "", [0, 1], [1, 2])
    ghost = Series("loss")
    ghost.extend([0, 50], [2, 1])
    async with host.run_test() as pilot:
        host.pane.show(board, "", ghosts=[ghost])
        await until(pilot, lambda: "step 99" in host.text)
        assert "\n".join(host.text.split("\n")[:-2]).isascii()
        assert "\x1b" not in host.text


async def test_the_cursor_reads_values_and_escape_takes_everything_back() -> None:
    host, board = Host(), Board()
    board.add("loss", "train", "", list(range(100)), [float(step) for step in range(100)])
    async with host.run_test() as pilot:
        host.pane.show(board, "")
        host.pane.focus()
        await until(pilot, lambda: "step 99" in host.text)
        await pilot.press("left")
        await until(pilot, lambda: "at step 99: loss 99" in host.text)
        await pilot.press("left")
        await until(pilot, lambda: "at step 98: loss 98" in host.text)
        await pilot.press("home")
        await until(pilot, lambda: "at step 0: loss 0" in host.text)
        await pilot.press("space", "end", "space")
        await until(pilot, lambda: "steps 0 to 99 only" in host.text)
        await pilot.press("plus")
        await until(pilot, lambda: "steps 50 to 99 only" in host.text)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "at step" not in host.text and "only" not in host.text)
        assert not host.pane.view.moved
        await pilot.press("s", "t")
        await until(pilot, lambda: "smoothing 0.6 · the tail only" in host.text)


async def test_a_held_picture_can_be_looked_at_in_every_way_and_does_not_grow() -> None:
    host, board = Host(), Board()
    falling(board, range(100))
    async with host.run_test() as pilot:
        host.pane.show(board, "")
        host.pane.focus()
        await until(pilot, lambda: "step 99" in host.text)
        await pilot.press("p")
        falling(board, range(100, 900))
        host.pane.dirty()
        await pilot.press("s", "end")
        await until(pilot, lambda: "paused" in host.text and "at step 99" in host.text and "smoothing" in host.text)
        assert "899" not in host.text
        await pilot.press("p")
        await until(pilot, lambda: "step 899" in host.text)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_terminal_shows_what_the_chart_holds(size: tuple[int, int]) -> None:
    """After every key and every growth: each cell of pyte's screen is that of the frame."""
    host, board = Host(size), Board()
    falling(board, range(300))
    board.add("val_loss", "validation", "", [100, 200], [1.5, math.nan])
    board.add("acc", "logged", "", [0, 150, 299], [0.1, 0.5, 0.9])
    async with host.run_test(size=size) as pilot:
        host.pane.show(board, "train")
        host.pane.focus()
        await until(pilot, lambda: "step 299" in host.text)
        keys = ["left", "l", "s", "left", "plus", "g", "b", "minus", "t", "n", "escape", "l", "p", "p"]
        for number, key in enumerate(keys):
            await pilot.press(key)
            falling(board, range(300 + 40 * number, 340 + 40 * number))
            host.pane.dirty()
            await until(pilot, lambda: host.resting and not host.pane.behind)
            await pilot.pause()
            rows = [row.rstrip() for row in host.pane.chart.rows]
            blank = [""] * (size[1] - len(rows))
            assert [row.rstrip() for row in host.terminal.display] == rows + blank, key
