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
from typing import Any, Callable, Optional

from tutor.kernel import processes
from tutor.kernel.checkrun import STAGES, CheckRun
from tutor.kernel.executor import Ending, Executor
from tutor.kernel.interrupts import Interrupts
from tutor.kernel.namespace import random_state
from tutor.kernel.recording import Recording
from tutor.kernel.streams import Stdin, flush_streams
from tutor.kernel.touched import Touched, words_for
from tutor.runner.protocol.message import Event, ProtocolError
from tutor.runner.protocol.requests import Check
from tutor.runner.protocol.run_events import CheckVerdict, Notice, Observed, RunFinished
from tutor.runner.protocol.wire import Splitter, encode

_WHERE = {
    "setup": "while a cell above the exercise ran",
    "code": "while your code ran",
    "tests": "while the checks ran",
    "solution": "while the lesson's solution ran",
}
_NO_INPUT = "input() has nobody to ask while an exercise is checked"


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
    ) -> None:
        self._executor = executor
        self._interrupts = interrupts
        self._stdin = stdin
        self._send = send
        self._torch = torch
        self._gpus = gpus
        self._recording = recording

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
        stage = mmap.mmap(-1, 1)  # shared with the child: it tells how far the check came, whatever ended it
        kernel = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads: ours hold no lock across a fork
            pid = os.fork()
        if pid == 0:
            try:
                ours.close()
                self._be_child(request, kernel, theirs, stage)
            finally:
                os._exit(1)
        theirs.close()
        status: Optional[int] = None
        said: Optional[RunFinished] = None
        clock = _Clock(request, stage)
        try:
            self._interrupts.arm()
            try:
                said = self._follow(ours, pid, clock)
            finally:
                self._interrupts.disarm()
        except KeyboardInterrupt:
            return Ending("interrupted", words="The check was interrupted.", stage=STAGES[stage[0]])
        finally:
            processes.kill_group(pid)
            status = _reap(pid)
            ours.close()
        if said is not None:
            return Ending(said.outcome, said.failure, said.words, said.exit_code, stage=said.stage)
        reached = STAGES[stage[0]]
        if clock.left() <= 0:
            words = f"The check took longer than {clock.limit:g} s and was stopped {_WHERE.get(reached, '')}."
            return Ending("timeout", words=words, stage=reached)
        return _died(status, reached) if reached else None

    def _follow(self, child: socket.socket, pid: int, clock: _Clock) -> Optional[RunFinished]:
        """Pass on what the child says up to its last word; None if it never says it."""
        splitter = Splitter()
        while True:
            left = clock.left()
            if left <= 0:
                return None
            ended = _has_ended(pid)  # first this, then what it had said: a grandchild may hold the socket open
            if not select.select([child], [], [], 0 if ended else min(left, 0.1))[0]:
                if ended:
                    return None
                continue
            data = child.recv(1 << 18)
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

    def _be_child(self, request: Check, kernel: int, parent: socket.socket, stage: mmap.mmap) -> None:
        os.setpgid(0, 0)
        if self._torch is not None:
            self._torch.set_num_threads(1)  # before anything else: the threads that others would use are not here
        processes.die_with(kernel)
        if self._gpus:  # autograd refuses to work in a fork of a process that has used it beside a GPU
            self._torch.ones(1, requires_grad=True).sum().backward()  # type: ignore[union-attr]
        child = os.getpid()

        def say(message: Event) -> None:
            if os.getpid() == child:
                parent.sendall(encode(message))

        def reach(name: str) -> None:
            if os.getpid() == child:
                stage[0] = STAGES.index(name)

        self._stdin.refusal = _NO_INPUT
        ending = CheckRun(request, self._executor, say, reach, self._recording).go()
        flush_streams()
        say(
            RunFinished(
                run=request.run,
                outcome=ending.outcome,
                failure=ending.failure,
                words=ending.words,
                stage=ending.stage,
                exit_code=ending.exit_code,
            )
        )
        os._exit(0)

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
        self._stdin.refusal = _NO_INPUT
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


def _has_ended(pid: int) -> bool:
    """Whether a child has ended; it is not reaped by this."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:  # the learner's code has waited for all its children
        return True


def _reap(pid: int) -> Optional[int]:
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return None


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
