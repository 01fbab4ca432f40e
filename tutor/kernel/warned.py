"""Warnings: told with the learner's line where they name one of ours, and not told where they are about us."""

from __future__ import annotations

import sys
import warnings
from typing import Any, Callable

from tutor.kernel.tracebacks import is_ours

_FORK = r"This process \(pid=\d+\) is multi-threaded, use of fork"


def install() -> None:
    """From now on, a warning that torch raises for its caller names the learner's line and not that of a hook.

    Python 3.12 and later warn of threads at each fork: those of a kernel are always there, and hold no lock across it.
    """
    warnings.filterwarnings("ignore", _FORK, DeprecationWarning)
    warnings.showwarning = _placed(warnings.showwarning)


def _placed(show: Callable[..., None]) -> Callable[..., None]:
    def showwarning(message: Any, category: Any, filename: str, lineno: int, *rest: Any, **named: Any) -> None:
        if is_ours(filename):
            frame = sys._getframe(1)
            while frame is not None and frame.f_code.co_filename != filename:
                frame = frame.f_back  # type: ignore[assignment]
            while frame is not None and is_ours(frame.f_code.co_filename):
                frame = frame.f_back  # type: ignore[assignment]
            if frame is not None:
                filename, lineno = frame.f_code.co_filename, frame.f_lineno
        show(message, category, filename, lineno, *rest, **named)

    return showwarning
