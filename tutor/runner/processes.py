"""The process tree below the session host: who is there, how much memory it holds, and how to end it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_PAGE = os.sysconf("SC_PAGE_SIZE")
_CHILDREN = Path("/proc/thread-self/children")
_TICK = 1.0 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """One process: resident memory in bytes, processor time used so far in seconds."""

    pid: int
    parent: int
    memory: int
    seconds: float


def become_subreaper() -> None:
    """Have orphaned descendants handed to us instead of to init, where the system can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def tree(root: int) -> list[Process]:
    """`root` and everything below it, parents before children; empty when `root` is gone."""
    return _tree_from_proc(root) if _CHILDREN.exists() else _tree_from_ps(root)


def kill(pids: Iterable[int]) -> None:
    """SIGKILL to each; those that are gone already do not matter."""
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def kill_group(group: int, number: signal.Signals) -> None:
    """A signal to all processes of a group, if there is one."""
    with suppress(OSError):
        os.killpg(group, number)


def proportional_memory(pids: Iterable[int]) -> int:
    """Memory in bytes where pages shared by forks count once (PSS); 0 where the system does not tell."""
    total = 0
    for pid in pids:
        with suppress(OSError, ValueError, IndexError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            total += int(text.split("\nPss:")[1].split()[0]) << 10
    return total


def offer_to_oom_killer(pid: int) -> None:
    """When memory runs out, the kernel is to go before the UI and the session host."""
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text("800", encoding="ascii")


def oom_kills() -> int:
    """How many processes the system has killed for want of memory since it started, memory groups included."""
    with suppress(OSError):
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def _tree_from_proc(root: int) -> list[Process]:
    found: list[Process] = []
    todo = [root]
    for pid in todo:
        try:
            stat = Path(f"/proc/{pid}/stat").read_bytes()
            tasks = list(Path(f"/proc/{pid}/task").iterdir())
        except OSError:
            continue
        # The name may hold spaces and parentheses; numbers begin after the last one. See proc_pid_stat(5).
        parts = stat[stat.rindex(b")") + 2 :].split()
        used = (int(parts[11]) + int(parts[12])) * _TICK
        found.append(Process(pid, int(parts[1]), int(parts[21]) * _PAGE, used))
        for task in tasks:
            with suppress(OSError):
                todo.extend(map(int, (task / "children").read_bytes().split()))
    return found


def _tree_from_ps(root: int) -> list[Process]:
    try:
        listing = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,rss=,time="], capture_output=True, text=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    children: dict[int, list[Process]] = {}
    found = []
    for line in listing.splitlines():
        pid, parent, kilobytes, used = line.split()
        one = Process(int(pid), int(parent), int(kilobytes) << 10, _seconds(used))
        children.setdefault(one.parent, []).append(one)
        if one.pid == root:
            found.append(one)
    for one in found:
        found.extend(children.get(one.pid, ()))
    return found


def _seconds(text: str) -> float:
    """`[[days-]hours:]minutes:seconds` as `ps` writes it."""
    days, _, clock = text.rpartition("-")
    total = 0.0
    for part in clock.split(":"):
        total = total * 60 + float(part)
    return total + 86400 * int(days or 0)
