"""Round trip, restart and the check of an exercise, against ipykernel and a fresh pytest process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from benchmarks.measure import Row
from benchmarks.ours import cell, run
from benchmarks.peer import USE_TORCH, Peer, available
from benchmarks.workplace import Workplace, workplace
from tutor.commands.headless import Headless, attached
from tutor.runner import sessions
from tutor.runner.client import new_run_id
from tutor.runner.protocol.requests import Check

_SOLUTION = "def double(x):\n    return 2 * x\n"
_TEST = "assert torch.equal(double(torch.ones(3)), torch.full((3,), 2.0)), 'twice each value'\n"
_TRIPS = 200

Timed = Callable[[], Awaitable[float]]


def rows(rounds: int) -> list[Row]:
    """The three rows; without ipykernel the references of two are missing."""
    with workplace() as place:
        return asyncio.run(_rows(place, rounds))


async def _rows(place: Workplace, rounds: int) -> list[Row]:
    import os

    os.environ.update(place.variables)
    info = await sessions.start()
    async with attached(info) as ours:
        await ours.ready()
        await run(ours, USE_TORCH)
        peer = await Peer.start(place.folder / "peer") if available() else None
        trips: dict[str, list[float]] = {"ours": [], "peer": []}
        restarts: dict[str, list[float]] = {"ours": [], "peer": []}
        checks: dict[str, list[float]] = {"ours": [], "pytest": []}
        for _ in range(rounds):
            trips["ours"].append(await _many(lambda: run(ours, "1+1")))
            checks["ours"].append(await _check(ours))
            checks["pytest"].append(_pytest(place.folder))
            restarts["ours"].append(await _restart(ours))
            if peer is not None:
                trips["peer"].append(await _many(lambda: peer.run("1+1")))
                restarts["peer"].append(await peer.restart())
        if peer is not None:
            await peer.stop()

    def middle(values: list[float]) -> float | None:
        return 1000 * median(values) if values else None

    return [
        Row("round trip of 1+1", middle(trips["ours"]) or 0, middle(trips["peer"]), "ms", "ipykernel", 0.25),
        Row(
            "restart to a usable torch",
            middle(restarts["ours"]) or 0,
            middle(restarts["peer"]),
            "ms",
            "ipykernel",
            50,
            True,
        ),
        Row(
            "check of an exercise",
            middle(checks["ours"]) or 0,
            middle(checks["pytest"]),
            "ms",
            "fresh pytest",
            200,
            True,
        ),
    ]


async def _many(trip: Timed) -> float:
    return median([await trip() for _ in range(_TRIPS)])


async def _restart(ours: Headless) -> float:
    begin = time.perf_counter()
    await ours.restart()
    await run(ours, USE_TORCH)
    return time.perf_counter() - begin


async def _check(ours: Headless) -> float:
    begin = time.perf_counter()
    record = await ours.run(
        Check(run=new_run_id(), setup=(cell("import torch"),), code=cell(_SOLUTION), tests=(cell(_TEST),))
    )
    if not record.passed:
        raise RuntimeError(f"the check ended {record.outcome}: {record.words} {record.verdicts}")
    return time.perf_counter() - begin


def _pytest(folder: Path) -> float:
    test = folder / "test_exercise.py"
    test.write_text(f"import torch\n{_SOLUTION}\ndef test_double():\n    {_TEST}", encoding="utf-8")
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    return time.perf_counter() - begin
