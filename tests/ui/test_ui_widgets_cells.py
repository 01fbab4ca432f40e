"""The grid of the plot: what the terminal holds is what was put, and a small change costs few bytes."""

from __future__ import annotations

import random
from collections.abc import Callable

import pyte
import pytest
from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen

from tutor.plot.frame import CHROME, SERIES, Frame, band_ink, line_ink
from tutor.ui.widgets.budget import ByteBudget
from tutor.ui.widgets.chart import Chart

WIDTH, HEIGHT = 80, 24


class Host(App[None]):
    """Counts what the driver would be given, and shows it to a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0
        self.terminal = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self.terminal)

    def compose(self) -> ComposeResult:
        yield Chart()

    @property
    def shown(self) -> list[str]:
        return [row.rstrip() for row in self.terminal.display]

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            data = renderable.render_segments(self.console)
            self.sent += len(data.encode())
            self._stream.feed(data.replace("\n", "\r\n"))


def frame(rng: random.Random, change: float, old: Frame | None) -> Frame:
    rows, inks = [], []
    for y in range(HEIGHT - 1):
        row = list(old.rows[y]) if old else [" "] * WIDTH
        ink = bytearray(old.inks[y]) if old else bytearray(WIDTH)
        for x in range(WIDTH):
            if rng.random() < change:
                row[x] = rng.choice(" ⣿⠁x│")
                ink[x] = rng.choice([CHROME, *(line_ink(n) for n in range(SERIES)), band_ink(0)])
        rows.append("".join(row))
        inks.append(bytes(ink))
    return Frame(WIDTH, HEIGHT - 1, tuple(rows), tuple(inks))


async def test_the_terminal_holds_what_was_put() -> None:
    host, rng = Host(), random.Random(1)
    async with host.run_test(size=(WIDTH, HEIGHT)) as pilot:
        chart = host.query_one(Chart)
        old = None
        for change in (0.5, 0.001, 0.01, 0.0005, 0.3, 0.002):
            old = frame(rng, change, old)
            chart.show_frame(old, [f"caption {change}"])
            wanted = [*(row.rstrip() for row in old.rows), f"caption {change}"]
            await until(pilot, lambda wanted=wanted: host.shown == wanted)


async def test_a_small_change_costs_little_and_none_costs_nothing() -> None:
    host, rng = Host(), random.Random(2)
    async with host.run_test(size=(WIDTH, HEIGHT)) as pilot:
        chart = host.query_one(Chart)
        first = frame(rng, 0.05, None)
        chart.show_frame(first, ["words"])
        await until(pilot, lambda: host.shown == [*(row.rstrip() for row in first.rows), "words"])
        await at_rest(pilot, host)
        host.sent = 0
        assert chart.show_frame(first, ["words"]) == 0
        await at_rest(pilot, host)
        assert host.sent == 0
        rows = list(first.rows)
        rows[3] = rows[3][:10] + ("a" if rows[3][10] != "a" else "b") + rows[3][11:]
        estimate = chart.show_frame(Frame(WIDTH, HEIGHT - 1, tuple(rows), first.inks), ["words"])
        await until(pilot, lambda: host.shown[3] == rows[3].rstrip())
        assert 0 < host.sent < 200
        assert host.sent / 3 < estimate < 3 * host.sent


async def test_wide_characters_in_the_caption_leave_nothing_behind() -> None:
    host = Host()
    async with host.run_test(size=(WIDTH, HEIGHT)) as pilot:
        chart = host.query_one(Chart)
        for words in ("損失 0.41", "損 0.4", "loss", "[/bold] 損失"):
            chart.show_words([words])
            wanted = words.replace(" ", "")
            await until(pilot, lambda wanted=wanted: "".join(host.terminal.display[0].split()) == wanted)


async def test_the_band_is_dimmer_than_its_line_in_every_theme() -> None:
    host = Host()
    async with host.run_test(size=(WIDTH, HEIGHT)) as pilot:
        chart = host.query_one(Chart)
        for theme in ("textual-dark", "textual-light", "ansi-dark"):
            host.theme = theme
            await pilot.pause()
            for number in range(SERIES):
                line, band = chart.style_of(line_ink(number)), chart.style_of(band_ink(number))
                assert line.color is not None
                assert band.dim or band.color != line.color, (theme, number)


async def at_rest(pilot: Pilot[None], host: Host) -> None:
    """Until nothing more is sent."""
    before = -1
    while before != host.sent:
        before = host.sent
        for _ in range(10):
            await pilot.pause(0.02)


async def until(pilot: Pilot[None], predicate: Callable[[], bool]) -> None:
    for _ in range(1500):
        if predicate():
            return
        await pilot.pause(0.02)
    raise AssertionError("it never came")


@pytest.mark.parametrize("rate", [None, 1000.0])
def test_the_budget(rate: float | None) -> None:
    budget = ByteBudget(rate, 0.0)
    sent = 0
    for tick in range(100):
        if budget.allows(tick / 10):
            budget.spend(700)
            sent += 700
    assert sent == 70_000 if rate is None else 9_000 <= sent <= 12_500
