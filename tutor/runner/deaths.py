"""How a kernel died, in words for people: what happened, and what to try."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

KEPT = "Its variables are lost; everything it printed and logged is kept."
KEPT_OF_SCRIPT = "Everything it printed and logged is kept."

_SIGNALS = {
    signal.SIGSEGV: "crashed in native code (segmentation fault)",
    signal.SIGABRT: "was aborted by native code (SIGABRT)",
    signal.SIGBUS: "crashed on memory that is not there (bus error; shared memory, /dev/shm, may be full)",
    signal.SIGFPE: "crashed in native code (arithmetic error, SIGFPE)",
    signal.SIGILL: "crashed on an instruction this processor does not know (SIGILL)",
    signal.SIGTERM: "was asked to end from outside (SIGTERM)",
    signal.SIGINT: "was interrupted from outside (SIGINT)",
    signal.SIGHUP: "was ended because a terminal closed (SIGHUP)",
    signal.SIGKILL: "was killed from outside (SIGKILL)",
}


@dataclass(frozen=True)
class Death:
    """The end of a kernel. `status` is what `os.waitpid` gave, None when nobody could see it."""

    status: int | None
    out_of_memory: bool = False
    peak: int = 0

    @property
    def exit_code(self) -> int | None:
        """The exit code, if it ended by one."""
        return os.WEXITSTATUS(self.status) if self.status is not None and os.WIFEXITED(self.status) else None

    @property
    def signal(self) -> int | None:
        """The number of the signal that ended it, if one did."""
        return os.WTERMSIG(self.status) if self.status is not None and os.WIFSIGNALED(self.status) else None

    @property
    def words(self) -> str:
        """One sentence on what happened, one on what was kept."""
        return self._told("process", KEPT)

    @property
    def words_of_script(self) -> str:
        """The same of a script, of whose variables nobody would expect more."""
        return self._told("script", KEPT_OF_SCRIPT)

    def _told(self, what: str, kept: str) -> str:
        if self.signal == signal.SIGKILL and self.out_of_memory:
            held = f" when it held {size(self.peak)}" if self.peak else ""
            return (
                f"The system ran out of memory and ended the {what}{held}. {kept} "
                "A smaller batch or a smaller model needs less."
            )
        if self.exit_code is not None:
            return f"The {what} ended itself (exit code {self.exit_code}). {kept}"
        if self.signal is None:
            return f"The {what} is gone, and nobody could see why. {kept}"
        try:
            name = signal.Signals(self.signal).name
            how = _SIGNALS.get(signal.Signals(self.signal), f"was ended by a signal ({name})")
        except ValueError:
            how = f"was ended by signal {self.signal}"
        return f"The {what} {how}. {kept}"


def size(count: int) -> str:
    """Bytes for people: "512 MB", "1.4 GB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
