"""Keeps a kernel: there is always one, or one on its way, or a sentence why there is none."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from tutor.runner.deaths import KEPT, Death
from tutor.runner.kernel_process import KernelProcess
from tutor.runner.loop import Loop
from tutor.runner.protocol.engine import ZygoteReady
from tutor.runner.protocol.message import Event, Message
from tutor.runner.protocol.requests import Prepare
from tutor.runner.protocol.session_events import KernelDied, KernelReady, KernelStarting
from tutor.runner.zygote_process import Launch

READY_SECONDS = 60.0
"""A kernel that is not ready so long after its fork hangs, mostly in a lock that its zygote held, or in a driver."""

MAX_STILLBORN = 3
"""So many kernels in a row that were never ready mean that the next one will not be either."""


@dataclass(frozen=True)
class Doom:
    """How a kernel ends: the outcome and words of the run it takes with it, and why the next one begins."""

    outcome: str
    words: str
    why: str


class Work(Protocol):
    """What is done with the kernel."""

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits to run."""

    def kernel_ready(self) -> None:
        """It can run code now."""

    def kernel_said(self, message: Message) -> None:
        """A message about a run."""

    def kernel_wrote(self, event: Event) -> None:
        """Output of it."""

    def kernel_lost(self, doom: Doom, death: Death, namespace_lost: bool) -> str:
        """It is gone; end the run that it took with it, and return that run's id or ""."""

    def kernel_missing(self, why: str) -> None:
        """There is none and there will be none until somebody asks for a restart."""


class Keeper:
    """Starts kernels, ends them, and replaces those that die.

    `ready` tells whether the kernel can run code, `used` whether its namespace may hold something, `unusable` is ""
    or the sentence why no kernel can be made.
    """

    def __init__(
        self, loop: Loop, launch: Launch, work: Work, emit: Callable[[Event], None], log: Callable[[bytes], None]
    ) -> None:
        self.process = KernelProcess(loop, launch, self, log)
        self.generation = 0
        self.ready = False
        self.used = False
        self.unusable = ""
        self.closed = False
        self._loop = loop
        self._work = work
        self._emit = emit
        self._stillborn = 0
        self._problem = ""
        self._doom: Doom | None = None
        self._late = False
        self._zygote_since = 0.0

    @property
    def alive(self) -> bool:
        """Whether there is a process that has to be ended."""
        return self.process.pid != 0

    @property
    def available(self) -> bool:
        """Whether the kernel can be given work."""
        return self.ready and self._doom is None

    def begin(self, why: str) -> None:
        """Make a kernel."""
        self.generation += 1
        self.ready = self.used = False
        self._doom, self._late = None, False
        self._emit(KernelStarting(generation=self.generation, why=why))
        generation = self.generation
        self.process.start(generation)
        self._loop.later(READY_SECONDS, lambda: self._look_after(generation))

    def end(self, outcome: str, words: str, why: str = "the last one was ended") -> None:
        """Kill the kernel; the run in progress ends with this outcome and these words. The first call counts."""
        self._doom = self._doom or Doom(outcome, words, why)
        self.process.kill()

    def renew(self, why: str, words: str) -> None:
        """A new kernel, whatever the old one does, and even if none could be made before."""
        self._stillborn, self.unusable = 0, ""
        if self.process.alive:
            self.end("stopped", words, why)
        else:
            self.begin(why)

    def prepare(self) -> None:
        """Have imported beforehand what trainings need, in this zygote and in every one that follows it."""
        self.process.prepare()

    def retire(self, words: str) -> None:
        """Make no kernel any more; when this one goes, it goes with the session."""
        self.closed = True
        self._doom = self._doom or Doom("stopped", f"{words} {KEPT}", "")

    # What its process tells (`tutor.runner.kernel_process.Owner`).

    def zygote_ready(self, ready: ZygoteReady) -> None:
        """Kernels can be forked; `problem` says what they will lack."""
        self._problem = ready.problem
        self._zygote_since = time.monotonic()

    def zygote_prepared(self) -> None:
        """Kernels made from now on share what was imported; one in which nothing has run makes place for such a one."""
        if self.available and not self.used and not self._work.busy:
            self.end("stopped", KEPT, "what trainings need is imported now")
        else:
            self.process.send(Prepare())

    def kernel_said(self, message: Message) -> None:
        """`KernelReady` is for us, the rest is about runs."""
        if isinstance(message, KernelReady):
            self.ready, self._stillborn = True, 0
            self._emit(replace(message, generation=self.generation, problem=message.problem or self._problem))
            self._work.kernel_ready()
        else:
            self._work.kernel_said(message)

    def kernel_wrote(self, event: Event) -> None:
        """Output."""
        self._work.kernel_wrote(event)

    def kernel_died(self, death: Death) -> None:
        """Say so, unless it was wanted, and make another."""
        was_ready, self.ready = self.ready, False
        doom = self._doom or Doom("died", death.words, "the last one is gone")
        wanted = self._doom is not None and not self._late
        self._stillborn = 0 if was_ready or wanted else self._stillborn + 1
        stopped = doom.outcome == "stopped"
        run = self._work.kernel_lost(doom, death, namespace_lost=was_ready and not stopped)
        if not stopped:
            self._emit(
                KernelDied(
                    generation=self.generation,
                    run=run,
                    exit_code=death.exit_code,
                    signal=death.signal,
                    cause=doom.words,
                )
            )
        if self._stillborn >= MAX_STILLBORN:
            said = self.process.last_line or death.words
            self.zygote_failed(f"{MAX_STILLBORN} kernels in a row ended before they were ready. {said}")
        elif not self.closed:
            self.begin(doom.why)

    def zygote_failed(self, why: str) -> None:
        """No kernel can be made until `renew`."""
        self.ready, self.unusable = False, why
        self._emit(KernelDied(generation=self.generation, cause=why))
        self._work.kernel_missing(why)

    def _look_after(self, generation: int) -> None:
        """End a kernel that hangs before it is ready. How long an import of torch takes is another matter."""
        if generation != self.generation or self.ready or self._doom or not self.process.alive:
            return
        left = READY_SECONDS - (time.monotonic() - self._zygote_since)
        if not self.process.zygote_ready:
            left = READY_SECONDS
        if left > 0:
            self._loop.later(left, lambda: self._look_after(generation))
            return
        words = f"The kernel hung before it was ready and was killed after {READY_SECONDS:g} s; another one is started."
        self._doom, self._late = Doom("died", words, "the last one hung before it was ready"), True
        self.process.kill_unborn()
