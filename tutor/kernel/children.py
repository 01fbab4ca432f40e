"""A child process of the kernel: whether it has ended, and how."""

from __future__ import annotations

import mmap
import os
from typing import Optional

from tutor.kernel import processes


class Child:
    """A child that runs one check. `stage` is shared with it: it tells how far the check came, whatever ended it."""

    def __init__(self, pid: int, stage: mmap.mmap) -> None:
        self.stage = stage
        self._pid = pid

    def ended(self) -> bool:
        """Whether it has ended; what it said before is still to be read."""
        return has_ended(self._pid)

    def end(self) -> Optional[int]:
        """Kill it with its group, if it still runs; its exit status, None where it was lost."""
        processes.kill_group(self._pid)
        return reap(self._pid)


def has_ended(pid: int) -> bool:
    """Whether a child has ended; it is not reaped by this."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:  # the learner's code has waited for all its children
        return True


def reap(pid: int) -> Optional[int]:
    """The exit status of a child that has ended or will; None where somebody else has waited for it."""
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return None
