"""What a process of ours arranges about its own end: it never outlives its parent and never leaves a core file."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from typing import List

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_KILLING_SECONDS = 5.0
"""What is still there so long after SIGKILL is stuck in a driver; nobody can end it."""


def die_with(parent: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Have the system send this process a signal when its parent, of process id `parent`, ends.

    Only Linux can; elsewhere the end of the control socket says the same a little later. Must be called by the child.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def adopt_orphans() -> None:
    """Have descendants whose parent ends handed to this process instead of to init, where the system can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_all_below() -> None:
    """SIGKILL to everything below this process, again until nothing is left that could start more."""
    latest = time.monotonic() + _KILLING_SECONDS
    while time.monotonic() < latest:
        for pid in below(os.getpid()):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def below(root: int) -> List[int]:
    """The processes below one, parents before children; empty where the system does not tell."""
    found: List[int] = []
    todo = [root]
    for pid in todo:
        with suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                    children = [int(one) for one in file.read().split()]
                found += children
                todo += children
    return found


def leave_no_core_file() -> None:
    """A crash of a learner's code must not write gigabytes into the folder it runs in."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def kill_group(group: int) -> None:
    """SIGKILL to all processes of a group, if there is one."""
    with suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        os.killpg(group, signal.SIGKILL)
