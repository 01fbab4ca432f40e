"""What a process of ours arranges about its own end: it never outlives its parent and never leaves a core file."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Have the system kill this process when its parent, of process id `parent`, ends.

    Only Linux can; elsewhere the end of the control socket says the same a little later. Must be called by the child.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def leave_no_core_file() -> None:
    """A crash of a learner's code must not write gigabytes into the folder it runs in."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def kill_group(group: int) -> None:
    """SIGKILL to all processes of a group, if there is one."""
    with suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        os.killpg(group, signal.SIGKILL)


def end_workers() -> None:
    """After an interrupt: end what `multiprocessing` started, as ctrl+c in a terminal would."""
    if "multiprocessing.process" in sys.modules:
        for child in sys.modules["multiprocessing.process"].active_children():
            child.terminate()
