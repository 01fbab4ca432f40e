"""Reading a running function's variables without keeping them alive."""

from __future__ import annotations

import inspect
import sys
from types import FrameType
from typing import Any, Dict, Mapping

_SHARE_THE_DICTIONARY = frozenset({"locals", "vars", "dir", "eval", "exec"})
"""Functions that hand the frame's dictionary to the learner, who may hold it: then it stays as it is."""


def variable(frame: FrameType, name: str) -> Any:
    """What a name stands for in a frame, local before global; None for a name that is neither."""
    local = frame.f_locals
    value = local.get(name)
    _forget(frame, local)
    return frame.f_globals.get(name) if value is None else value


def variables(frame: FrameType) -> Mapping[str, Any]:
    """The variables of a frame: the namespace itself at the top level, a copy in a function."""
    local = frame.f_locals
    if local is frame.f_globals or not frame.f_code.co_flags & inspect.CO_OPTIMIZED:
        return local
    copied: Dict[str, Any] = dict(local)
    _forget(frame, local)
    return copied


def _forget(frame: FrameType, local: Mapping[str, Any]) -> None:
    """Before Python 3.13 a function's frame remembers the dictionary that it gives out, and each tensor in it."""
    code = frame.f_code
    if not code.co_flags & inspect.CO_OPTIMIZED or not isinstance(local, dict) or sys.gettrace() is not None:
        return
    if not _SHARE_THE_DICTIONARY.intersection(code.co_names):
        local.clear()
