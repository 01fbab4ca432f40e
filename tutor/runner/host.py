"""The session host: what a session is, who may look at it, and when it ends.

One process, one thread, stdlib only, started by `host_main.py`. It outlives the UI; the kernel may die at any time.
"""

from __future__ import annotations

import math
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tutor.runner.clients import Clients
from tutor.runner.journal import Journal
from tutor.runner.limits import MemoryWatch
from tutor.runner.loop import Loop, Timer
from tutor.runner.protocol.message import Event, Message
from tutor.runner.protocol.requests import Answer, Check, Interrupt, Prepare, Restart, Run, Stop, Watch
from tutor.runner.protocol.run_events import Notice
from tutor.runner.protocol.session_events import Pong, SessionEnded, SessionStarted
from tutor.runner.runs import Runs
from tutor.runner.zygote_process import Launch

ROUND_SECONDS = 5.0
"""How often the host looks whether its socket is still there."""

GRACE_SECONDS = 10.0
"""How long a training may take to save its state when the system ends the session."""

FAREWELL_SECONDS = 2.0
"""How long the last events may take to reach those who look."""


@dataclass(frozen=True)
class Options:
    """A session: its id, and its limits in bytes and minutes.

    A `private` one ends when its client has left, one for a `script` when that has ended: then its memory is free
    again, as after `python train.py`, and the journal tells the rest.
    """

    session: str
    launch: Launch
    memory_limit: int | None = None
    output_limit: int | None = None
    idle_minutes: float = 30.0
    private: bool = False
    script: str = ""


class Host:
    """Owns journal, clients and runs of one session."""

    def __init__(self, loop: Loop, options: Options, listening: socket.socket, log: Callable[[bytes], None]) -> None:
        self._loop = loop
        self._options = options
        self._started = time.time()
        self._trouble_said = False
        self._journal = Journal(options.launch.folder / "journal")
        self._clients = Clients(loop, listening, self._journal, self)
        self._runs = Runs(loop, options.launch, self.emit, log, self._changed, options.output_limit)
        self._watch = MemoryWatch(
            loop,
            self._runs.kernel,
            self._memory_limit,
            running=lambda: self._runs.current is not None,
            watched=lambda: self._clients.attached > 0,
            show=self.emit,
            exceeded=lambda words: self._runs.keeper.end("memory", words),
            gpu=lambda: self._runs.gpu,
        )
        self._idle: Timer | None = None
        self._leaving = ""
        self._visited = False
        self._asked = False
        self._told = False

    def begin(self) -> None:
        """Write the first event and ask for the first kernel."""
        python = self._options.launch.python
        script = self._options.script
        self.emit(SessionStarted(session=self._options.session, python=python, pid=os.getpid(), script=script))
        self._runs.keeper.begin("the session starts")
        self._changed()
        self._loop.later(ROUND_SECONDS, self._look_around)

    def emit(self, event: Event) -> None:
        """Keep an event and show it to everybody; passing ones are only shown."""
        if not event.journaled:
            self._clients.tell(event)
            return
        self._journal.append(event)
        if self._journal.problem and not self._trouble_said:
            self._trouble_said = True
            self._journal.append(Notice(run=getattr(event, "run", ""), text=self._journal.problem))
        self._clients.publish()

    def _memory_limit(self) -> int | None:
        """The session's own limit, else that of what runs."""
        job = self._runs.current
        return self._options.memory_limit or (job.request.memory_limit if job else None)

    def child_ended(self) -> None:
        """SIGCHLD."""
        self._runs.kernel.reap()

    def terminate(self) -> None:
        """SIGTERM: the system ends the session, and what runs gets time to save its state."""
        if self._leaving:
            return
        self._leaving = "The system ended the session (SIGTERM)."
        if self._runs.current is not None:
            self._runs.no_more(self._leaving)
            self._runs.kernel.signal(signal.SIGTERM)
            self._loop.later(GRACE_SECONDS, self._close)
        else:
            self._close()

    # What clients need (`tutor.runner.clients.Desk`).

    def pong(self) -> Pong:
        """What the session is doing."""
        job = self._runs.current
        return Pong(
            session=self._options.session,
            pid=os.getpid(),
            python=self._options.launch.python,
            running=job.run if job else "",
            label=job.request.label if job else "",
            clients=self._clients.attached,
            started=self._started,
            private=self._options.private,
            script=self._options.script,
        )

    def take(self, request: Message) -> str:
        """Act on a request; "" or one sentence why not."""
        if isinstance(request, (Run, Check)):
            refused = self._runs.submit(request)
            self._asked = self._asked or not refused  # only now: until it is in the queue, nothing is to be done
            return refused
        if isinstance(request, Interrupt):
            return self._runs.interrupt(request)
        if isinstance(request, Restart):
            return self._runs.restart()
        if isinstance(request, Answer):
            return self._runs.answer(request)
        if isinstance(request, Prepare):
            self._runs.keeper.prepare()
        if isinstance(request, Stop) and not self._leaving:
            self._leaving = "The session was stopped."
            self._close()
        return ""

    def audience_changed(self) -> None:
        """Somebody attached or left."""
        self._visited = self._visited or self._clients.attached > 0
        if self._options.private and self._visited and not self._clients.attached and not self._leaving:
            self._leaving = "The session ended with the command that it belonged to."
            self._close()
        self._changed()

    def watch(self, wanted: Watch) -> None:
        """What all clients together look at in the X-ray."""
        self._runs.watch(wanted)

    # How it ends.

    def _changed(self) -> None:
        """Something began or ended: look at the gauges, and whether there is still a reason to live."""
        if self._leaving:
            if not self._runs.keeper.alive:
                self._loop.later(0.0, self._farewell)  # whoever called has more to say
            elif self._runs.current is None:
                self._close()
            return
        if self._options.script and self._asked and not self._runs.busy:
            self._leaving = "The script has ended, and its session with it."
            self._loop.later(0.0, self._close)  # whoever called has more to say
            return
        if self._runs.busy or self._clients.attached:
            self._watch.attend()
            if self._idle is not None:
                self._idle.cancel()
                self._idle = None
        elif self._idle is None and math.isfinite(self._options.idle_minutes):
            self._idle = self._loop.later(60 * self._options.idle_minutes, self._bored)

    def _look_around(self) -> None:
        """A session whose folder was removed can be reached by nobody: it ends as soon as nothing runs."""
        reachable = (self._options.launch.folder / "socket").exists()
        if reachable or self._leaving or self._runs.busy or self._clients.attached:
            self._loop.later(ROUND_SECONDS, self._look_around)
            return
        self._leaving = "The session ended because its folder was removed."
        self._close()

    def _bored(self) -> None:
        minutes = self._options.idle_minutes
        self._leaving = f"The session ended by itself: for {minutes:g} minutes nothing ran and nobody was attached."
        self._close()

    def _close(self) -> None:
        self._runs.close(self._leaving)
        self._loop.later(FAREWELL_SECONDS if self._runs.keeper.alive else 0.0, self._farewell)

    def _farewell(self) -> None:
        """Write the last event, let everybody read it, and go."""
        if self._told:
            return
        self._told = True
        self.emit(SessionEnded(why=self._leaving))
        latest = time.monotonic() + FAREWELL_SECONDS

        def go() -> None:
            if self._clients.served or time.monotonic() > latest:
                self._clients.close()
                self._runs.kernel.end()
                self._journal.close()
                self._loop.end()
            else:
                self._loop.later(0.01, go)

        go()


def lay_out(folder: Path, package: Path) -> Path:
    """Give the session's folder a `lib` that holds `tutor` and nothing else; return the zygote's script in it.

    A kernel under a foreign interpreter thus finds our package, and none of what is installed beside it.
    """
    library = folder / "lib"
    library.mkdir(mode=0o700, exist_ok=True)
    (library / "tutor").symlink_to(package, target_is_directory=True)
    return library / "tutor" / "kernel" / "zygote.py"
