"""Cells of several processes, under PyTorch's own launcher: one output and one series per rank, failures by rank."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest
from runner_harness import wait_until

from tutor.metrics.board import PROGRESS
from tutor.runner import processes, sessions
from tutor.runner.protocol.requests import Interrupt
from tutor.runner.protocol.run_events import Notice, Points

pytestmark = pytest.mark.timeout(240)

TWO = "torchrun --nproc-per-node 2"


def names_of_series(viewer, run: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for event in viewer.seen:
        if isinstance(event, Points) and event.run == run:
            for series, _, values in event.unpack():
                if series.role in PROGRESS:  # on a slow machine the loop tells its rounds
                    continue
                found.setdefault(series.name, []).extend(values)
                assert series.site.startswith("lesson.md:")
    return found


def lines_of(text: str, rank: int) -> list[str]:
    return [line[len("[rank 0] ") :] for line in text.splitlines() if line.startswith(f"[rank {rank}] ")]


TRAINING = """
import os
import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

class Net(torch.nn.Linear):
    pass

dist.init_process_group("gloo")
rank = dist.get_rank()
one = torch.tensor([rank + 1.0])
dist.all_reduce(one)
print("sum", one.item(), "of", dist.get_world_size(), device.type)
torch.manual_seed(rank)
model = DistributedDataParallel(Net(4, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(20):
    loss = model(torch.randn(8, 4)).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print("step", step)
dist.destroy_process_group()
"""


async def test_two_ranks_have_an_output_and_a_series_each(viewer, shared_session) -> None:
    await viewer.run("kept = 1\nrank = 'mine'")
    before = len(processes.tree(shared_session.pid))
    record = await viewer.run(TRAINING, launch=TWO)
    assert record.outcome == "ok", (record.words, record.failure, record.text("stderr"))
    for rank in range(2):
        assert lines_of(record.text("stdout"), rank) == ["sum 3.0 of 2 cpu", *(f"step {at}" for at in range(20))]
    assert record.text("stderr") == ""
    series = names_of_series(viewer, record.run)
    assert {name: len(values) for name, values in series.items()} == {"loss [rank 0]": 20, "loss [rank 1]": 20}
    assert series["loss [rank 0]"] != series["loss [rank 1]"]
    assert (await viewer.run("kept, rank")).text("result") == "(1, 'mine')\n", "the namespace had no part in it"
    wait_until(lambda: len(processes.tree(shared_session.pid)) == before, "ranks stay behind")
    assert not {path.name for path in shared_session.folder.iterdir() if "launch" in path.name or path.name == "ranks"}


async def test_two_machines_are_one_group(sessions_folder: Path, attach) -> None:
    """Two sessions stand for two machines; what they tell torchrun is passed on as it is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    infos = [await sessions.start() for _ in range(2)]
    viewers = [await attach(info, 0) for info in infos]
    code = (
        "import torch, torch.distributed as dist\ndist.init_process_group('gloo')\n"
        "all = torch.tensor([dist.get_rank() + 1.0])\ndist.all_reduce(all)\nprint('sum', all.item())\n"
        "w = torch.ones(1, requires_grad=True)\nloss = (w * all).sum()\nloss.backward()\ndist.destroy_process_group()"
    )
    machine = f"torchrun --nnodes 2 --nproc-per-node 1 --master-addr 127.0.0.1 --master-port {port} --node-rank"
    runs = [viewer.start(code, launch=f"{machine} {at}") for at, viewer in enumerate(viewers)]
    for at, (viewer, run) in enumerate(zip(viewers, runs, strict=True)):
        record = await viewer.finished(run)
        assert record.outcome == "ok", (record.words, record.failure, record.text("stderr"))
        assert record.text("stdout") == f"[rank {at}] sum 3.0\n"
        assert names_of_series(viewer, run) == {f"loss [rank {at}]": [3.0]}
        await viewer.session.close()
        await sessions.stop(infos[at])


async def test_a_failing_rank_is_told_with_its_traceback(viewer) -> None:
    record = await viewer.run(
        "import os, time\nprint('here', flush=True)\nif os.environ['RANK'] == '1':\n    1 / 0\ntime.sleep(600)",
        launch=TWO,
    )
    assert record.outcome == "error" and record.failure is not None
    assert record.failure.kind == "ZeroDivisionError"
    assert [frame.line for frame in record.failure.frames if frame.learner] == [14]
    assert "tutor/kernel" not in record.failure.text and "elastic" not in record.text("stderr")
    assert record.text("notice") == "Rank 1 failed, and torchrun ended the others.\n"
    assert lines_of(record.text("stdout"), 1) == ["here"]


async def test_a_rank_that_crashes_is_named(viewer) -> None:
    record = await viewer.run(
        "import ctypes, os, time\nif os.environ['RANK'] == '0':\n    print('last words')\n    ctypes.string_at(0)\n"
        "time.sleep(600)",
        launch=TWO,
    )
    assert record.outcome == "died" and "Rank 0 was ended by SIGSEGV" in record.words
    assert lines_of(record.text("stdout"), 0) == ["last words"]
    assert "[rank 0] Fatal Python error: Segmentation fault" in record.text("stderr")
    assert (await viewer.run("1 + 1")).text("result") == "2\n", "the kernel lives on"


async def test_an_interrupt_ends_all_ranks(viewer, shared_session) -> None:
    before = len(processes.tree(shared_session.pid))
    run = viewer.start("import time\nprint('go', flush=True)\nwhile True: time.sleep(0.1)", launch=TWO)
    await viewer.until(
        lambda _: run in viewer.transcript.runs and viewer.transcript.runs[run].text("stdout").count("go") == 2
    )
    wait_until(lambda: len(processes.tree(shared_session.pid)) == before + 3, "the launcher and two ranks")
    there = list(shared_session.folder.rglob("*"))
    assert {path.name for path in there} >= {"ranks", "request"}
    modes = [path.lstat().st_mode for path in there]
    assert not [mode for mode in modes if not stat.S_ISLNK(mode) and mode & 0o077], "it is for us only"
    viewer.send(Interrupt())
    assert (await viewer.finished(run)).outcome == "interrupted"
    wait_until(lambda: len(processes.tree(shared_session.pid)) == before, "ranks stay behind")


async def test_a_time_limit_ends_all_ranks(viewer, shared_session) -> None:
    before = len(processes.tree(shared_session.pid))
    record = await viewer.run("while True: pass", launch="torchrun --nproc-per-node 1", timeout=4.0)
    assert record.outcome == "timeout"
    wait_until(lambda: len(processes.tree(shared_session.pid)) == before, "ranks stay behind")


@pytest.mark.parametrize(
    ("launch", "words"),
    [("mpirun -n 2", "by torchrun only, not by 'mpirun'"), ("torchrun --no-such-option 1", "no-such-option")],
)
async def test_what_cannot_be_launched_is_an_error_in_words(viewer, launch: str, words: str) -> None:
    record = await viewer.run("print('never')", launch=launch)
    assert record.outcome == "error" and words in record.failure.message
    assert record.text("stdout") == "" and not [event for event in viewer.seen if isinstance(event, Notice)]
