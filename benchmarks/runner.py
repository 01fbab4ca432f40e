"""Round trip, restart and the check of an exercise, against ipykernel and a fresh pytest process."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Row
from benchmarks.workplace import Workplace, workplace
from tutor.commands.headless import Headless, attached
from tutor.runner import sessions
from tutor.runner.client import new_run_id
from tutor.runner.protocol import Cell, Check, Run

_SOLUTION = "def double(x):\n    return 2 * x\n"
_TEST = "assert torch.equal(double(torch.ones(3)), torch.full((3,), 2.0)), 'twice each value'\n"
_USE_TORCH = "import torch\ntorch.ones(2).sum()\n"
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
        await _run(ours, _USE_TORCH)
        peer = await _Peer.start() if importlib.util.find_spec("ipykernel") else None
        trips: dict[str, list[float]] = {"ours": [], "peer": []}
        restarts: dict[str, list[float]] = {"ours": [], "peer": []}
        checks: dict[str, list[float]] = {"ours": [], "pytest": []}
        for _ in range(rounds):
            trips["ours"].append(await _many(lambda: _run(ours, "1+1")))
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


def _cell(source: str) -> Cell:
    return Cell(key="bench", source=source, filename="bench.py")


async def _run(ours: Headless, source: str) -> float:
    begin = time.perf_counter()
    record = await ours.run(Run(run=new_run_id(), cells=(_cell(source),)))
    if record.outcome != "ok":
        raise RuntimeError(f"{source!r} ended {record.outcome}: {record.words}")
    return time.perf_counter() - begin


async def _many(trip: Timed) -> float:
    return median([await trip() for _ in range(_TRIPS)])


async def _restart(ours: Headless) -> float:
    begin = time.perf_counter()
    await ours.restart()
    await _run(ours, _USE_TORCH)
    return time.perf_counter() - begin


async def _check(ours: Headless) -> float:
    begin = time.perf_counter()
    record = await ours.run(
        Check(run=new_run_id(), setup=(_cell("import torch"),), code=_cell(_SOLUTION), tests=(_cell(_TEST),))
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


class _Peer:
    """ipykernel over its ipc transport, which is the faster one."""

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager, self._client = manager, client

    @classmethod
    async def start(cls) -> _Peer:
        from jupyter_client.manager import start_new_async_kernel

        manager, client = await start_new_async_kernel(kernel_name="python3")
        peer = cls(manager, client)
        await peer.run(_USE_TORCH)
        return peer

    async def run(self, source: str) -> float:
        begin = time.perf_counter()
        reply = await self._client.execute_interactive(source, output_hook=lambda message: None, timeout=60)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(str(reply["content"]))
        return time.perf_counter() - begin

    async def restart(self) -> float:
        begin = time.perf_counter()
        await self._manager.restart_kernel(now=True)
        await self._client.wait_for_ready(timeout=60)
        await self.run(_USE_TORCH)
        return time.perf_counter() - begin

    async def stop(self) -> None:
        self._client.stop_channels()
        await self._manager.shutdown_kernel(now=True)
