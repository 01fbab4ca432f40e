"""What it costs a training loop to have its losses kept: our capture, which needs no line, against loggers.

Each program is the same loop; a logger adds its one line to it and is set up and closed outside of what is timed.
wandb runs offline. Counted is the processor time of the training's process with all of its threads, which a busy
machine changes least; what wandb does in a process of its own is not in it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks import ours
from benchmarks.measure import Row
from benchmarks.workplace import workplace
from tutor.commands.headless import Headless, attached
from tutor.runner import sessions

_LOOP = """
import time
from statistics import median

import torch
{setup}
torch.set_num_threads(1)
torch.manual_seed(0)
x, y = torch.randn({batch}, {width}), torch.randn({batch}, 1)
model = torch.nn.Sequential(torch.nn.Linear({width}, {hidden}), torch.nn.Linear({hidden}, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
blocks, at = [], 0
for block in range({blocks}):
    begin = time.process_time()
    for step in range({steps}):
        loss = ((model(x) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        at += 1
        {log}
    blocks.append((time.process_time() - begin) / {steps})
{close}
print("seconds a step:", median(blocks[1:]))
"""

_SIZES: dict[str, dict[str, int]] = {
    "0.1 ms": {"batch": 8, "width": 10, "hidden": 4, "blocks": 21, "steps": 500},
    "1 ms": {"batch": 256, "width": 256, "hidden": 256, "blocks": 21, "steps": 50},
}

_PEERS: dict[str, tuple[str, str, str, str]] = {
    "TensorBoard": (
        "tensorboard",
        "from torch.utils.tensorboard import SummaryWriter\nwriter = SummaryWriter('events')",
        "writer.add_scalar('loss', loss.item(), at)",
        "writer.close()",
    ),
    "wandb offline": (
        "wandb",
        "import wandb\nwandb.init(project='bench')",
        "wandb.log({'loss': loss.item()})",
        "wandb.finish()",
    ),
    "trackio": (
        "trackio",
        "import trackio\ntrackio.init(project='bench')",
        "trackio.log({'loss': loss.item()})",
        "trackio.finish()",
    ),
}
"""Name -> package, lines before the loop, the line in it, lines after it."""

_SILENT = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "HF_HUB_OFFLINE": "1"}


def rows(rounds: int) -> list[Row]:
    """For each size, our loop against the bare one and against one with each logger that is installed."""
    with workplace() as place:
        os.environ.update(place.variables)
        return asyncio.run(_rows(place.folder, rounds))


async def _rows(folder: Path, rounds: int) -> list[Row]:
    there = [name for name, (package, *_) in _PEERS.items() if importlib.util.find_spec(package)]
    taken: dict[tuple[str, str], list[float]] = {}
    async with attached(await sessions.start()) as headless:
        await headless.ready()
        for _ in range(rounds):
            for size in _SIZES:
                taken.setdefault((size, "ours"), []).append(await _captured(headless, _program(size)))
                for name in ("bare script", *there):
                    taken.setdefault((size, name), []).append(_alone(_program(size, name), folder))

    def microseconds(size: str, who: str) -> float | None:
        values = taken.get((size, who))
        return 1e6 * median(values) if values else None

    return [
        Row(
            f"CPU of a {size} step, its loss kept",
            microseconds(size, "ours") or 0.0,
            microseconds(size, name),
            "µs",
            name,
            1.02 if name == "bare script" else 1.0,
        )
        for size in _SIZES
        for name in ("bare script", *_PEERS)
    ]


def _program(size: str, name: str = "") -> str:
    _, setup, log, close = _PEERS.get(name, ("", "", "pass", ""))
    return _LOOP.format(setup=setup, log=log, close=close, **_SIZES[size])


async def _captured(headless: Headless, program: str) -> float:
    heard: list[str] = []
    await ours.run(headless, program, heard.append)
    return _seconds("".join(heard))


def _alone(program: str, folder: Path) -> float:
    """The loop in a process of its own, with whatever a logger writes in `folder`."""
    places = {"HOME": str(folder), "WANDB_DIR": str(folder), "TRACKIO_DIR": str(folder / "trackio")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **_SILENT, **places},
    )
    return _seconds(done.stdout)


def _seconds(printed: str) -> float:
    return float(printed.rpartition("seconds a step:")[2].split()[0])
