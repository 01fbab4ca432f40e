"""The zygote seen from the session host: a child process that has imported torch and forks kernels on request."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.runner import processes
from tutor.runner.channel import Channel
from tutor.runner.loop import Loop
from tutor.runner.pipes import Pipes, make_pipe
from tutor.runner.protocol.engine import ZygoteReady
from tutor.runner.protocol.message import Message


@dataclass(frozen=True)
class Launch:
    """How to start a zygote: the interpreter, our script, and what the kernels find when they begin."""

    python: str
    script: Path
    folder: Path
    device: str
    cwd: str
    umask: int


class ZygoteProcess:
    """A running zygote. Raises `OSError` when the interpreter cannot be started.

    `heard` gets its messages, `wrote` what it prints; `ready` tells whether it has said `ZygoteReady`.
    """

    def __init__(
        self, loop: Loop, launch: Launch, heard: Callable[[Message], None], wrote: Callable[[bytes], None]
    ) -> None:
        self.ready = False
        self._heard = heard
        ours, theirs = socket.socketpair()
        out_read, out_write = make_pipe(large=False)
        err_read, err_write = make_pipe(large=False)
        command = [launch.python, "-u", str(launch.script), "--control", str(theirs.fileno())]
        command += ["--folder", str(launch.folder), "--device", launch.device]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out_write,
                stderr=err_write,
                pass_fds=[theirs.fileno()],
                env=_environment(launch.folder),
                cwd=launch.cwd,
                umask=launch.umask,
                start_new_session=True,
            )
        except OSError:
            ours.close()
            os.close(out_read)
            os.close(err_read)
            raise
        finally:
            theirs.close()
            os.close(out_write)
            os.close(err_write)
        self._pipes = Pipes(loop, out_read, err_read, lambda event: None, wrote)
        # It only hangs up when it is beyond repair; SIGCHLD follows.
        self._channel = Channel(loop, ours, self._hear, lambda why: processes.kill([self.pid]))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def send(self, message: Message, descriptors: Sequence[int] = ()) -> None:
        """Send a request with the descriptors that belong to it. It may still be importing torch."""
        self._channel.send(message, descriptors)

    def ended(self, status: int) -> str:
        """It was reaped with this status: take in the last it said, and return how it ended."""
        code = self._process.returncode = os.waitstatus_to_exitcode(status)
        self._channel.drain()
        self._channel.close()
        self._pipes.drain()
        self._pipes.close()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def _hear(self, message: Message) -> None:
        self.ready = self.ready or isinstance(message, ZygoteReady)
        self._heard(message)


def _environment(folder: Path) -> dict[str, str]:
    library, inherited = str(folder / "lib"), os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "PYTHONPATH": library + (os.pathsep + inherited if inherited else ""),
        "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # `torch.cuda.is_available()` must not initialise CUDA before a fork
    }
