"""A kernel that hangs before it is ready is killed, that is said, and another one takes its place.

A real host in a process of its own, with a short patience; the first fork of the zygote is made to hang in the child,
before or after it has become a process group that could be killed by itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tutor

PACKAGE = Path(tutor.__file__).resolve().parent

HANG = """\
import os, time
marker = {marker!r}
def hang():
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    time.sleep(600)
if {early}:
    os.register_at_fork(after_in_child=hang)
else:
    setsid = os.setsid
    def late():
        setsid()
        import socket
        make = socket.socket
        def stuck(*args, **options):
            if "fileno" in options:
                hang()
            return make(*args, **options)
        socket.socket = stuck
    os.setsid = late
"""

HOST = """\
import os, sys, signal, socket
from pathlib import Path
from tutor.runner import keeper, processes
from tutor.runner.host import lay_out
from tutor.runner.keeper import Keeper
from tutor.runner.loop import Loop
from tutor.runner.protocol.session_events import KernelReady
from tutor.runner.zygote_process import Launch

keeper.READY_SECONDS = 8.0  # the kernel that takes its place must be ready within it, however busy the machine is
folder = Path(sys.argv[1])
(folder / "cells").mkdir()
os.environ["PYTHONPATH"] = sys.argv[2]
processes.become_subreaper()
launch = Launch(sys.executable, lay_out(folder, Path(sys.argv[3])), folder, "cpu", str(folder), 0o077)
loop = Loop()

class Work:
    def kernel_ready(self):
        keep.process.end()
        loop.end()
    def kernel_said(self, message): pass
    def kernel_wrote(self, event): pass
    def kernel_lost(self, doom, death, namespace_lost): return ""
    def kernel_missing(self, why): loop.end()

def emit(event):
    print(type(event).__name__, getattr(event, "generation", ""), getattr(event, "cause", ""), flush=True)

keep = Keeper(loop, launch, Work(), emit, lambda data: sys.stderr.buffer.write(data))
def look():
    keep.process.reap()
    loop.later(0.05, look)
look()
keep.begin("a test")
loop.run()
"""


@pytest.mark.parametrize("early", [True, False], ids=["before it is known", "after it is known"])
def test_a_fork_that_hangs_before_it_is_ready_is_said_and_replaced(tmp_path: Path, early: bool) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(HANG.format(marker=str(tmp_path / "hung"), early=early))
    place = tmp_path / "s"
    place.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", HOST, str(place), str(hooks), str(PACKAGE)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "KernelStarting 1 ",
        "KernelDied 1 The kernel hung before it was ready and was killed after 8 s; another one is started.",
        "KernelStarting 2 ",
        "KernelReady 2 ",
    ]
    assert (tmp_path / "hung").exists()
