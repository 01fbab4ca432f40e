"""The rules of running: one run at a time, in order, and every run comes to an end that is told."""

from __future__ import annotations

import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from tutor.runner.deaths import KEPT, Death
from tutor.runner.job import Job
from tutor.runner.kernel_process import KernelProcess, Launch
from tutor.runner.limits import Deadline
from tutor.runner.loop import Loop
from tutor.runner.protocol import (
    Answer,
    CellFinished,
    Check,
    CheckVerdict,
    Event,
    InputAnswered,
    InputRequested,
    Interrupt,
    KernelDied,
    KernelReady,
    KernelStarting,
    Message,
    Notice,
    Points,
    Result,
    Run,
    RunFinished,
    RunStarted,
    ZygoteReady,
)

PATIENCE_SECONDS = 2.0
"""How long code may take to react to SIGINT before that is said, or before a limit kills it."""

ORPHAN_SECONDS = 3.0
"""How long processes that lost their parent by an interrupt may take to end by themselves."""

MAX_STILLBORN = 3
"""So many kernels in a row that were never ready mean that the next one will not be either."""

_ENDING = "The session is ending."


@dataclass(frozen=True)
class Doom:
    """Why the host ends a kernel: the outcome and words of the run it takes with it, and why the next one begins."""

    outcome: str
    words: str
    why: str


class Runs:
    """The queue, the run in progress, and the kernel that runs it.

    `emit` takes events; `changed` is called whenever something begins or ends. Once `close` was called there are no
    new kernels and no new runs.
    """

    def __init__(
        self,
        loop: Loop,
        launch: Launch,
        emit: Callable[[Event], None],
        log: Callable[[bytes], None],
        changed: Callable[[], None],
    ) -> None:
        self.current: Job | None = None
        self.kernel = KernelProcess(loop, launch, self, log)
        self._loop = loop
        self._emit = emit
        self._log = log
        self._changed = changed
        self._queue: deque[Job] = deque()
        self._known: set[str] = set()
        self._generation = 0
        self._ready = False
        self._used = False
        self._stillborn = 0
        self._unusable = ""
        self._problem = ""
        self._doom: Doom | None = None
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits to run."""
        return self.current is not None or bool(self._queue)

    @property
    def alive(self) -> bool:
        """Whether there is a kernel that has to be ended."""
        return self.kernel.pid != 0

    def begin(self, why: str) -> None:
        """Make a kernel."""
        self._generation += 1
        self._ready = self._used = False
        self._doom = None
        self._emit(KernelStarting(generation=self._generation, why=why))
        self.kernel.start(self._generation)

    # What clients ask for. Each returns "" or one sentence why not.

    def submit(self, request: Run | Check) -> str:
        """Queue a run or a check."""
        if self._closed:
            return _ENDING
        if not request.run or request.run in self._known:
            return "A run needs an id that no other run of the session has."
        self._known.add(request.run)
        job = Job(request)
        self._emit(job.queued())
        self._queue.append(job)
        self._changed()
        self._advance()
        return ""

    def interrupt(self, request: Interrupt) -> str:
        """SIGINT to what runs; what has not begun does not begin."""
        job = self.current
        if job is None:
            if self._queue:
                self._emit(self._queue.popleft().finished("interrupted", "Stopped before it began."))
                self._changed()
            return ""
        self.kernel.signal(signal.SIGINT)
        if request.force:
            self.kernel.send(request)
        self._loop.later(PATIENCE_SECONDS, lambda: self._say_stubborn(job))
        self._loop.later(ORPHAN_SECONDS, self.kernel.kill_orphans)
        return ""

    def restart(self) -> str:
        """A new kernel, whatever the old one does."""
        if self._closed:
            return _ENDING
        self._drop_all("Not begun: the kernel was restarted.")
        self._stillborn, self._unusable = 0, ""
        if self.kernel.alive:
            self.end_kernel("stopped", f"Stopped by a restart. {KEPT}", "restarted on request")
        else:
            self.begin("restarted on request")
        return ""

    def answer(self, request: Answer) -> str:
        """A line for `input()`."""
        job = self.current
        if job is None or job.asked is None:
            return "Nothing waits for input; it may have been answered elsewhere."
        self._emit(InputAnswered(run=job.run, text="" if job.asked.password else request.text))
        job.asked = None
        self.kernel.send(request)
        if job.deadline:
            job.deadline.go()
        return ""

    def end_kernel(self, outcome: str, words: str, why: str = "the last one was ended") -> None:
        """Kill the kernel; the run in progress ends with this outcome and these words."""
        self._doom = self._doom or Doom(outcome, words, why)
        self.kernel.kill()

    def no_more(self, words: str) -> None:
        """Begin nothing new, no run and no kernel; when the kernel goes, it goes with the session."""
        self._closed = True
        self._doom = self._doom or Doom("stopped", f"{words} {KEPT}", "")
        self._drop_all(words)

    def close(self, words: str) -> None:
        """End everything. `changed` is called when the kernel is gone."""
        self.no_more(words)
        if self.alive:
            self.end_kernel("stopped", f"{words} {KEPT}")
        elif self.current is not None:
            self._finish(self.current.finished("stopped", words))

    # What the kernel says (`tutor.runner.kernel_process.Owner`).

    def zygote_ready(self, ready: ZygoteReady) -> None:
        """Kernels can be forked; `problem` says what they will lack."""
        self._problem = ready.problem

    def kernel_said(self, message: Message) -> None:
        """Journal it in order: what was printed before it comes before it."""
        job = self.current
        if isinstance(message, KernelReady):
            self._ready, self._stillborn = True, 0
            self._emit(replace(message, generation=self._generation, problem=message.problem or self._problem))
            self._changed()
            self._advance()
        elif isinstance(message, RunStarted):
            if job is not None and message.run == job.run and not job.started:
                self._start(job)
        elif isinstance(message, RunFinished):
            if job is not None and message.run == job.run:
                self._finish(message)
        elif isinstance(message, Points):
            self._emit(message)
        elif isinstance(message, InputRequested):
            if job is not None:
                self.kernel.drain()
                job.asked = message
                if job.deadline:
                    job.deadline.pause()
                self._emit(message)
        elif isinstance(message, (CellFinished, Result, CheckVerdict, Notice)):
            self.kernel.drain()
            self._emit(message)
        else:
            self._log(f"the kernel sent a {type(message).__name__}, which is not its to send\n".encode())

    def kernel_wrote(self, event: Event) -> None:
        """Output, which may overtake the `RunStarted` it belongs to."""
        if self.current is not None and not self.current.started:
            self.current.held.append(event)
        else:
            self._emit(event)

    def kernel_died(self, death: Death) -> None:
        """End what ran with it, say so, and make another."""
        doom = self._doom or Doom("died", death.words, "the last one is gone")
        was_ready = self._ready
        self._ready = False
        job = self.current
        if job is not None:
            outcome, words = job.ending or (doom.outcome, doom.words)
            self._finish(job.finished(outcome, words, death.exit_code))
        if doom.outcome != "stopped" and was_ready:
            self._drop_queue("Not begun: the kernel that it was to run in is gone.")
        if doom.outcome != "stopped":
            self._emit(
                KernelDied(
                    generation=self._generation,
                    run=job.run if job else "",
                    exit_code=death.exit_code,
                    signal=death.signal,
                    cause=doom.words,
                )
            )
        self._stillborn = 0 if was_ready or self._doom else self._stillborn + 1
        if self._stillborn >= MAX_STILLBORN:
            said = self.kernel.last_line or death.words
            self.zygote_failed(f"{MAX_STILLBORN} kernels in a row ended before they were ready. {said}")
        elif not self._closed:
            self.begin(doom.why)
        self._changed()

    def zygote_failed(self, why: str) -> None:
        """No kernel can be made until somebody asks for a restart."""
        self._ready, self._unusable = False, why
        self._emit(KernelDied(generation=self._generation, cause=why))
        self._advance()

    # What follows from it.

    def _advance(self) -> None:
        """Hand the next run to the kernel, if both are there."""
        if self._unusable:
            self._drop_all(self._unusable, "died")
        if self.current is not None or not self._queue or not self._ready or self._doom:
            return
        if self._queue[0].fresh and self._used:
            self.end_kernel("stopped", KEPT, "a fresh namespace was asked for")
            return
        job = self.current = self._queue.popleft()
        self._used = self._used or isinstance(job.request, Run)
        self.kernel.begin_run(job.run)
        self.kernel.send(job.request)
        self._changed()

    def _start(self, job: Job) -> None:
        job.began, job.started = time.monotonic(), True
        self._emit(RunStarted(run=job.run, generation=self._generation))
        self._release(job)
        job.deadline = Deadline(self._loop, job.limit, lambda: self._time_is_up(job))
        job.deadline.go()

    def _finish(self, event: RunFinished) -> None:
        """The run in progress is over."""
        job = self.current
        assert job is not None
        self.kernel.drain(final=True)
        self._release(job)
        if job.deadline:
            job.deadline.pause()
        if job.ending and event.outcome != "ok":
            event = replace(event, outcome=job.ending[0], words=job.ending[1])
        self._emit(event)
        self.current = None
        self._changed()
        self._advance()

    def _release(self, job: Job) -> None:
        held, job.held = job.held, []
        for event in held:
            self._emit(event)

    def _time_is_up(self, job: Job) -> None:
        words = f"Stopped at the time limit of {job.request.timeout:g} s."
        job.ending = ("timeout", words)
        self.kernel.signal(signal.SIGINT)

        def insist() -> None:
            if self.current is job:
                job.ending = None
                self.end_kernel("timeout", f"{words} It did not react to an interrupt and was killed. {KEPT}")

        self._loop.later(PATIENCE_SECONDS, insist)

    def _say_stubborn(self, job: Job) -> None:
        if self.current is job and not self._doom:
            words = (
                f"No reaction to the interrupt after {PATIENCE_SECONDS:g} s: the code is deep in a library or ignores "
                "it. Stopping it hard ends the kernel and loses the variables."
            )
            self.kernel.drain()
            self._emit(Notice(run=job.run, text=words))

    def _drop_queue(self, words: str) -> None:
        """Take back what waits for the namespace that is lost; a fresh run and what follows it can do without."""
        while self._queue and not self._queue[0].fresh:
            self._emit(self._queue.popleft().finished("stopped", words))

    def _drop_all(self, words: str, outcome: str = "stopped") -> None:
        while self._queue:
            self._emit(self._queue.popleft().finished(outcome, words))
