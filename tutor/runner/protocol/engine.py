"""What host, zygote, kernel and the ranks of a launch say among themselves; no client sees any of it."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.runner.protocol.message import Event, Message


@dataclass(frozen=True)
class ZygoteReady(Message):
    """The zygote has imported torch (or failed to: `problem` is then one sentence) and can fork kernels."""

    pid: int = 0
    python: str = ""
    executable: str = ""
    torch: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Prepared(Message):
    """The zygote has imported what `Prepare` asks for: kernels that it forks from now on share it."""


@dataclass(frozen=True)
class ForkKernel(Message):
    """Fork a kernel. Three descriptors travel beside it by SCM_RIGHTS: control socket, stdout, stderr."""

    generation: int = 0


@dataclass(frozen=True)
class KernelForked(Message):
    """The kernel's process id, which is also its process group and its session."""

    generation: int = 0
    pid: int = 0


@dataclass(frozen=True)
class KernelExited(Message):
    """The zygote has reaped a kernel; `status` is what `os.waitpid` gave."""

    generation: int = 0
    pid: int = 0
    status: int = 0


@dataclass(frozen=True)
class RankStarted(Message):
    """The first message of each process. The ends of its stdout and stderr for reading travel beside it.

    `rank` counts from 0 among all machines, `world` is how many there are. Points, notices and `RunFinished` follow.
    """

    rank: int = 0
    world: int = 1


@dataclass(frozen=True)
class CellNoted(Message):
    """To the kernel: the end of a cell is journaled, and all that was printed before it.

    The kernel waits for it between the quiet cells of a run and the learner's own, so that what each prints is known.
    """

    key: str


@dataclass(frozen=True)
class GpuUse(Event):
    """From a kernel to its host, which makes `Gauges` of it: the GPU's memory and load, as there."""

    memory: int = 0
    total: int = 0
    load: float = -1.0
    held: int = 0
