"""Seeing a training loop without a line added to it.

`backward()` on a scalar is a point, `optimizer.step()` is a step, a loss computed with gradients off is a validation
point. `hooks` records them on the training thread, `runseries` makes series of them, this module sends them.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any, Callable, FrozenSet, Iterable, List, Mapping, Optional

from tutor.kernel.autopsy.conclusions import facts_of
from tutor.kernel.hooks import Hooks
from tutor.kernel.runseries import RunSeries, outside
from tutor.kit import logging as kit_logging
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Fact
from tutor.runner.protocol.run_events import Notice, Observed, pack_points

FLUSHES_A_ROUND = 10
"""Each tenth flush, twice a second, a pass is asked in which round of its loop it is."""


class Capture:
    """Captures the runs of one kernel process, one after another.

    `send` is given `Points` and `Notice` events by the thread that flushes; what it raises passes through.
    """

    def __init__(self, send: Callable[[Event], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._hooks = self.hooks = Hooks()
        self._run: Optional[RunSeries] = None
        self._flushes = 0
        self._pid = os.getpid()

    def install(self) -> None:
        """Take the place of PyTorch's functions and receive `tutor.kit.log`. Once for a process."""
        self._hooks.install()
        kit_logging.connect(self.log)
        os.register_at_fork(after_in_child=self._forked)

    def begin(self, run: str, files: Iterable[str], names: Optional[Mapping[str, Any]] = None) -> None:
        """A run starts; `files` are the names that the learner's code is compiled under, `names` is its namespace."""
        with self._lock:
            self._start(run, frozenset(files), {} if names is None else names)

    def observe(self, files: Iterable[str], names: Mapping[str, Any]) -> None:
        """Watch a training loop that belongs to no run, and send nothing of it: `observed` tells what was seen."""
        with self._lock:
            self._start("", frozenset(files), names)

    def observed(self) -> List[Fact]:
        """What was seen since `observe`; nothing is watched any more."""
        with self._lock:
            facts = self._facts()
            self._hooks.stop()
            self._hooks.queue.clear()
            self._hooks.device.forget()
            self._run = None
        return facts

    def _start(self, run: str, files: FrozenSet[str], names: Mapping[str, Any]) -> None:
        self._run = RunSeries(run, files)
        self._flushes = 0
        self._hooks.witness.begin(files, names)
        self._hooks.start(self._run)

    def _facts(self) -> List[Fact]:
        witness = self._hooks.witness
        witness.stop()
        try:
            return facts_of(witness)
        except Exception:  # noqa: BLE001  telemetry never breaks the learner's code
            return []
        finally:
            witness.forget()

    def flush(self) -> None:
        """Send what has come in. The ticker calls this 20 times a second, from its own thread."""
        self._hooks.device.due = True
        self._flushes += 1
        if self._flushes % FLUSHES_A_ROUND == 1:
            self._hooks.ask_for_round()
        with self._lock:
            self._flush(last=False)

    def end(self) -> None:
        """The run is over: every point is sent before this returns. Called by the thread that trained."""
        self._hooks.pause()
        with self._lock:
            try:
                self._hooks.device.finish()
            except RuntimeError as error:  # a kernel of the learner's that failed surfaces in any later call
                self._hooks.device.forget()
                self._hooks.failed(error)
            self._flush(last=True)
            if self._run is not None and self._run.run:
                facts = self._facts()
                if facts:
                    self._send(Observed(run=self._run.run, facts=tuple(facts)))
            self._hooks.stop()
            self._run = None

    def log(self, values: Mapping[str, Any], step: Optional[float] = None) -> None:
        """Record numbers or one-element tensors under the learner's own names, at `step` or the current one."""
        self._hooks.log(values, step, outside(sys._getframe(1), kit_logging.__file__))

    def _flush(self, last: bool) -> None:
        run, hooks = self._run, self._hooks
        if run is None or not run.run or os.getpid() != self._pid:
            return
        steps, passes = hooks.steps, hooks.passes  # before the queue is read: what was made until then is in it
        try:
            hooks.device.collect()
        except RuntimeError as error:  # an asynchronous error of the learner's kernels: theirs to see
            hooks.device.forget()
            hooks.failed(error)
        run.extend([hooks.queue.popleft() for _ in range(len(hooks.queue))])
        points = run.take(steps, passes, last)
        if points:
            self._send(pack_points(run.run, points))
        problem = hooks.problem or run.problem
        if problem and not run.reported:
            run.reported = True
            self._send(Notice(run=run.run, text=problem))

    def _forked(self) -> None:
        """In a forked child (a data loader's worker, a check) nothing is recorded, and no device is asked."""
        self._lock = threading.Lock()
        self._run = None
        self._hooks.stop()
        self._hooks.device.forget()
        kit_logging.connect(None)
