"""The rules of running: one run at a time, in order, and every run comes to an end that is told."""

from __future__ import annotations

import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from tutor.runner.deaths import KEPT, Death
from tutor.runner.job import Job
from tutor.runner.keeper import Doom, Keeper
from tutor.runner.limits import Deadline, more_time
from tutor.runner.loop import Loop
from tutor.runner.protocol.engine import CellNoted, GpuUse
from tutor.runner.protocol.message import Event, Message
from tutor.runner.protocol.requests import Answer, Check, Interrupt, Run, Watch
from tutor.runner.protocol.run_events import (
    CellFinished,
    CheckVerdict,
    InputAnswered,
    InputRequested,
    Notice,
    Observed,
    Points,
    Result,
    RunFinished,
    RunStarted,
)
from tutor.runner.protocol.session_events import LastLook, XRay
from tutor.runner.zygote_process import Launch

PATIENCE_SECONDS = 2.0
"""How long code may take to react to SIGINT before that is said, or before a limit kills it."""

ORPHAN_SECONDS = 3.0
"""How long processes that lost their parent by an interrupt may take to end by themselves."""

WARM_UP_SECONDS = 0.05
"""So soon after its beginning a run may not yet listen to SIGINT: it is sent a little later."""

_ENDING = "The session is ending."


class Runs:
    """The queue and the run in progress. `output_limit` in bytes goes before that of a request.

    `emit` takes events; `changed` is called whenever something begins or ends. Once `no_more` or `close` was called
    there are no new kernels and no new runs.
    """

    def __init__(
        self,
        loop: Loop,
        launch: Launch,
        emit: Callable[[Event], None],
        log: Callable[[bytes], None],
        changed: Callable[[], None],
        output_limit: int | None = None,
    ) -> None:
        self.current: Job | None = None
        self.gpu = GpuUse()
        self.keeper = Keeper(loop, launch, self, emit, log)
        self.kernel = self.keeper.process
        self._loop = loop
        self._emit = emit
        self._log = log
        self._changed = changed
        self._output_limit = output_limit
        self._queue: deque[Job] = deque()
        self._known: set[str] = set()
        self._watch = Watch()

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits to run."""
        return self.current is not None or bool(self._queue)

    # What clients ask for. Each returns "" or one sentence why not.

    def submit(self, request: Run | Check) -> str:
        """Queue a run or a check."""
        if self.keeper.closed:
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
        elif job.seconds < WARM_UP_SECONDS:
            self._loop.later(WARM_UP_SECONDS, lambda: self._interrupt(job, request))
        else:
            self._interrupt(job, request)
        return ""

    def restart(self) -> str:
        """A new kernel, whatever the old one does."""
        if self.keeper.closed:
            return _ENDING
        self._drop_all("stopped", "Not begun: the kernel was restarted.")
        self.keeper.renew("restarted on request", f"Stopped by a restart. {KEPT}")
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

    def watch(self, wanted: Watch) -> None:
        """Tell the kernel, and every one that follows it, what is looked at in the X-ray."""
        self._watch = wanted
        if self.keeper.available:
            self.kernel.send(wanted)

    # How it ends.

    def no_more(self, words: str) -> None:
        """Begin nothing new, no run and no kernel."""
        self.keeper.retire(words)
        self._drop_all("stopped", words)

    def close(self, words: str) -> None:
        """End everything. `changed` is called when the kernel is gone."""
        self.no_more(words)
        if self.keeper.alive:
            self.keeper.end("stopped", f"{words} {KEPT}")
        elif self.current is not None:
            self._finish(self.current.finished("stopped", words))

    # What the kernel does (`tutor.runner.keeper.Work`).

    def kernel_ready(self) -> None:
        """Go on with the queue."""
        if self._watch.views:
            self.kernel.send(self._watch)
        self._changed()
        self._advance()

    def kernel_said(self, message: Message) -> None:
        """Journal it in order: what was printed before it comes before it."""
        job = self.current
        if isinstance(message, RunStarted):
            if job is not None and message.run == job.run and not job.started:
                self._start(job)
        elif isinstance(message, RunFinished):
            if job is not None and message.run == job.run:
                self._finish(message)
        elif isinstance(message, GpuUse):
            self.gpu = message
        elif isinstance(message, (Points, XRay, LastLook, Observed)):
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
            if isinstance(message, CellFinished) and job is not None and job.has_quiet_cells:
                self.kernel.send(CellNoted(message.key))
        else:
            self._log(f"the kernel sent a {type(message).__name__}, which is not its to send\n".encode())

    def kernel_wrote(self, event: Event) -> None:
        """Output, which may overtake the `RunStarted` it belongs to."""
        if self.current is not None and not self.current.started:
            self.current.held.append(event)
        else:
            self._emit(event)

    def kernel_lost(self, doom: Doom, death: Death, namespace_lost: bool) -> str:
        """End the run that it took with it, and those that were to follow in its namespace."""
        self.gpu = GpuUse()
        job = self.current
        if job is not None:
            outcome, words = job.ending or (doom.outcome, doom.words)
            if outcome != "died":
                self._finish(job.finished(outcome, words, death.exit_code))
            else:
                words = death.words_of_script if job.script and words == death.words else words
                self._finish(job.finished(outcome, words, death.exit_code, death.signal))
        while namespace_lost and self._queue and not self._queue[0].fresh:
            words = "Not begun: the kernel that it was to run in is gone."
            self._emit(self._queue.popleft().finished("stopped", words))
        self._changed()
        return job.run if job else ""

    def kernel_missing(self, why: str) -> None:
        """Nothing can run."""
        self._drop_all("died", why)
        self._changed()

    # What follows from it.

    def _advance(self) -> None:
        """Hand the next run to the kernel, if both are there."""
        if self.keeper.unusable:
            self.kernel_missing(self.keeper.unusable)
        if self.current is not None or not self._queue or not self.keeper.available:
            return
        if self._queue[0].fresh and self.keeper.used:
            self.keeper.end("stopped", KEPT, "a fresh namespace was asked for")
            return
        job = self.current = self._queue.popleft()
        self.keeper.used = self.keeper.used or isinstance(job.request, Run)
        wanted = job.request.output_limit if isinstance(job.request, Run) else None
        self.kernel.begin_run(job.run, self._output_limit or wanted)
        self.kernel.send(job.request)
        self._changed()

    def _start(self, job: Job) -> None:
        job.began, job.started = time.monotonic(), True
        self._emit(RunStarted(run=job.run, generation=self.keeper.generation))
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

    def _interrupt(self, job: Job, request: Interrupt) -> None:
        if self.current is job:
            self.kernel.signal(signal.SIGINT)
            if request.force:
                self.kernel.send(request)
            self._loop.later(PATIENCE_SECONDS, lambda: self._say_stubborn(job))
            self._loop.later(ORPHAN_SECONDS, self.kernel.kill_orphans)

    def _say_stubborn(self, job: Job) -> None:
        if self.current is job and self.keeper.available:
            words = (
                f"No reaction to the interrupt after {PATIENCE_SECONDS:g} s: the code is deep in a library or ignores "
                "it. Stopping it hard ends the kernel and loses the variables."
            )
            self.kernel.drain()
            self._emit(Notice(run=job.run, text=words))

    def _time_is_up(self, job: Job) -> None:
        words = f"Stopped at the time limit of {job.request.timeout:g} s. {more_time(job.request)}"
        job.ending = ("timeout", words)
        self.kernel.signal(signal.SIGINT)
        self._loop.later(PATIENCE_SECONDS, lambda: self._insist(job, words))

    def _insist(self, job: Job, words: str) -> None:
        if self.current is job:
            job.ending = None
            self.keeper.end("timeout", f"{words} It did not react to an interrupt and was killed. {KEPT}")

    def _drop_all(self, outcome: str, words: str) -> None:
        while self._queue:
            self._emit(self._queue.popleft().finished(outcome, words))
