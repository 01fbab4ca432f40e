"""What each rank of `test_kernel_ddp` runs: the same training twice, alone and captured. Writes what came of it.

Not in the name of pytest: started by torchrun, as `ddp_program.py FOLDER`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

STEPS = 40


def train() -> tuple[list[torch.Tensor], dict[str, list[float]]]:
    """Train with an accumulation of two passes a step, then with one; the weights, and the losses as they were."""
    rank = dist.get_rank()
    torch.manual_seed(0)
    model = DistributedDataParallel(nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1)))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    mine = torch.Generator().manual_seed(1 + rank)
    said: dict[str, list[float]] = {"half": [], "loss": [], "val_loss": []}
    for step in range(STEPS):
        with model.no_sync() if step % 2 == 0 else nullcontext():
            half = model(torch.randn(8, 4, generator=mine)).pow(2).mean()
            (half / 2).backward()
        said["half"].append(half.item())
        if step % 2:
            optimizer.step()
            optimizer.zero_grad()
    for step in range(STEPS):
        x = torch.randn(8, 4, generator=mine)
        loss = model(x).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        said["loss"].append(loss.item())
        if step % 10 == 9:
            with torch.no_grad():
                val_loss = nn.functional.mse_loss(model(x), torch.zeros(8, 1))
            said["val_loss"].append(val_loss.item())
    return [one.detach().clone() for one in model.parameters()], said


def captured() -> tuple[list[torch.Tensor], dict[str, list[float]], dict[str, Any]]:
    """The same, seen by the capture while another thread sends what comes in; also the curves."""
    from tutor.kernel.capture import Capture
    from tutor.runner.protocol.message import Event
    from tutor.runner.protocol.run_events import Points

    events: list[Event] = []
    capture = Capture(events.append)
    capture.install()
    over = threading.Event()

    def tick() -> None:
        while not over.wait(0.005):
            capture.flush()

    capture.begin("run", [__file__])
    thread = threading.Thread(target=tick)
    thread.start()
    try:
        weights, said = train()
    finally:
        over.set()
        thread.join()
        capture.end()
    curves: dict[str, Any] = {}
    for event in events:
        for series, steps, values in event.unpack() if isinstance(event, Points) else ():
            curve = curves.setdefault(series.name, {"role": series.role, "steps": [], "values": []})
            curve["steps"] += steps
            curve["values"] += values
    return weights, said, curves


def main() -> None:
    """Write `rankN.json`: why nothing could be tried, or what came of it."""
    torch.set_num_threads(1)
    rank = int(os.environ["RANK"])
    try:
        dist.init_process_group("gloo")
    except (RuntimeError, ValueError) as error:
        found: dict[str, Any] = {"unable": str(error).partition("\n")[0]}
    else:
        alone, said = train()
        watched, again, curves = captured()
        found = {
            "same": all(map(torch.equal, alone, watched)) and said == again,
            "said": said,
            "curves": curves,
            "weights": [one.tolist() for one in watched],
        }
        dist.destroy_process_group()
    Path(sys.argv[1], f"rank{rank}.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
