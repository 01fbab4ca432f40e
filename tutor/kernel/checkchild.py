"""The process of a check, from within: a fork of the kernel, or of one that stands by."""

from __future__ import annotations

import mmap
import os
import socket
import time
from dataclasses import replace
from typing import Any, Optional

from tutor.kernel import processes
from tutor.kernel.checkrun import STAGES, CheckRun
from tutor.kernel.executor import Ending, Executor
from tutor.kernel.namespace import random_state
from tutor.kernel.recording import Recording
from tutor.kernel.stage import Stage
from tutor.kernel.standby import WORTH, can_stay, stand_by
from tutor.kernel.streams import Stdin, flush_streams
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.requests import Check
from tutor.runner.protocol.run_events import RunFinished
from tutor.runner.protocol.wire import encode

NO_INPUT = "input() has nobody to ask while an exercise is checked"


class CheckChild:
    """What a forked child needs of the kernel. `torch` is the module or None."""

    def __init__(
        self,
        executor: Executor,
        stdin: Stdin,
        torch: Optional[Any],
        recording: Recording,
        place: Stage,
    ) -> None:
        self._executor = executor
        self._stdin = stdin
        self._torch = torch
        self._recording = recording
        self._place = place

    def be(
        self,
        request: Check,
        kernel: int,
        parent: socket.socket,
        stage: mmap.mmap,
        control: Optional[socket.socket],
    ) -> None:
        """Be it: run the cells above, then the check. Never returns.

        `kernel` is the process id of the kernel, `parent` the socket that hears what is found, `stage` shared memory
        that tells how far it came. With a `control`, stand by for other checks where that is worth it.
        """
        self._be_forked_from(kernel)
        if self._torch is not None:  # where autograd has threads for devices it refuses to work in a fork: end here
            self._torch.ones(1, requires_grad=True).sum().backward()
        check = self._check_run(request, parent, stage)
        began = time.perf_counter()
        ending = check.set_up()
        seconds = time.perf_counter() - began
        if ending.ok and control is not None and seconds >= WORTH and can_stay():
            here, same_luck = os.getpid(), random_state()

            def judge(one: Check, line: socket.socket) -> None:
                self._be_forked_from(here)
                same_luck()  # `random` gives itself another seed in a fork
                self._place.become(one)
                ending = self._check_run(one, line, stage).judge()
                self._tell_end(one, line, replace(ending, ready_seconds=seconds if one is request else 0.0))

            stand_by(control, request, parent, judge)
        self._tell_end(request, parent, check.judge() if ending.ok else ending)

    def _be_forked_from(self, parent: int) -> None:
        os.setpgid(0, 0)
        if self._torch is not None:
            self._torch.set_num_threads(1)  # before anything else: the threads that others would use are not here
        processes.die_with(parent)
        self._stdin.refusal = NO_INPUT

    def _check_run(self, request: Check, parent: socket.socket, stage: mmap.mmap) -> CheckRun:
        """A check whose words go to `parent`, as long as they come from this process."""
        here = os.getpid()

        def say(message: Event) -> None:
            if os.getpid() == here:
                parent.sendall(encode(message))

        def reach(name: str) -> None:
            if os.getpid() == here:
                stage[0] = STAGES.index(name)

        return CheckRun(request, self._executor, say, reach, self._recording)

    def _tell_end(self, request: Check, parent: socket.socket, ending: Ending) -> None:
        """Say how the check ended, and end this process."""
        flush_streams()
        finished = RunFinished(
            run=request.run,
            outcome=ending.outcome,
            failure=ending.failure,
            words=ending.words,
            stage=ending.stage,
            exit_code=ending.exit_code,
            ready_seconds=ending.ready_seconds,
        )
        parent.sendall(encode(finished))
        os._exit(0)
