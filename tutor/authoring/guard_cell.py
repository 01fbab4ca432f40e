"""Sent to the kernel as a cell before a lesson is checked: no network, and no file outside of the run's folder.

The interpreter itself reports connections and opened files to an audit hook (PEP 578): no library can forget to. What
C++ does by itself, such as torch's own stores between processes of this machine, is not seen.
"""


def _guard() -> None:
    """Everything is local: the cell's own names are gone when lessons run."""
    import os
    import socket
    import sys
    import tempfile
    from pathlib import Path

    folders = [os.path.realpath(one) for one in (Path.cwd(), tempfile.gettempdir(), "/dev", "/proc/self")]
    local = {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", socket.gethostname()}
    changing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    class OutsideError(RuntimeError):
        """What a lesson may not do while it is checked."""

    def outside(path: object) -> bool:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, (str, os.PathLike)):
            return False  # an open file's number
        real = os.path.realpath(path)
        return "__pycache__" not in real and not any(real == one or real.startswith(one + os.sep) for one in folders)

    def watch(event: str, args) -> None:  # type: ignore[no-untyped-def]
        if event == "socket.connect":
            address = args[1]
            if isinstance(address, tuple) and address[0] not in local:
                raise OutsideError(f"the lesson connects to {address[0]!r}")
        elif event == "socket.getaddrinfo":
            host = args[0].decode("ascii", "replace") if isinstance(args[0], bytes) else args[0]
            if host not in local:
                raise OutsideError(f"the lesson looks for {host!r} in the network")
        elif event == "open":
            path, _, flags = args
            if isinstance(flags, int) and flags & changing and outside(path):
                raise OutsideError(f"the lesson writes to {str(path)!r}, outside of its folder")
        elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.rename", "shutil.rmtree") and outside(args[0]):
            raise OutsideError(f"the lesson changes {str(args[0])!r}, outside of its folder")

    sys.addaudithook(watch)


_guard()
