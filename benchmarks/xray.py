"""What the X-ray costs a training: hidden, and with all of its views open.

The loop is the same in all three places and takes its own time: as a quiet cell, which nothing watches; as the
learner's cell with the X-ray closed; and with every view asked for.
"""

from __future__ import annotations

import asyncio
import os
from statistics import median

from benchmarks.measure import Row
from benchmarks.workplace import Workplace, workplace
from tutor.commands.headless import Headless, attached
from tutor.runner import sessions
from tutor.runner.client import new_run_id
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Run, Watch
from tutor.runner.protocol.session_events import VIEWS

SETUP = """
import time, torch
from torch import nn
torch.manual_seed(0)
"""

SMALL = """
x, y = torch.randn(32, 8), torch.randn(32, 1)
net = nn.Linear(8, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
"""

LARGE = """
x, y = torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,))
net = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 24, 3), nn.ReLU(), nn.MaxPool2d(2),
                    nn.Flatten(), nn.Linear(600, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
"""

LOOP = """
began = time.process_time()
for step in range({steps}):
    loss = {loss}(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print("seconds", (time.process_time() - began) / {steps})
"""

LOOPS = (
    ("0.1 ms a step", SMALL, LOOP.format(steps=20_000, loss="nn.functional.mse_loss")),
    ("5 ms a step", LARGE, LOOP.format(steps=400, loss="nn.functional.cross_entropy")),
)


PLACES = ("bare", "hidden", "open")


def rows(rounds: int) -> list[Row]:
    """Microseconds of processor time a step, hidden and open, against the bare loop."""
    with workplace() as place:
        return asyncio.run(_rows(place, rounds))


async def _rows(place: Workplace, rounds: int) -> list[Row]:
    os.environ.update(place.variables)
    found: list[Row] = []
    async with attached(await sessions.start()) as ours:
        await ours.ready()
        for title, setup, loop in LOOPS:
            taken: dict[str, list[float]] = {name: [] for name in PLACES}
            await _measure(ours, setup, loop, "bare")  # whatever is slow the first time
            for _ in range(rounds):
                for name in PLACES:
                    taken[name].append(await _measure(ours, setup, loop, name))
            bare, hidden, open_ = (1e6 * median(taken[name]) for name in PLACES)
            found.append(Row(f"{title}, X-ray hidden", hidden, bare, "us", "the bare loop", 1.02))
            found.append(Row(f"{title}, all views open", open_, bare, "us", "the bare loop", 1.05))
    return found


async def _measure(ours: Headless, setup: str, loop: str, place: str) -> float:
    """Processor seconds a step, of all threads of the kernel."""
    ours.session.send(Watch(VIEWS if place == "open" else ()))
    cells = [_cell("setup", SETUP + setup), _cell("loop", loop), _cell("own", "None")]
    run = new_run_id()
    request = Run(run, tuple(cells if place == "bare" else cells[:2]), quiet_cells=2 if place == "bare" else 1)
    record = await ours.run(request)
    printed = "".join(chunk.text for chunk in record.chunks)
    return float(printed.partition("seconds ")[2].split()[0])


def _cell(key: str, source: str) -> Cell:
    return Cell(key=key, source=source, filename=f"{key}.py")
