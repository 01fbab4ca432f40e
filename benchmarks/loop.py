"""What running under us costs a training loop: bare, with our capture on, and under ipykernel, by blocks in turns."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

from benchmarks import ours, peer
from benchmarks.measure import Row
from benchmarks.peer import Peer
from benchmarks.turns import Player, in_turns
from benchmarks.workplace import Workplace, workplace
from tutor.commands.headless import attached
from tutor.runner import sessions

_LOOP = """
import torch

torch.set_num_threads(1)
torch.manual_seed(0)
x, y = torch.randn({batch}, {width}), torch.randn({batch}, 1)
model = torch.nn.Sequential(torch.nn.Linear({width}, {hidden}), torch.nn.Linear({hidden}, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)

def work():
    for step in range({steps}):
        loss = ((model(x) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

for block in range({blocks}):
    turn(work)
"""


@dataclass(frozen=True)
class Size:
    """A model, and its training as `blocks` of `steps`."""

    batch: int
    width: int
    hidden: int
    blocks: int
    steps: int

    @property
    def program(self) -> str:
        """The training, for a program in which there is `turn`."""
        return _LOOP.format(**vars(self))


SIZES = {
    "0.1 ms": Size(batch=8, width=10, hidden=4, blocks=41, steps=500),
    "5 ms": Size(batch=256, width=1024, hidden=512, blocks=31, steps=20),
}
"""About how long a step takes -> the training."""


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
        runners: dict[str, Callable[[str], Awaitable[object]]] = {
            "bare": _bare,
            "ours": lambda program: ours.run(headless, program),
        }
        if other is not None:
            runners["peer"] = other.run
        for _ in range(rounds):
            for name, size in SIZES.items():
                players = [Player(place.folder, who) for who in runners]
                programs = [
                    run(player.prelude + size.program) for run, player in zip(runners.values(), players, strict=True)
                ]
                for who, seconds in zip(runners, await in_turns(players, programs, size.blocks), strict=True):
                    taken.setdefault((name, who), []).extend(one / size.steps for one in seconds)
                for player in players:
                    player.close()
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


async def _bare(program: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    if await process.wait():
        raise RuntimeError("the bare script failed")
