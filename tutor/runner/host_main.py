"""The program of a session host: `python -S -E host_main.py OPTIONS`, with the options as one JSON object.

It returns as soon as the session's socket accepts connections, and a child of it in a session of its own goes on:
exit code 0, or 1 and one sentence on standard error. `tutor.runner.sessions` starts it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.runner.loop import Loop

_LOG_BYTES = 1 << 20


def main() -> int:
    """Bind the socket, detach, and serve."""
    options = json.loads(sys.argv[1])
    folder = Path(options["folder"])
    package = Path(__file__).resolve().parent.parent
    # Our own package and nothing beside it; appended, so that no folder of ours hides a module of the stdlib.
    sys.path[:] = [*sys.path[1:], str(package.parent)]
    umask = os.umask(0o077)
    try:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(folder / "socket"))
        listening.listen(16)
        log = os.open(folder / "host.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        print(f"{folder}: {error.strerror}.", file=sys.stderr)
        return 1
    if os.fork():
        return 0
    _detach(log)
    _serve(options, folder, package, listening, umask)
    return 0


def _detach(log: int) -> None:
    """Leave the terminal, the pipes and the session of whoever started us."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(number, lambda *_: None)  # a signal that is ignored would stay so in what learners start


def _serve(options: dict[str, object], folder: Path, package: Path, listening: socket.socket, umask: int) -> None:
    from tutor.runner import processes
    from tutor.runner.host import Host, Options, lay_out
    from tutor.runner.loop import Loop
    from tutor.runner.zygote_process import Launch

    cwd = os.getcwd()
    os.chdir("/")
    processes.become_subreaper()
    launch = Launch(
        python=str(options["python"]),
        script=lay_out(folder, package),
        folder=folder,
        device=str(options["device"]),
        cwd=cwd,
        umask=umask,
    )
    limit, output, minutes = options["memory_limit"], options["output_limit"], options["idle_minutes"]
    loop = Loop()
    host = Host(
        loop,
        Options(
            session=folder.name,
            launch=launch,
            memory_limit=limit if isinstance(limit, int) else None,
            output_limit=output if isinstance(output, int) else None,
            idle_minutes=float(minutes) if isinstance(minutes, (int, float)) else float("inf"),
            private=bool(options["private"]),
            script=str(options["script"]),
        ),
        listening,
        _log,
    )
    _listen_to_signals(loop, {signal.SIGCHLD: host.child_ended, signal.SIGTERM: host.terminate})
    host.begin()
    loop.run()
    with suppress(OSError):
        (folder / "socket").unlink()


def _log(data: bytes) -> None:
    """Write to host.log, as long as it is small."""
    with suppress(OSError):
        if os.fstat(2).st_size < _LOG_BYTES:
            os.write(2, data)


def _listen_to_signals(loop: Loop, actions: dict[int, Callable[[], None]]) -> None:
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    for number in actions:
        signal.signal(number, lambda *_: None)

    def ready(_: int, _kept_open: socket.socket = writing) -> None:
        for number in set(reading.recv(4096)):
            if number in actions:
                actions[number]()

    loop.watch(reading.fileno(), ready)


if __name__ == "__main__":
    sys.exit(main())
