"""Faults of processes: children that stay, workers, threads, crashes by recursion, and the system's memory killer."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from runner_harness import belonging_to, wait_until

from tutor.runner import processes, sessions
from tutor.runner.protocol.requests import Interrupt, Restart
from tutor.runner.protocol.run_events import InputRequested, Output
from tutor.runner.protocol.session_events import KernelDied, KernelReady

pytestmark = pytest.mark.timeout(180)

CHILDREN = """
import os, time
children = []
for at in range(100):
    pid = os.fork()
    if pid == 0:
        time.sleep(600)
        os._exit(0)
    children.append(pid)
print("forked", len(children), flush=True)
"""

WORKERS = """
import torch
from torch.utils.data import DataLoader, Dataset

class Numbers(Dataset):
    def __len__(self):
        return 8
    def __getitem__(self, index):
        return index

loader = DataLoader(Numbers(), num_workers=2, persistent_workers=True, multiprocessing_context="fork")
batches = iter(loader)
first = next(batches)
[worker.pid for worker in batches._workers]
"""


@pytest.fixture
async def alone(sessions_folder: Path, attach):
    """A viewer of a session of its own."""
    info = await sessions.start()
    viewer = await attach(info, 0)
    if viewer.transcript.kernel is None:
        await viewer.until_type(KernelReady)
    viewer.info = info
    yield viewer
    await viewer.session.close()
    await sessions.stop(info)


def below(viewer) -> int:
    return len(processes.tree(viewer.info.pid))


async def test_a_fork_bomb_of_100_children_ends_with_the_kernel(alone) -> None:
    before = below(alone)
    record = await alone.run(CHILDREN)
    assert record.outcome == "ok" and record.text("stdout") == "forked 100\n"
    assert below(alone) == before + 100
    assert (await alone.run("len(children)")).text("result") == "100\n", "the kernel still answers"
    alone.send(Restart())
    await alone.until_type(KernelReady)
    wait_until(lambda: below(alone) == before, "children stay behind")
    assert (await alone.run("1 + 1")).text("result") == "2\n"


async def test_an_interrupt_in_the_middle_of_a_fork_bomb(alone) -> None:
    before = below(alone)
    run = alone.start(CHILDREN + "while True: time.sleep(1)")
    await alone.until(lambda event: isinstance(event, Output) and "forked" in event.text)
    alone.send(Interrupt())
    assert (await alone.finished(run)).outcome == "interrupted"
    assert (await alone.run("len(children)")).text("result") == "100\n"
    await alone.run("import signal\nfor pid in children: os.kill(pid, signal.SIGKILL), os.waitpid(pid, 0)")
    wait_until(lambda: below(alone) == before, "children stay behind")


async def test_a_forked_child_that_reaches_the_end_of_the_cell_ends_there(alone) -> None:
    before = below(alone)
    record = await alone.run("import os\nfor at in range(4):\n    pid = os.fork()\n    if pid == 0: break\nprint(at)")
    assert record.outcome == "ok"
    wait_until(lambda: below(alone) <= before + 4, "they are not counted")
    record = await alone.run("sorted(os.WEXITSTATUS(os.waitpid(-1, 0)[1]) for _ in range(4))")
    assert record.text("result") == "[0, 0, 0, 0]\n"
    wait_until(lambda: below(alone) == before, "children stay behind")
    record = await alone.run("pid = os.fork()\nif pid == 0: 1 / 0\nos.WEXITSTATUS(os.waitpid(pid, 0)[1])")
    assert record.outcome == "ok" and record.text("result") == "1\n"
    assert "ZeroDivisionError" in record.text("stderr") and "tutor/kernel" not in record.text("stderr")


@pytest.mark.parametrize("end", ["restart", "kill"])
async def test_workers_of_a_data_loader_left_running_end_with_the_kernel(alone, end: str) -> None:
    before = below(alone)
    record = await alone.run(WORKERS)
    assert record.outcome == "ok", record.failure
    assert below(alone) == before + 2
    if end == "restart":
        alone.send(Restart())
    else:
        await alone.run("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    await alone.until_type(KernelReady)
    wait_until(lambda: below(alone) == before, "workers stay behind")


async def test_threads_left_running_do_not_hold_up_the_next_run_nor_the_end(alone) -> None:
    record = await alone.run(
        "import threading, time\n"
        "def spin():\n    while True: time.sleep(0.001)\n"
        "for _ in range(20): threading.Thread(target=spin).start()\nprint(threading.active_count() > 20)"
    )
    assert record.outcome == "ok" and record.text("stdout") == "True\n"
    assert (await alone.run("1 + 1")).text("result") == "2\n"
    alone.send(Restart())
    await alone.until_type(KernelReady)
    assert (await alone.run("import threading\nthreading.active_count() < 20")).text("result") == "True\n"


async def test_deep_recursion_is_an_error_and_without_its_limit_a_death_in_words(alone) -> None:
    record = await alone.run("kept = 1\ndef f(n):\n    return f(n + 1)\nf(0)")
    assert record.outcome == "error" and record.failure.kind == "RecursionError"
    assert len(record.failure.text) < 20_000
    assert (await alone.run("kept")).text("result") == "1\n"
    record = await alone.run(
        "import sys, re\nsys.setrecursionlimit(10**8)\nprint('deep')\n"
        "class Deep:\n    def __repr__(self):\n        return repr([self])\nrepr(Deep())"
    )
    if sys.version_info >= (3, 12):  # there, what recurses in C has a limit that stays
        assert record.outcome == "error" and record.failure.kind == "RecursionError"
        return
    assert record.outcome == "died" and "segmentation fault" in record.words and "is kept" in record.words
    assert record.text("stdout") == "deep\n"
    await alone.until_type(KernelReady)
    assert (await alone.run("1 + 1")).text("result") == "2\n"


async def test_input_wanted_when_nobody_looks_is_asked_when_somebody_comes(sessions_folder: Path, attach) -> None:
    info = await sessions.start(idle_minutes=2.0 / 60)  # shorter than the wait below
    viewer = await attach(info, 0)
    run = viewer.start("import time\ntime.sleep(2.5)\nname = input('who? ')\nprint('hello', name)", timeout=60.0)
    await viewer.until(lambda _: run in viewer.transcript.runs and viewer.transcript.runs[run].started)
    await viewer.session.close()
    journal = info.folder / "journal"
    wait_until(lambda: b"InputRequested" in journal.read_bytes(), "it was not asked")
    [still_there] = [one for one in await sessions.find() if one.id == info.id]
    assert still_there.running == run and still_there.clients == 0
    viewer = await attach(info, 0)
    asked = viewer.transcript.waiting_for_input
    assert isinstance(asked, InputRequested) and asked.prompt == "who? "
    from tutor.runner.protocol.requests import Answer

    viewer.send(Answer("Ada"))
    record = await viewer.finished(run)
    assert record.outcome == "ok" and record.text("stdout").endswith("hello Ada\n")
    await viewer.session.close()
    await sessions.stop(info)


MEMORY_GROUPS = Path("/sys/fs/cgroup/memory")


@pytest.fixture
def small_memory_group():
    """A group of processes that together may hold 900 MB, where this machine lets us make one."""
    group = MEMORY_GROUPS / f"pytutor-test-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text("900000000")
    except OSError:
        pytest.skip("no control group can be made here")
    yield group

    def removed() -> bool:
        try:
            group.rmdir()
        except OSError:
            return False
        return True

    wait_until(removed, "the control group stays behind")


async def test_the_systems_memory_killer_takes_the_kernel_and_is_named(
    sessions_folder: Path, attach, small_memory_group: Path
) -> None:
    info = await sessions.start()
    viewer = await attach(info, 0)
    if viewer.transcript.kernel is None:
        await viewer.until_type(KernelReady)
    for one in processes.tree(info.pid):
        (small_memory_group / "cgroup.procs").write_text(str(one.pid))
    record = await viewer.run("print('before')\nkept = [bytearray(b'x') * 50_000_000 for _ in range(100)]")
    assert record.outcome == "died" and "ran out of memory" in record.words and "smaller batch" in record.words
    assert record.text("stdout") == "before\n"
    await viewer.until_type(KernelDied)
    await viewer.until_type(KernelReady)
    assert (await viewer.run("1 + 1")).text("result") == "2\n"
    await viewer.session.close()
    await sessions.stop(info)


async def test_nothing_is_left_of_any_of_them(sessions_folder: Path) -> None:
    """The sessions above have been stopped one by one: no process of theirs, however it was made, is there."""
    wait_until(lambda: not belonging_to(sessions_folder), f"processes stay behind: {belonging_to(sessions_folder)}")
