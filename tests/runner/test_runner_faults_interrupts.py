"""Interrupts wherever code may be: what can be stopped stops and keeps its state, and of the rest the truth is told."""

from __future__ import annotations

import pytest
from runner_harness import wait_until

from tutor.runner import processes
from tutor.runner.protocol.requests import Interrupt, Restart
from tutor.runner.protocol.run_events import Notice
from tutor.runner.protocol.session_events import KernelReady

pytestmark = pytest.mark.timeout(180)

REACTS = {
    "tight loop": "while True: pass",
    "matmul loop": "import torch\na = torch.rand(200, 200)\nwhile True: b = a @ a",
    "training": (
        "import torch\nmodel = torch.nn.Linear(8, 1)\nopt = torch.optim.Adam(model.parameters())\n"
        "while True:\n    loss = model(torch.rand(4, 8)).mean()\n    opt.zero_grad(); loss.backward(); opt.step()"
    ),
    "sleep": "import time\ntime.sleep(600)",
    "a lock": "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    "regex": "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
    "a call of C that sleeps": "import ctypes\nctypes.CDLL(None).sleep(600)",
    "a child": "import subprocess\nsubprocess.run(['sleep', '600'])",
    "blocked in the main thread": "while True: pass",
}
BLOCKED = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])"
IGNORED = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)"


async def go(viewer, code: str, before: str = "") -> str:
    """Start code that keeps a variable, says so, and goes on; its run. An interrupt may fall right behind that."""
    run = viewer.start(f"kept = 41\n{before}\nprint('go', flush=True)\n{code}")
    await printed(viewer, run, "go")
    return run


async def printed(viewer, run: str, text: str) -> None:
    """Read on until a run has printed something."""

    def there() -> bool:
        return run in viewer.transcript.runs and text in viewer.transcript.runs[run].text("stdout")

    if not there():
        await viewer.until(lambda _: there())


async def kept(viewer) -> str:
    return (await viewer.run("kept + 1")).text("result")


@pytest.mark.parametrize("where", REACTS)
async def test_it_stops_and_the_variables_stay(viewer, where: str) -> None:
    if where == "blocked in the main thread":  # a thread of autograd, where training has left one, would take it
        viewer.send(Restart())
        await viewer.until_type(KernelReady)
    run = await go(viewer, REACTS[where], BLOCKED if where == "blocked in the main thread" else "")
    viewer.send(Interrupt())
    if where == "blocked in the main thread":
        assert "No reaction" in (await viewer.until_type(Notice)).text
        viewer.send(Interrupt(force=True))
    record = await viewer.finished(run)
    assert record.outcome == "interrupted", record
    assert await kept(viewer) == "42\n"


@pytest.mark.parametrize("method", ["fork", "spawn"])
async def test_a_data_loader_stops_with_its_workers(viewer, shared_session, method: str) -> None:
    code = (
        "import torch, itertools\nfrom torch.utils.data import DataLoader, Dataset\n"
        "class Endless(Dataset):\n    def __len__(self): return 10**9\n    def __getitem__(self, index): return index\n"
        f"loader = DataLoader(Endless(), num_workers=2, multiprocessing_context={method!r})\n"
        "for batch in loader:\n    if batch.item() == 3: print('batches', flush=True)"
    )
    await viewer.run("pass")  # only then is the kernel sure to be one of them
    before = len(processes.tree(shared_session.pid))
    run = await go(viewer, code)
    await printed(viewer, run, "batches")
    viewer.send(Interrupt())
    record = await viewer.finished(run)
    assert record.outcome == "interrupted", record.failure and record.failure.text
    wait_until(lambda: len(processes.tree(shared_session.pid)) <= before + 1, "workers stay")  # spawn's tracker may
    assert await kept(viewer) == "42\n"
    if method == "fork":  # the other takes seconds to start
        again = await viewer.run("next(iter(loader)).item()")
        assert again.outcome == "ok" and again.text("result") == "0\n"


async def test_a_long_call_of_c_is_told_and_stops_when_it_returns(viewer) -> None:
    run = await go(
        viewer,
        "import ctypes, signal, subprocess\n"
        "slow = subprocess.Popen(['sleep', '4'], stdout=subprocess.PIPE, start_new_session=True)\n"
        "signal.siginterrupt(signal.SIGINT, False)\n"
        "import os, threading, time\nhere = f'/proc/self/task/{os.getpid()}/syscall'\n"
        "def tell():\n"
        "    while os.path.exists(here) and hex(slow.stdout.fileno()) not in open(here).read().split()[1:2]:\n"
        "        time.sleep(0.01)\n"
        "    print('deep', flush=True)\n"
        "threading.Thread(target=tell, daemon=True).start()\n"
        "ctypes.CDLL(None).read(slow.stdout.fileno(), ctypes.create_string_buffer(1), 1)\nprint('not reached')",
    )
    await printed(viewer, run, "deep")
    viewer.send(Interrupt())
    notice = await viewer.until_type(Notice)
    assert "No reaction to the interrupt after 2 s" in notice.text and "loses the variables" in notice.text
    record = await viewer.finished(run)
    assert record.outcome == "interrupted" and "not reached" not in record.text("stdout")
    assert await kept(viewer) == "42\n"


async def test_one_that_is_ignored_is_told_and_a_forced_one_keeps_the_variables(viewer) -> None:
    run = await go(viewer, "while True: pass", before=IGNORED)
    viewer.send(Interrupt())
    assert "No reaction" in (await viewer.until_type(Notice)).text
    viewer.send(Interrupt(force=True))
    assert (await viewer.finished(run)).outcome == "interrupted"
    assert await kept(viewer) == "42\n"
    assert (await viewer.run("while True: pass", timeout=0.3)).outcome == "timeout", "the next run can be stopped again"


@pytest.mark.parametrize("code", ["sum(range(10**13))", "for at in range(10**9): at += 1"], ids=["C", "Python"])
async def test_what_cannot_be_stopped_is_told_and_stopping_hard_says_what_is_lost(viewer, code: str) -> None:
    run = viewer.start(
        "kept = 41\nwhile True:\n    try:\n        print('go', flush=True)\n"
        f"        {code}\n    except BaseException: pass"
    )
    await printed(viewer, run, "go")
    viewer.send(Interrupt())
    notice = await viewer.until_type(Notice)
    assert "Stopping it hard ends the kernel and loses the variables" in notice.text
    viewer.send(Restart())
    record = await viewer.finished(run)
    assert record.outcome == "stopped" and "variables are lost" in record.words and "is kept" in record.words
    assert set(record.text("stdout").split()) == {"go"}
    await viewer.until_type(KernelReady)
    assert (await viewer.run("'kept' in globals()")).text("result") == "False\n"
