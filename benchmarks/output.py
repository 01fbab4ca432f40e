"""Start, output and memory of the runner against ipykernel: a million lines, flushed lines that arrive, bytes held."""

from __future__ import annotations

import asyncio
import os
import time
from statistics import median

import psutil

from benchmarks import ours, peer
from benchmarks.measure import Row
from benchmarks.peer import USE_TORCH, Peer
from benchmarks.workplace import Workplace, workplace
from tutor.commands.headless import attached
from tutor.runner import processes, sessions

_TRAINING = """
import torch
model = torch.nn.Linear(8, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    loss = model(torch.ones(4, 8)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_LINES = 1_000_000
_FLUSHED = 100_000
_MANY = f"for i in range({_LINES}): print(i)"
_ONE_BY_ONE = f"for i in range({_FLUSHED}): print(i, flush=True)"


def rows(rounds: int) -> list[Row]:
    """The five rows; without ipykernel their references are missing."""
    with workplace() as place:
        return asyncio.run(_rows(place, rounds))


async def _rows(place: Workplace, rounds: int) -> list[Row]:
    os.environ.update(place.variables)
    taken: dict[str, list[float]] = {}

    def take(name: str, value: float) -> None:
        taken.setdefault(name, []).append(value)

    for number in range(rounds):
        take("start", await _start())
        if peer.available():
            begin = time.perf_counter()
            other = await Peer.start(place.folder / f"peer-{number}")
            await other.run(USE_TORCH)
            take("start, peer", time.perf_counter() - begin)
            await other.stop()
    info = await sessions.start()
    other = await Peer.start(place.folder / "peer") if peer.available() else None
    async with attached(info) as headless:
        await headless.ready()
        await ours.run(headless, USE_TORCH)
        take("memory", _megabytes(info.pid))
        await ours.run(headless, _TRAINING)
        take("memory, trained", _megabytes(info.pid))
        if other is not None:
            await other.run(USE_TORCH)
            take("memory, peer", _megabytes(other.pid))
            await other.run(_TRAINING)
            take("memory, trained, peer", _megabytes(other.pid))
        for _ in range(rounds):
            seconds, count = await ours.received(headless, _MANY)
            assert count == sum(len(f"{i}\n") for i in range(_LINES)), count
            take("lines", seconds)
            heard: list[str] = []
            await ours.run(headless, _ONE_BY_ONE, heard.append)
            take("lost", _FLUSHED - "".join(heard).count("\n"))
            if other is not None:
                take("lines, peer", await other.run(_MANY))
                take("lost, peer", _FLUSHED - (await other.flood(_ONE_BY_ONE)).count("\n"))
        if other is not None:
            await other.stop()
    middle = {name: median(values) for name, values in taken.items()}

    def row(what: str, name: str, unit: str, target: float, absolute: bool = False) -> Row:
        return Row(what, middle[name], middle.get(f"{name}, peer"), unit, "ipykernel", target, absolute)

    return [
        row("start to a kernel that has used torch", "start", "s", 1.15),
        row("1,000,000 printed lines", "lines", "s", 0.35),
        row("of 100,000 flushed lines, lost", "lost", "lines", 0, True),
        row("memory with torch, all processes", "memory", "MB", 1.15),
        row("memory after a training, all processes", "memory, trained", "MB", 1.15),
    ]


async def _start() -> float:
    """Seconds from nothing to a kernel that has used torch."""
    begin = time.perf_counter()
    info = await sessions.start(private=True)
    async with attached(info) as headless:
        await headless.ready()
        await ours.run(headless, USE_TORCH)
        return time.perf_counter() - begin


def _megabytes(pid: int) -> float:
    """Memory of a process and those below it, shared pages counted once."""
    family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    return processes.proportional_memory(family) / 1e6
