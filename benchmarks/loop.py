"""What running under us costs a training loop: bare, with our capture on, and under ipykernel, in turns."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from statistics import median

from benchmarks import ours, peer
from benchmarks.measure import Row
from benchmarks.peer import Peer
from benchmarks.workplace import Workplace, workplace
from tutor.commands.headless import Headless, attached
from tutor.runner import sessions

# The median over blocks of steps: a moment in which the machine does something else is one block and not the result.
_LOOP = """
import time
from statistics import median

import torch

torch.set_num_threads(1)
torch.manual_seed(0)
x, y = torch.randn({batch}, {width}), torch.randn({batch}, 1)
model = torch.nn.Sequential(torch.nn.Linear({width}, {hidden}), torch.nn.Linear({hidden}, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
blocks = []
for block in range({blocks}):
    begin = time.perf_counter()
    for step in range({steps}):
        loss = ((model(x) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    blocks.append((time.perf_counter() - begin) / {steps})
print("seconds a step:", median(blocks[1:]))
"""

SIZES = {
    "0.1 ms": _LOOP.format(batch=8, width=10, hidden=4, blocks=41, steps=500),
    "5 ms": _LOOP.format(batch=256, width=1024, hidden=512, blocks=21, steps=20),
}
"""About how long a step takes -> the program."""


def rows(rounds: int) -> list[Row]:
    """Two rows for each size: against the bare script, and against ipykernel."""
    with workplace() as place:
        return asyncio.run(_rows(place, rounds))


async def _rows(place: Workplace, rounds: int) -> list[Row]:
    os.environ.update(place.variables)
    info = await sessions.start()
    other = await Peer.start(place.folder / "peer") if peer.available() else None
    taken: dict[tuple[str, str], list[float]] = {}
    async with attached(info) as headless:
        await headless.ready()
        for _ in range(rounds):
            for size, program in SIZES.items():
                taken.setdefault((size, "bare"), []).append(_bare(program))
                taken.setdefault((size, "ours"), []).append(await _ours(headless, program))
                if other is not None:
                    taken.setdefault((size, "peer"), []).append(await _peer(other, program))
    if other is not None:
        await other.stop()

    def microseconds(size: str, who: str) -> float | None:
        values = taken.get((size, who))
        return 1e6 * median(values) if values else None

    found = []
    for size in SIZES:
        mine = microseconds(size, "ours") or 0.0
        found.append(Row(f"training loop, {size} a step", mine, microseconds(size, "bare"), "µs", "bare script", 1.02))
        found.append(Row(f"training loop, {size} a step", mine, microseconds(size, "peer"), "µs", "ipykernel", 1.02))
    return found


def _bare(program: str) -> float:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return _seconds(done.stdout)


async def _ours(headless: Headless, program: str) -> float:
    heard: list[str] = []
    await ours.run(headless, program, heard.append)
    return _seconds("".join(heard))


async def _peer(other: Peer, program: str) -> float:
    heard: list[str] = []
    await other.run(program, heard.append)
    return _seconds("".join(heard))


def _seconds(printed: str) -> float:
    return float(printed.rpartition("seconds a step:")[2])
