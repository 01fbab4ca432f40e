"""Checks, seen from the kernel: each runs in a fork, so that whatever it does the namespace stays as it was."""

from __future__ import annotations

import mmap
import os
import select
import signal
import socket
import threading
import time
import warnings
from typing import Any, Callable, Optional, Union

from tutor.kernel.checkchild import NO_INPUT, CheckChild
from tutor.kernel.checkrun import STAGES, CheckRun
from tutor.kernel.children import Child
from tutor.kernel.executor import Ending, Executor
from tutor.kernel.interrupts import Interrupts
from tutor.kernel.namespace import random_state
from tutor.kernel.recording import Recording
from tutor.kernel.stage import Stage
from tutor.kernel.standby import Standby, supported
from tutor.kernel.streams import Stdin
from tutor.kernel.touched import Touched, words_for
from tutor.runner.protocol.message import Event, ProtocolError
from tutor.runner.protocol.requests import Check
from tutor.runner.protocol.run_events import CheckVerdict, Notice, Observed, RunFinished
from tutor.runner.protocol.wire import Splitter

_WHERE = {
    "setup": "while a cell above the exercise ran",
    "code": "while your code ran",
    "tests": "while the checks ran",
    "solution": "while the lesson's solution ran",
}


class _Clock:
    """The time that a check may take: in all, and from the learner's code on."""

    def __init__(self, request: Check, stage: mmap.mmap) -> None:
        self.limit = request.timeout
        self._own = request.own_timeout
        self._stage = stage
        self._end = time.monotonic() + request.timeout

    def left(self) -> float:
        """Seconds that are left; `limit` is what they are counted from."""
        if self._own is not None and self._stage[0] >= STAGES.index("code"):
            end = time.monotonic() + self._own
            if end < self._end:
                self.limit, self._end = self._own, end
            self._own = None
        return self._end - time.monotonic()


class Checks:
    """Runs checks and sends their verdicts. `torch` is the module or None; `gpus` tells whether it sees any."""

    def __init__(
        self,
        executor: Executor,
        interrupts: Interrupts,
        stdin: Stdin,
        send: Callable[[Event], None],
        torch: Optional[Any],
        gpus: bool,
        recording: Recording,
        place: Stage,
    ) -> None:
        self._executor = executor
        self._interrupts = interrupts
        self._stdin = stdin
        self._send = send
        self._torch = torch
        self._gpus = gpus
        self._recording = recording
        self._child = CheckChild(executor, stdin, torch, recording, place)
        self._standby: Optional[Standby] = None
        self.own_threads = 0
        """How many threads the kernel has without those of the learner's code."""

    def run(self, request: Check) -> Ending:
        """Run one check to its end."""
        if hasattr(os, "fork") and not self._accelerator_in_use():
            ending = self._in_fork(request)
            if ending is not None:
                return ending
        return self._in_kernel(request)

    def _accelerator_in_use(self) -> bool:
        """A fork of a process that has used a GPU cannot use it, and tensors on it would be lost."""
        torch = self._torch
        return torch is not None and (torch.cuda.is_initialized() or torch.backends.mps.is_available())

    # In a fork.

    def _in_fork(self, request: Check) -> Optional[Ending]:
        """How it ended, or None if this process turned out to be one that cannot be forked."""
        ours, theirs = socket.socketpair()
        known = self._standby
        child = self._begin(request, ours, theirs)
        theirs.close()
        status: Optional[int] = None
        said: Optional[RunFinished] = None
        clock = _Clock(request, child.stage)
        try:
            self._interrupts.arm()
            try:
                said = self._follow(ours, child, clock)
            finally:
                self._interrupts.disarm()
        except KeyboardInterrupt:
            return Ending("interrupted", words="The check was interrupted.", stage=STAGES[child.stage[0]])
        finally:
            status = child.end()
            ours.close()
        if said is not None:
            ready = said.ready_seconds
            return Ending(said.outcome, said.failure, said.words, said.exit_code, stage=said.stage, ready_seconds=ready)
        reached = STAGES[child.stage[0]]
        if child is known and known.gone and reached == "setup":
            return self._in_fork(request)  # somebody has ended what stood by: its code has not run yet
        if clock.left() <= 0:
            words = f"The check took longer than {clock.limit:g} s and was stopped {_WHERE.get(reached, '')}."
            return Ending("timeout", words=words, stage=reached)
        return _died(status, reached) if reached else None

    def _begin(self, request: Check, ours: socket.socket, theirs: socket.socket) -> Union[Child, Standby]:
        """The process that runs the check: forked from the one in which the cells above have run, or a new one."""
        standby = self._standby
        if standby is not None and standby.fits(request):
            standby.stage[0] = STAGES.index("setup")
            if standby.begin(request, theirs):
                return standby
        stage = mmap.mmap(-1, 1)
        control = socket.socketpair() if request.setup and self._may_stand_by() else None
        kernel = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads: ours hold no lock across a fork
            pid = os.fork()
        if pid == 0:
            try:
                ours.close()
                if standby is not None:
                    standby.leave()
                if control is not None:
                    control[0].close()
                self._child.be(request, kernel, theirs, stage, control[1] if control is not None else None)
            finally:
                os._exit(1)
        if control is None:
            return Child(pid, stage)
        control[1].close()
        self.forget()
        self._standby = Standby(pid, control[0], stage, request)
        return self._standby

    def _may_stand_by(self) -> bool:
        """Whether a fork of this process stays true to it: the learner's threads would go on changing things here."""
        return supported() and not self._gpus and threading.active_count() <= self.own_threads

    def forget(self) -> None:
        """Something is about to run in the kernel: what stands by would no longer be like it."""
        if self._standby is not None:
            self._standby.close()
            self._standby = None

    def _follow(self, line: socket.socket, child: Union[Child, Standby], clock: _Clock) -> Optional[RunFinished]:
        """Pass on what the child says up to its last word; None if it never says it."""
        splitter = Splitter()
        while True:
            left = clock.left()
            if left <= 0:
                return None
            ended = child.ended()  # first this, then what it had said: a grandchild may hold the socket open
            if not select.select([line], [], [], 0 if ended else min(left, 0.1))[0]:
                if ended:
                    return None
                continue
            data = line.recv(1 << 18)
            try:
                messages = splitter.feed(data)
            except ProtocolError:  # the learner's code wrote into what is not its own
                return None
            for message in messages:
                if isinstance(message, RunFinished):
                    return message
                if isinstance(message, (CheckVerdict, Observed)):
                    self._send(message)
            if not data:
                return None

    # In the kernel itself.

    def _in_kernel(self, request: Check) -> Ending:
        """On a shallow copy of the namespace; the time limit is then a forced interrupt.

        What the check changes in place stays changed, which is said; modes of modules are put back.
        """
        done, expired = threading.Event(), threading.Event()

        def watch() -> None:
            if done.wait(request.timeout):
                return
            expired.set()
            while not done.wait(0.3):
                self._interrupts.force()

        restore = random_state()
        before = Touched(self._torch, self._executor.namespace.names) if self._torch is not None else None
        self._stdin.refusal = NO_INPUT
        threading.Thread(target=watch, name="check limit", daemon=True).start()
        try:
            with self._executor.namespace.isolated():
                ending = CheckRun(request, self._executor, self._send, lambda stage: None, self._recording).go()
        finally:
            done.set()
            self._stdin.refusal = ""
            restore()
            if before is not None:
                before.restore_modes()
        if before is not None and (said := words_for(before.names())):
            self._send(Notice(run=request.run, text=said))
        if expired.is_set() and ending.outcome == "interrupted":
            words = f"The check took longer than {request.timeout:g} s and was stopped {_WHERE.get(ending.stage, '')}."
            return Ending("timeout", words=words, stage=ending.stage)
        return ending


def _died(status: Optional[int], stage: str) -> Ending:
    where = _WHERE[stage]
    if status is None:
        return Ending("died", words=f"The process of the check was lost {where}.", stage=stage)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        try:
            name = signal.Signals(number).name
        except ValueError:
            name = f"signal {number}"
        words = f"The process of the check was ended by {name} {where}."
        return Ending("died", words=words, stage=stage)
    code = os.WEXITSTATUS(status)
    words = f"The process of the check ended itself (exit code {code}) {where}."
    return Ending("died", words=words, exit_code=code, stage=stage)
