"""The life of a zygote and of the kernels that it forks, seen from the session host."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from tutor.runner import processes
from tutor.runner.channel import Channel
from tutor.runner.deaths import Death
from tutor.runner.loop import Loop
from tutor.runner.pipes import Pipes, make_pipe
from tutor.runner.protocol.engine import ForkKernel, KernelExited, KernelForked, Prepared, ZygoteReady
from tutor.runner.protocol.message import Event, Message
from tutor.runner.protocol.requests import Prepare
from tutor.runner.zygote_process import Launch, ZygoteProcess

UNKILLABLE_SECONDS = 10.0
"""After SIGKILL a process that is still there is stuck in a driver; nobody can end it."""

_LAST_WORDS = 4096


class Owner(Protocol):
    """What the session host wants to hear about its kernel."""

    def zygote_ready(self, ready: ZygoteReady) -> None:
        """The zygote has imported torch, or failed to."""

    def zygote_prepared(self) -> None:
        """The zygote has imported what trainings need."""

    def kernel_said(self, message: Message) -> None:
        """A message from the living kernel; all that it printed before is emitted."""

    def kernel_wrote(self, event: Event) -> None:
        """Output of the kernel."""

    def kernel_died(self, death: Death) -> None:
        """The kernel is gone; all that it printed and said is emitted."""

    def zygote_failed(self, why: str) -> None:
        """No kernel can be made with this interpreter; one sentence."""


@dataclass
class _Kernel:
    generation: int
    channel: Channel
    pipes: Pipes
    pid: int = 0
    kills_before: int = 0
    doomed: bool = False
    peak: int = field(default=0)


class KernelProcess:
    """At most one kernel at a time, forked from a zygote that is started when it is needed."""

    def __init__(self, loop: Loop, launch: Launch, owner: Owner, log: Callable[[bytes], None]) -> None:
        self._loop = loop
        self._launch = launch
        self._owner = owner
        self._log = log
        self._zygote: ZygoteProcess | None = None
        self._kernel: _Kernel | None = None
        self._last_words = b""
        self._preparing = False

    @property
    def alive(self) -> bool:
        """Whether there is a kernel, or one on its way."""
        return self._kernel is not None

    @property
    def pid(self) -> int:
        """The kernel's process and group, 0 before it was forked."""
        return self._kernel.pid if self._kernel else 0

    @property
    def zygote_ready(self) -> bool:
        """Whether the zygote has imported torch and forks when it is asked."""
        return self._zygote is not None and self._zygote.ready

    @property
    def last_line(self) -> str:
        """The last line that zygote or kernel wrote outside of any run: mostly what a traceback ends with."""
        return self._last_words.decode("utf-8", "replace").strip().rpartition("\n")[2].strip()

    def start(self, generation: int) -> None:
        """Make a kernel. It says `KernelReady` when it can run code."""
        zygote = self._zygote or self._start_zygote()
        if zygote is None:
            return
        ours, theirs = socket.socketpair()
        out_read, out_write = make_pipe()
        err_read, err_write = make_pipe()
        pipes = Pipes(self._loop, out_read, err_read, self._owner.kernel_wrote, self._hear)
        channel = Channel(self._loop, ours, self._owner.kernel_said, self._kernel_hung_up)
        self._kernel = _Kernel(generation, channel, pipes, kills_before=processes.oom_kills())
        zygote.send(ForkKernel(generation=generation), (theirs.fileno(), out_write, err_write))
        theirs.close()
        os.close(out_write)
        os.close(err_write)

    def prepare(self) -> None:
        """Have every zygote import in idle time what trainings need."""
        if not self._preparing and self._zygote is not None:
            self._zygote.send(Prepare())
        self._preparing = True

    def send(self, message: Message) -> None:
        """Send a request to the kernel."""
        if self._kernel:
            self._kernel.channel.send(message)

    def begin_run(self, run: str, output_limit: int | None = None) -> None:
        """From here on, output belongs to `run`; so many bytes are kept from its beginning."""
        if self._kernel:
            self._kernel.pipes.begin(run, output_limit)

    def drain(self, final: bool = False) -> None:
        """Emit all output written so far; with `final`, also the tail that was held back."""
        if self._kernel and final:
            self._kernel.pipes.finish()
        elif self._kernel:
            self._kernel.pipes.drain()

    def signal(self, number: signal.Signals) -> None:
        """A signal to the kernel's process group, as a terminal sends it."""
        if self.pid:
            processes.kill_group(self.pid, number)

    def kill(self) -> None:
        """End the kernel and all that it started. `kernel_died` follows when it is gone."""
        kernel = self._kernel
        if kernel is None:
            return
        kernel.doomed = True
        if kernel.pid:
            processes.kill_group(kernel.pid, signal.SIGKILL)
            processes.kill(one.pid for one in processes.tree(kernel.pid))
            self._loop.later(UNKILLABLE_SECONDS, lambda: self._give_up(kernel))

    def kill_unborn(self) -> None:
        """End a kernel that hangs before it is ready; where even its fork hangs, the zygote with it."""
        if self.pid:
            self.kill()
        elif self._zygote is not None:
            processes.kill([self._zygote.pid])

    def memory(self) -> tuple[int, float, list[int]]:
        """Resident bytes and processor seconds of the kernel's tree, and its process ids."""
        found = processes.tree(self.pid) if self.pid else []
        total = sum(one.memory for one in found)
        if self._kernel:
            self._kernel.peak = max(self._kernel.peak, total)
        return total, sum(one.seconds for one in found), [one.pid for one in found]

    def kill_orphans(self) -> None:
        """End processes that were handed to the zygote or to us because those who started them are gone."""
        if self._kernel and not self.pid:
            return  # a kernel is being forked, and cannot be told from an orphan yet
        heirs = (os.getpid(), self._zygote.pid if self._zygote else 0)
        for orphan in processes.tree(os.getpid()):
            if orphan.parent in heirs and orphan.pid not in (*heirs, self.pid):
                processes.kill(one.pid for one in processes.tree(orphan.pid))

    def reap(self) -> None:
        """Collect every child of ours that has ended; to be called on SIGCHLD."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            if self._zygote and pid == self._zygote.pid:
                self._zygote_gone(self._zygote, status)
            elif self._kernel and pid == self._kernel.pid:
                self._kernel_gone(status)

    def end(self) -> None:
        """End everything, at once and for good."""
        processes.kill(one.pid for one in processes.tree(os.getpid()) if one.pid != os.getpid())

    def _start_zygote(self) -> ZygoteProcess | None:
        self._last_words = b""
        try:
            self._zygote = ZygoteProcess(self._loop, self._launch, self._zygote_said, self._hear)
        except OSError as error:
            self._owner.zygote_failed(f"{self._launch.python} cannot be started: {error.strerror}.")
        if self._preparing and self._zygote is not None:
            self._zygote.send(Prepare())
        return self._zygote

    def _hear(self, data: bytes) -> None:
        self._log(data)
        self._last_words = (self._last_words + data)[-_LAST_WORDS:]

    def _zygote_said(self, message: Message) -> None:
        kernel = self._kernel
        if isinstance(message, ZygoteReady):
            self._owner.zygote_ready(message)
        elif isinstance(message, Prepared):
            self._owner.zygote_prepared()
        elif isinstance(message, KernelForked) and kernel and message.generation == kernel.generation:
            kernel.pid = message.pid
            processes.offer_to_oom_killer(message.pid)
            if kernel.doomed:
                self.kill()
        elif isinstance(message, KernelExited) and kernel and message.generation == kernel.generation:
            self._kernel_gone(message.status)

    def _zygote_gone(self, zygote: ZygoteProcess, status: int) -> None:
        self._zygote = None
        how = zygote.ended(status)
        kernel = self._kernel
        if not zygote.ready:
            if kernel is not None:
                self._discard(kernel)
            self._owner.zygote_failed(f"{self._launch.python} cannot run the kernel: {self.last_line or how}")
        elif kernel is not None:
            self._kernel_gone(signal.SIGKILL)  # its parent's death kills it, wherever it is

    def _kernel_hung_up(self, why: str) -> None:
        """The control socket closed. Usually its process has just ended; if it has not, it is beyond our reach."""
        kernel = self._kernel
        if why:
            self._log(f"the kernel was ended because it sent what is no message: {why}\n".encode())
            self.kill()
        elif kernel is not None:
            self._loop.later(1.0, lambda: self.kill() if self._kernel is kernel else None)

    def _give_up(self, kernel: _Kernel) -> None:
        if self._kernel is kernel:
            self._kernel_gone(None)

    def _kernel_gone(self, status: int | None) -> None:
        kernel = self._kernel
        assert kernel is not None
        if kernel.pid:
            processes.kill_group(kernel.pid, signal.SIGKILL)
        self.kill_orphans()
        kernel.channel.drain()
        self._discard(kernel)
        out_of_memory = processes.oom_kills() > kernel.kills_before
        self._owner.kernel_died(Death(status, out_of_memory, kernel.peak))

    def _discard(self, kernel: _Kernel) -> None:
        kernel.channel.close()
        kernel.pipes.finish()
        kernel.pipes.close()
        self._kernel = None
