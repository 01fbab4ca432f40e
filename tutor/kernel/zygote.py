"""The zygote: imports torch once, then forks a kernel in milliseconds whenever the host asks for one.

It runs no parallel operation and never touches CUDA: a fork of a process that has used OpenMP threads hangs at its
first parallel operation, and a fork of one that has initialised CUDA cannot use it. Started by path:

    python zygote.py --control FD --folder FOLDER --device DEVICE
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    del sys.path[0]  # this folder: its modules must not hide those of the standard library

import argparse
import gc
import os
import select
import signal
import socket
import traceback
from collections import deque
from typing import Deque, Dict, List, NoReturn

from tutor.kernel import processes
from tutor.kernel.kernel import Kernel
from tutor.kernel.preload import Preload, import_capture, import_torch
from tutor.runner.protocol.engine import ForkKernel, KernelExited, KernelForked, Prepared, ZygoteReady
from tutor.runner.protocol.message import Message
from tutor.runner.protocol.requests import Prepare
from tutor.runner.protocol.wire import Splitter, encode

IDLE_SECONDS = 1.0
"""How long nobody must have asked for anything before the time is used to import more."""


class Zygote:
    """Serves the host on `control` until the host is gone."""

    def __init__(self, control: socket.socket, folder: str, device: str) -> None:
        self._control = control
        self._folder = folder
        self._device = device
        self._host = os.getppid()
        self._problem = ""
        self._preload = Preload(possible=False)
        self._splitter = Splitter()
        self._descriptors: Deque[int] = deque()
        self._kernels: Dict[int, int] = {}  # process id -> generation
        self._wakeup, self._wakeup_end = socket.socketpair()
        self._wakeup.setblocking(False)
        self._wakeup_end.setblocking(False)

    def serve(self) -> None:
        """Import torch, say so, and fork kernels."""
        version, self._problem = import_torch()
        if version:
            import_capture()
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # without a handler no byte is written
        signal.signal(signal.SIGTERM, lambda number, frame: self._end())
        signal.set_wakeup_fd(self._wakeup_end.fileno())
        processes.adopt_orphans()
        processes.die_with(self._host, signal.SIGTERM)  # from now on there is something to clear away first
        gc.freeze()  # later collections pass over torch's objects, and their pages stay shared with the kernels
        self._say(
            ZygoteReady(
                pid=os.getpid(),
                python=sys.version.split()[0],
                executable=sys.executable,
                torch=version,
                problem=self._problem,
            )
        )
        self._preload = Preload(possible=bool(version))
        while True:
            patience = IDLE_SECONDS if self._preload.due else None
            ready, _, _ = select.select([self._control, self._wakeup], [], [], patience)
            if self._wakeup in ready:
                self._wakeup.recv(4096)
                self._reap()
            if self._control in ready:
                self._hear()
            if not ready:
                self._preload.step()
                if not self._preload.due:
                    self._say(Prepared())

    def _hear(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 16)
        except ConnectionResetError:  # the host was killed before it had read everything
            self._end()
        self._descriptors.extend(descriptors)
        if not data:
            self._end()
        for message in self._splitter.feed(data):
            if isinstance(message, ForkKernel):
                self._fork(message.generation, [self._descriptors.popleft() for _ in range(3)])
            elif isinstance(message, Prepare):
                self._preload.ask()

    def _fork(self, generation: int, descriptors: List[int]) -> None:
        """Fork a kernel; it is announced when it leads a process group of its own, so that it can be killed whole."""
        ready, ready_end = os.pipe()
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            os.close(ready)
            self._become_kernel(zygote, generation, descriptors, ready_end)
        for descriptor in (ready_end, *descriptors):
            os.close(descriptor)
        os.read(ready, 1)
        os.close(ready)
        self._kernels[pid] = generation
        self._say(KernelForked(generation=generation, pid=pid))

    def _become_kernel(self, zygote: int, generation: int, descriptors: List[int], ready: int) -> None:
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            os.setsid()
            processes.die_with(zygote)
            os.close(ready)
            for mine in (self._control, self._wakeup, self._wakeup_end):
                mine.close()
            control, out, err = descriptors
            os.dup2(out, 1)
            os.dup2(err, 2)
            os.close(out)
            os.close(err)
            processes.leave_no_core_file()
            gc.enable()
            Kernel(control, generation, self._folder, self._device, self._problem).serve()
        except BaseException:  # noqa: BLE001  the last seam of this process: what gets here is a fault of ours
            traceback.print_exc()
        finally:
            os._exit(1)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            generation = self._kernels.pop(pid, None)
            if generation is not None:
                self._say(KernelExited(generation=generation, pid=pid, status=status))

    def _say(self, message: Message) -> None:
        try:
            self._control.sendall(encode(message))
        except OSError:
            self._end()

    def _end(self) -> NoReturn:
        """The host is gone: nothing of ours stays behind, in whatever group or session it may be."""
        for pid in self._kernels:
            processes.kill_group(pid)
        processes.kill_all_below()
        os._exit(0)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()
    processes.die_with(os.getppid())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the kernels' business
    control = socket.socket(fileno=options.control)
    control.set_inheritable(False)
    Zygote(control, options.folder, options.device).serve()


if __name__ == "__main__":
    main()
