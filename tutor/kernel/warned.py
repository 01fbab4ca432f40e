"""Warnings told with the learner's line, where they name a line of ours that only stands between."""

from __future__ import annotations

import sys
import warnings
from typing import Any, Callable

from tutor.kernel.tracebacks import is_ours


def install() -> None:
    """From now on, a warning that torch raises for its caller names the learner's line and not that of a hook."""
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
