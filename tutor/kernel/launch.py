"""Cells of several processes: run by PyTorch's own launcher, with one output and one set of series per rank.

The kernel starts `torch.distributed.run` as a child of its own, so that interrupts, limits and its end reach the
launcher too. Each process it makes (`rank.py`) comes to a socket in the session's folder and hands over its output,
its points and how it ended. Whatever else the launcher is told (`--nnodes`, `--rdzv-endpoint`) is passed on unread.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import Callable, List

from tutor.kernel import processes
from tutor.kernel.executor import Ending, Executor
from tutor.kernel.ranks import Ranks
from tutor.kernel.texts import clean
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Failure
from tutor.runner.protocol.requests import Run
from tutor.runner.protocol.run_events import Notice
from tutor.runner.protocol.wire import encode

LAUNCHERS = (["torchrun"], ["python", "-m", "torch.distributed.run"])
_ELSEWHERE = re.compile(r"--?(nnodes|rdzv|master|standalone|node)")
_RANK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rank.py")

FAREWELL_SECONDS = 4.0
"""How long the launcher may take to end its processes after an interrupt."""


class Launcher:
    """Runs requests with a `launch`. `folder` is the session's, `device` the wanted one ("auto", "cpu", …)."""

    def __init__(self, folder: str, device: str, executor: Executor, send: Callable[[Event], None]) -> None:
        self._folder = folder
        self._device = device
        self._executor = executor
        self._send = send

    def run(self, request: Run) -> Ending:
        """Run the cells as a program of their own in each process; the namespace has no part in it."""
        try:
            options = launcher_options(request.launch)
        except ValueError as error:
            return _failed("ValueError", str(error))
        try:
            with tempfile.TemporaryDirectory(prefix="launch-", dir=self._folder) as place:
                private = os.open(os.path.join(place, "request"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with open(private, "wb") as file:
                    file.write(encode(request))
                return self._launch(request, options, place)
        except OSError as error:
            return self._executor.ending_of(error)

    def _launch(self, request: Run, options: List[str], place: str) -> Ending:
        path = os.path.join(self._folder, "ranks")  # no longer than the host's own socket, which has room
        ranks = Ranks(path, request.run, self._send)
        try:
            agent = subprocess.Popen(
                [sys.executable, "-m", "torch.distributed.run", *options, _RANK, path, place, self._device],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=request.cwd,
                env={"OMP_NUM_THREADS": str(request.threads), **os.environ},
            )
        except OSError:
            ranks.close()
            raise
        assert agent.stdout is not None
        with agent.stdout:
            ranks.follow(agent.stdout.fileno())
            try:
                ending = self._executor.attempt(lambda: _wait(agent))
            finally:
                if agent.poll() is None:
                    _end(agent)
                ranks.close()
        return ending if not ending.ok else self._judge(request, agent.returncode, ranks)

    def _judge(self, request: Run, code: int, ranks: Ranks) -> Ending:
        """How the launch as a whole ended: by the rank that failed first."""
        if code == 0:
            return Ending()
        first = ranks.first
        if first is None:
            said = ranks.report.strip()
            with suppress(OSError):
                os.write(2, said.encode("utf-8", "replace") + b"\n")
            last = said.rpartition("\n")[2] or f"exit code {code}"
            return _failed("LaunchError", f"torchrun could not start the processes: {last}")
        rank, ended = first
        if ended is None:
            words = f"Rank {rank} {_how(ranks.report)}; torchrun ended the others. The session's variables are kept."
            return Ending("died", words=words)
        if ended.outcome == "exit":
            return Ending("exit", words=f"Rank {rank}: {ended.words}", exit_code=ended.exit_code)
        words = f"Rank {rank} failed, and torchrun ended the others."
        self._send(Notice(run=request.run, text=words))
        return Ending(ended.outcome, ended.failure, words if ended.outcome != "error" else "", ended.exit_code)


def launcher_options(launch: str) -> List[str]:
    """What `launch` says to torchrun. Raises `ValueError` with one sentence when it is about another program."""
    words = shlex.split(launch)
    for program in LAUNCHERS:
        if words[: len(program)] == program:
            options = words[len(program) :]
            # On one machine the processes find each other by themselves, at a free port instead of a fixed one.
            return options if any(_ELSEWHERE.match(one) for one in options) else ["--standalone", *options]
    raise ValueError(f"cells can be launched by torchrun only, not by {words[0] if words else 'nothing'!r}")


def _wait(agent: subprocess.Popen[bytes]) -> str:
    while agent.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            agent.wait(0.2)  # never for ever in one call: an interrupt needs a bytecode to fall on
    return ""


def _end(agent: subprocess.Popen[bytes]) -> None:
    """After an interrupt, which the launcher has got too: it ends its processes, or all of them are killed."""
    try:
        agent.wait(FAREWELL_SECONDS)
    except subprocess.TimeoutExpired:
        for pid in (agent.pid, *processes.below(agent.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        agent.wait()


def _how(report: str) -> str:
    """How a process ended that said nothing, as the launcher's report has it."""
    found = re.search(r"exitcode\s*:\s*(-?\d+)", report)
    if found is None:
        return "died without a word"
    code = int(found[1])
    try:
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended itself (exit code {code})"
    except ValueError:
        return f"was ended by signal {-code}"


def _failed(kind: str, message: str) -> Ending:
    return Ending("error", Failure(kind, clean(message), (), f"{kind}: {clean(message)}\n"))
