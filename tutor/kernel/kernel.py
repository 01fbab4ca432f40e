"""The kernel: runs one request of the host after another in one namespace."""

from __future__ import annotations

import faulthandler
import gc
import os
import socket
import sys
import threading
import time
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from typing import Any, Optional, Tuple, Union

from tutor.kernel import devices, gpus, warned
from tutor.kernel.checks import Checks
from tutor.kernel.executor import Ending, Executor
from tutor.kernel.figures import Figures
from tutor.kernel.interrupts import Interrupts
from tutor.kernel.launch import Launcher
from tutor.kernel.lenient import Walk
from tutor.kernel.link import Link
from tutor.kernel.namespace import Namespace, seed_everything
from tutor.kernel.preload import Preload
from tutor.kernel.recording import Recording
from tutor.kernel.sources import Sources
from tutor.kernel.stage import Stage
from tutor.kernel.streams import Stdin, Ticker, flush_streams, open_streams, streams_closed
from tutor.kernel.workers import renew_loaders, see_off_workers
from tutor.runner.protocol.engine import CellNoted
from tutor.runner.protocol.message import Event, Message
from tutor.runner.protocol.parts import Device
from tutor.runner.protocol.requests import Answer, Check, Interrupt, Prepare, Run, Watch
from tutor.runner.protocol.run_events import CellFinished, InputRequested, Notice, Result, RunFinished, RunStarted
from tutor.runner.protocol.session_events import KernelReady

_NOTED_SECONDS = 2.0
"""How long a host may take to note the end of a cell; without its word the run goes on all the same."""

IDLE_SECONDS = 1.5
"""So long after the last run nobody is likely to start another one this moment: time to import more."""


class Kernel:
    """One kernel process. `serve` is its main thread and does not return."""

    def __init__(self, control: int, generation: int, folder: str, device: str, problem: str) -> None:
        self._generation = generation
        self._problem = problem
        self._torch: Any = sys.modules.get("torch")
        self._requests: SimpleQueue[Union[Run, Check, Watch, Prepare]] = SimpleQueue()
        self._run: Optional[str] = None
        self._ending: Optional[Ending] = None
        self._last_cell: Tuple[Event, ...] = ()
        self._began = 0.0
        self._link = Link(socket.socket(fileno=control), self._heard)
        self._interrupts = Interrupts(self._notice)
        self._stdin = Stdin(self._ask)
        self._noted, self._awaited = threading.Event(), ""
        sources = Sources()
        self._recording = Recording(self._link.send, sources)
        self._ticker = Ticker(self._tick)
        self._stage = Stage()
        self._devices: Tuple[Device, ...] = (Device("cpu"),)
        chosen = None
        if self._torch is not None:
            self._problem = self._problem or self._recording.install(self._torch)
            self._devices = devices.available(self._torch)
            chosen, trouble = devices.choose(self._torch, device, self._devices)
            self._problem = self._problem or trouble
        self._namespace = Namespace(folder, chosen)
        self._recording.look_into(self._namespace.names)
        self._executor = Executor(self._namespace, sources, self._interrupts)
        self._checks = Checks(
            self._executor,
            self._interrupts,
            self._stdin,
            self._link.send,
            self._torch,
            gpus=len(self._devices) > 1,
            recording=self._recording,
            place=self._stage,
        )
        self._launcher = Launcher(folder, device, self._executor, self._link.send)
        self._preload = Preload(possible=self._torch is not None)

    def serve(self) -> None:
        """Take requests until the host is gone."""
        self._start()
        self._checks.own_threads = threading.active_count()
        while True:
            try:
                if self._ending is None:
                    self._ending = self._serve(self._next())
                self._finish(self._ending)
            except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001  signal handlers, the learner's too
                if self._ending is None:  # raise wherever we are
                    self._ending = self._executor.ending_of(error)

    def _start(self) -> None:
        self._interrupts.install()
        warned.install()
        open_streams()
        faulthandler.enable(file=2)
        sys.argv = [""]
        sys.path.insert(0, "")
        self._stdin.install()
        os.register_at_fork(after_in_child=self._forked)
        self._link.start()
        self._ticker.start()
        gpus.watch(self._torch, self._namespace.names.get("device"), self._link.send)
        self._link.send(
            KernelReady(
                generation=self._generation,
                pid=os.getpid(),
                python=sys.version.split()[0],
                executable=sys.executable,
                torch=str(self._torch.__version__) if self._torch is not None else "",
                device=str(self._namespace.names.get("device", "cpu")),
                devices=self._devices,
                problem=self._problem,
            )
        )

    def _forked(self) -> None:
        """In a child that the learner's code forked, such as a data loader's worker."""
        self._interrupts.leave_alone()
        self._link.close_in_child()
        self._stdin.refusal = "a forked process has nobody to ask for input()"

    # What comes from the reader's thread.

    def _heard(self, message: Message) -> None:
        if isinstance(message, (Run, Check)):
            self._interrupts.expect()
            self._requests.put(message)
        elif isinstance(message, Watch):
            self._recording.watch(message)
            self._requests.put(message)
        elif isinstance(message, Prepare):
            self._requests.put(message)
        elif isinstance(message, Answer):
            self._stdin.answer(message)
        elif isinstance(message, CellNoted) and message.key == self._awaited:
            self._noted.set()
        elif isinstance(message, Interrupt) and message.force:
            self._interrupts.force()

    # What the running code causes.

    def _ask(self, prompt: str, password: bool) -> None:
        self._link.send(InputRequested(run=self._run or "", prompt=prompt, password=password))

    def _notice(self, text: str) -> None:
        self._link.send(Notice(run=self._run or "", text=text))

    def _tick(self) -> None:
        self._interrupts.ask_again()
        self._recording.flush()

    # The main thread.

    def _next(self) -> Union[Run, Check]:
        """The next run or check. Between two of them there is time to import, and to show what was asked for."""
        while True:
            try:
                request = self._requests.get(timeout=IDLE_SECONDS if self._preload.due else None)
            except Empty:
                self._preload.step()
                continue
            if isinstance(request, Prepare):
                self._preload.ask()
                continue
            if not isinstance(request, Watch):
                return request
            if self._requests.empty():  # else it is answered by what comes next
                self._recording.look()

    def _serve(self, request: Union[Run, Check]) -> Ending:
        self._run = request.run
        self._began = time.perf_counter()
        self._interrupts.begin()
        if streams_closed():
            open_streams()
        self._stage.become(request)
        self._link.send(RunStarted(run=request.run, generation=self._generation))
        self._link.drain()  # the code may hold the interpreter from its first line on
        self._ticker.go()
        return self._do_run(request) if isinstance(request, Run) else self._checks.run(request)

    def _finish(self, ending: Ending) -> None:
        """Everything that the run printed and logged is on its way before its end is told. Can be begun again."""
        self._ticker.rest()
        flush_streams()
        self._recording.end()
        if self._run is not None:
            self._interrupts.end()
            result = (Result(run=self._run, text=ending.result),) if ending.result else ()
            finished = RunFinished(
                run=self._run,
                outcome=ending.outcome,
                seconds=time.perf_counter() - self._began,
                failure=ending.failure,
                words=ending.words,
                stage=ending.stage,
                exit_code=ending.exit_code,
                ready_seconds=ending.ready_seconds,
            )
            last_cell, self._last_cell, self._run = self._last_cell, (), None
            self._link.send(*last_cell, *result, finished)  # one by one they would take longer than a short cell
        if ending.outcome == "interrupted":
            see_off_workers()
            with self._interrupts.cleaning_up():
                renew_loaders()
        if ending.failure is not None:
            self._clean_up()
        self._ending = None

    def _clean_up(self) -> None:
        """After an error, give memory back; later than the news of it, for collecting stops every thread."""
        self._link.drain()
        with self._interrupts.cleaning_up():
            gc.collect()
        if self._torch is not None and self._torch.cuda.is_initialized():
            self._torch.cuda.empty_cache()

    def _do_run(self, request: Run) -> Ending:
        if request.launch:
            return self._launcher.run(request)
        self._checks.forget()
        if request.fresh:
            self._namespace.clear()
        if self._torch is not None and self._torch.get_num_threads() != request.threads:
            self._torch.set_num_threads(request.threads)
        if request.seed is not None and self._namespace.new:
            seed_everything(request.seed)
        try:
            self._go_to(request)
        except OSError as error:
            return self._executor.ending_of(error)
        figures = Figures()
        with ExitStack() as undo:
            ending = self._run_cells(request, undo)
        if said := figures.sentence(request.cells[request.quiet_cells :]):
            self._notice(said)
        return ending

    def _go_to(self, request: Run) -> None:
        """For whole scripts: the folder, the arguments and the name that they would have under `python`."""
        if request.cwd is not None:
            os.chdir(request.cwd)
        script = None
        if request.argv is not None:
            sys.argv = list(request.argv) or [""]
            script = os.path.abspath(request.cells[-1].filename if request.cells else sys.argv[0])
            sys.path[0] = os.path.dirname(script)
        self._namespace.become_script(script)

    def _run_cells(self, request: Run, undo: ExitStack) -> Ending:
        """Run the cells; what they shall not leave behind is undone with `undo`."""
        ending = Ending()
        walk = Walk(self._executor, request.lenient, self._notice)
        for cell in request.cells:
            self._executor.sources.place(cell)
        # The curves of the quiet cells are not those of this run: capture begins with the learner's own cell.
        own = min(request.quiet_cells, len(request.cells) - 1)
        for index, cell in enumerate(request.cells):
            if request.isolated and index == request.kept_cells:
                undo.enter_context(self._namespace.isolated())
            if index == own:
                self._recording.begin(request.run, request.cells, last=request.argv is not None)
            began = time.perf_counter()
            ending, held = walk.run(cell, show=index == len(request.cells) - 1)
            seconds = time.perf_counter() - began
            finished = CellFinished(run=request.run, key=cell.key, ok=held, seconds=seconds)
            if index < len(request.cells) - 1:
                self._tell_end(finished, index == own - 1)
            else:
                self._last_cell = (finished,)
            if not held and not (index < own and walk.goes_on(ending)):
                break
        self._recording.ran(last=request.argv is not None)
        return ending

    def _tell_end(self, finished: CellFinished, last_quiet: bool) -> None:
        """Say that a cell has ended; after the last quiet one, wait until the host has what it printed."""
        if not last_quiet:
            self._link.send(finished)
            return
        flush_streams()
        self._awaited = finished.key
        self._noted.clear()
        self._link.send(finished)
        self._noted.wait(_NOTED_SECONDS)
