"""The X-ray pane: asks only while it is looked at, and shows what it is told as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from ui_course import Desktop, seen, wait_for

from tutor.runner.protocol.requests import Watch
from tutor.runner.protocol.session_events import KernelStarting, XRay
from tutor.runner.script import printed, training
from tutor.settings import Settings
from tutor.ui.widgets.xray_views import VIEWS

TENSOR = {"name": "W[/x]", "kind": "tensor", "shape": [2, 3], "dtype": "float32", "needs": True, "leaf": True}


def table(folder: Path, script: Any = lambda request: ()) -> Desktop:
    return Desktop(folder, script=script, options={"lesson_id": "first"})


def asked(desktop: Desktop) -> list[Watch]:
    return [one for one in desktop.session.sent if isinstance(one, Watch)]


def tell(desktop: Desktop, view: str, **fields: object) -> None:
    desktop.session.emit(XRay(run="r", view=view, text=json.dumps(fields)))


async def opened(pilot: Pilot[None], desktop: Desktop) -> None:
    await wait_for(pilot, lambda: desktop.app.reader.attached)
    await pilot.press("5")
    await wait_for(pilot, lambda: asked(desktop) != [])


async def test_it_asks_while_it_is_looked_at(tmp_path: Path) -> None:
    desktop = table(tmp_path)
    async with desktop.running() as pilot:
        await opened(pilot, desktop)
        assert asked(desktop)[-1] == Watch(("variables",))
        await wait_for(pilot, lambda: "No variables yet" in seen(desktop.app))
        tell(desktop, "variables", rows=[TENSOR], left=4)
        await wait_for(pilot, lambda: "W[/x]" in seen(desktop.app))
        assert "(2, 3)" in seen(desktop.app) and "… and 4 more" in seen(desktop.app)
        desktop.session.emit(KernelStarting(generation=2))
        await wait_for(pilot, lambda: "No variables yet" in seen(desktop.app))
        await pilot.press("3")
        await wait_for(pilot, lambda: asked(desktop)[-1] == Watch(()))


async def test_what_could_not_be_looked_at_is_said(tmp_path: Path) -> None:
    desktop = table(tmp_path)
    async with desktop.running() as pilot:
        await opened(pilot, desktop)
        tell(desktop, "variables", rows=[], problem="ValueError: [/no]")
        await wait_for(pilot, lambda: "could not be looked at: ValueError: [/no]" in seen(desktop.app))


async def test_it_stays_in_front_while_code_runs(tmp_path: Path) -> None:
    desktop = table(tmp_path, lambda request: [*printed("hello\n"), *training([1.0, 0.5])])
    async with desktop.running((80, 24)) as pilot:
        await opened(pilot, desktop)
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: bool(desktop.app.reader.boards) and not desktop.app.reader.transcript.busy)
        assert desktop.lesson.panes.shown == "xray"
        await wait_for(pilot, lambda: desktop.lesson.marked == {"output", "plot"})


NET = [
    {"name": "net", "type": "Net", "in": "(32, 72)", "out": "", "calls": 1, "failed": True},
    {"name": "net.fc1", "type": "Linear", "depth": 1, "in": "(32, 72)", "parameters": 3210, "calls": 1, "failed": True},
]
LINE = {"line": 7, "name": "h", "shape": [32, 72], "dtype": "float32", "source": "h = x[/b].view(32, -1)"}
NORMS = [{"name": "fc1.weight", "shape": [9, 9], "norms": [-6.0, -7.0]}, {"name": "fc2.weight", "norms": [0.0, -1.0]}]
ACTS = [{"name": "relu", "type": "ReLU", "mean": 0.1, "std": 0.2, "least": 0, "zeros": 0.9, "dead": 0.75}]


async def test_each_view_is_a_key_away_and_says_what_to_look_for(tmp_path: Path) -> None:
    desktop = table(tmp_path)
    async with desktop.running((80, 24)) as pilot:
        await opened(pilot, desktop)
        for view in VIEWS:
            await wait_for(pilot, lambda view=view: asked(desktop)[-1].views == (view.id,))
            await wait_for(pilot, lambda view=view: view.look_for[:40] in seen(desktop.app))
            await pilot.press("v")
        await wait_for(pilot, lambda: asked(desktop)[-1].views == (VIEWS[0].id,))
        await pilot.press("V")
        await wait_for(pilot, lambda: asked(desktop)[-1].views == (VIEWS[-1].id,))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_views_of_a_training(tmp_path: Path, size: tuple[int, int]) -> None:
    desktop = table(tmp_path)
    async with desktop.running(size) as pilot:
        await opened(pilot, desktop)
        tell(desktop, "shapes", rows=NET, lines=[LINE])
        tell(desktop, "gradients", rows=NORMS, steps=[0, 1])
        tell(desktop, "activations", rows=ACTS)
        await pilot.press("v")
        await wait_for(pilot, lambda: "(32, 72) → ✗ failed" in " ".join(seen(desktop.app).split()))
        assert "h = x[/b]" in seen(desktop.app)
        await pilot.press("v")
        await wait_for(pilot, lambda: "fc2.weight" in seen(desktop.app) and "1e-7" in seen(desktop.app))
        await pilot.press("v")
        await wait_for(pilot, lambda: "75% of the units of relu are dead" in seen(desktop.app))


STEPS = {"runs": 2, "back": 0, "at": 2, "passes": [0, 1, 2], "losses": [3, 2, "nan"]}
FIT = {"kind": "map", "cells": ["aaqq"] * 3, "points": [[0, 0, 0]], "classes": ["[/cat]"]}


async def test_the_arrows_go_through_steps_and_matrices(tmp_path: Path) -> None:
    desktop = table(tmp_path)
    async with desktop.running((80, 24)) as pilot:
        await opened(pilot, desktop)
        await pilot.press("V")
        tell(desktop, "steps", rows=[{"name": "W", "values": [0.5], "norm": -1}], fit=FIT, **STEPS)
        await wait_for(pilot, lambda: "the end, after 2 passes" in seen(desktop.app) and "[/cat]" in seen(desktop.app))
        await pilot.press("left", "left")
        await wait_for(pilot, lambda: asked(desktop)[-1] == Watch(("steps",), "0:0"))
        await pilot.press("r")
        await wait_for(pilot, lambda: asked(desktop)[-1] == Watch(("steps",), "1:"))
        await pilot.press("V", "V")
        tell(desktop, "weights", subjects=["a", "b"], subject="a", cells=["aq"], shape=[1, 2], least=-1, most=1)
        await wait_for(pilot, lambda: "1 of 2" in seen(desktop.app))
        await pilot.press("right")
        await wait_for(pilot, lambda: asked(desktop)[-1] == Watch(("weights",), "b"))
        tell(desktop, "graph", rows=[{"kind": "operation", "name": "Add"}], loss="loss[/i]", missing=["fc1.weight"])
        await pilot.press("v")
        await wait_for(pilot, lambda: "No gradient reaches fc1.weight" in seen(desktop.app))


async def test_ascii_where_it_is_wanted(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, settings=Settings(ascii_plots=True), options={"lesson_id": "first"})
    async with desktop.running((80, 24)) as pilot:
        await opened(pilot, desktop)
        await pilot.press("V", "V", "V")
        tell(desktop, "weights", subjects=["a"], subject="a", cells=["aq"], shape=[1, 2], least=-1, most=1)
        await wait_for(pilot, lambda: "@@@@####" in seen(desktop.app))
