"""The program of one process of a launch: `rank.py SOCKET PLACE DEVICE`, started by torchrun, which sets RANK.

It runs the request in PLACE/request as a script would be run, and tells the kernel at SOCKET what comes of it.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    del sys.path[0]  # this folder: its modules must not hide those of the standard library

import faulthandler
import os
import socket
import tempfile
from typing import Any

from tutor.kernel import devices
from tutor.kernel.executor import Ending, Executor
from tutor.kernel.interrupts import Interrupts
from tutor.kernel.link import Link
from tutor.kernel.namespace import Namespace, seed_everything
from tutor.kernel.recording import Recording
from tutor.kernel.sources import Sources
from tutor.kernel.streams import Ticker, flush_streams, open_streams
from tutor.runner.protocol.engine import RankStarted
from tutor.runner.protocol.requests import Run
from tutor.runner.protocol.run_events import Notice, RunFinished
from tutor.runner.protocol.wire import Splitter, encode


class Rank:
    """One process of a launch."""

    def __init__(self, path: str, place: str, wanted: str) -> None:
        with open(os.path.join(place, "request"), "rb") as file:
            [request] = Splitter().feed(file.read())
        assert isinstance(request, Run)
        self._request = request
        self._link = Link(_connect(path), lambda message: None)
        open_streams()
        faulthandler.enable(file=2)
        import torch

        torch.set_num_threads(self._request.threads)
        self._interrupts = Interrupts(lambda text: self._link.send(Notice(text=text)))
        sources = Sources()
        self._recording = Recording(self._link.send, sources)
        self._recording.install(torch)
        self._ticker = Ticker(self._tick)
        self._namespace = Namespace(tempfile.mkdtemp(dir=place), _device(torch, wanted))
        self._executor = Executor(self._namespace, sources, self._interrupts)
        os.register_at_fork(after_in_child=self._forked)

    def run(self) -> int:
        """Run the cells and tell how that ended; the exit code."""
        request = self._request
        sys.argv = list(request.argv or [""])
        if request.seed is not None:
            seed_everything(request.seed)
        self._interrupts.install()
        self._interrupts.begin()
        self._link.start()
        self._ticker.start()
        self._ticker.go()
        for cell in request.cells:
            self._executor.sources.place(cell)
        self._recording.begin(request.run, ())
        ending = Ending()
        for cell in request.cells:
            ending = self._executor.run(cell)
            if not ending.ok:
                break
        self._ticker.rest()
        flush_streams()
        self._recording.end()
        self._link.send(
            RunFinished(
                run=request.run,
                outcome=ending.outcome,
                failure=ending.failure,
                words=ending.words,
                exit_code=ending.exit_code,
            )
        )
        self._link.drain(5.0)
        return ending.exit_code or 0 if ending.ok or ending.outcome == "exit" else 1

    def _tick(self) -> None:
        self._interrupts.ask_again()
        self._recording.flush()

    def _forked(self) -> None:
        self._interrupts.leave_alone()
        self._link.close_in_child()


def _connect(path: str) -> socket.socket:
    """Come to the kernel and hand our output over: what stands in a pipe is kept, however this process ends."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    (out, out_end), (err, err_end) = os.pipe(), os.pipe()
    started = RankStarted(rank=int(os.environ.get("RANK", "0")), world=int(os.environ.get("WORLD_SIZE", "1")))
    socket.send_fds(connection, [encode(started)], [out, err])
    os.dup2(out_end, 1)
    os.dup2(err_end, 2)
    for descriptor in (out, out_end, err, err_end):
        os.close(descriptor)
    return connection


def _device(torch: Any, wanted: str) -> Any:
    """A device of its own where there are GPUs."""
    local, gpus = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
    name = f"cuda:{local % gpus}" if gpus and wanted != "cpu" else "cpu"
    return devices.choose(torch, name, devices.available(torch))[0]


def main() -> int:
    """Read the command line and run."""
    path, place, wanted = sys.argv[1:]
    return Rank(path, place, wanted).run()


if __name__ == "__main__":
    code = main()
    flush_streams()
    sys.exit(code)
