"""Calling the learner's code: whatever it raises becomes a value, and no call moves the random numbers of another."""

from __future__ import annotations

import random
import traceback
import warnings
from typing import Any, Callable, NamedTuple, Optional

import torch


class Attempt(NamedTuple):
    """What a call gave: its value, or the error it ended with and the last line of `file` that it came through."""

    value: Any = None
    error: Optional[BaseException] = None
    line: int = 0

    @property
    def words(self) -> str:
        """The error on one line, such as "ValueError: negative"; "" without one."""
        if self.error is None:
            return ""
        if isinstance(self.error, SystemExit):
            return "it called sys.exit()"
        return in_words(self.error)


def attempt(call: Callable[[], Any], seed: int = 0, file: str = "") -> Attempt:
    """Call with seeded random numbers (torch's and Python's, put back afterwards) and without printing warnings."""
    state = random.getstate()
    try:
        with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.manual_seed(seed)
            random.seed(seed)
            return Attempt(call())
    except (Exception, SystemExit) as error:  # noqa: BLE001  any error of the learner's code is a finding
        lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == file] or [0]
        return Attempt(None, error.with_traceback(None), lines[-1] or 0)
    finally:
        random.setstate(state)


def in_words(error: BaseException) -> str:
    """An exception on one line of at most 200 characters."""
    try:
        said = " ".join(str(error).split())
    except Exception:  # noqa: BLE001  an exception class of the learner's with a broken __str__
        said = ""
    text = f"{type(error).__name__}: {said.rstrip('.')}" if said else type(error).__name__
    return text if len(text) <= 200 else text[:199] + "…"
