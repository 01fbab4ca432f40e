"""The learner's namespace: a real `__main__` module that lives as long as the kernel."""

from __future__ import annotations

import builtins
import copy
import os
import random
import sys
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any, Callable, Dict, Iterator, List, Optional

from tutor.kernel.definitions import Definitions

FILE = "session_main.py"


class Namespace:
    """What cells see. `device` is a `torch.device`, or None where there is no torch.

    `new` tells that no cell has run in it yet.
    """

    def __init__(self, folder: str, device: Optional[Any]) -> None:
        self.new = True
        self._device = device
        self._module = ModuleType("__main__")
        preamble = f"import torch\ndevice = torch.device({str(device)!r})" if device is not None else ""
        self.definitions = Definitions(os.path.join(folder, FILE), preamble)
        self.names: Dict[str, Any] = self._module.__dict__
        self.clear()
        sys.modules["__main__"] = self._module

    def clear(self) -> None:
        """Make it new."""
        self.names.clear()
        self.names.update(__name__="__main__", __doc__=None, __spec__=None, __builtins__=builtins)
        self.names["__file__"] = self.definitions.path
        if self._device is not None:
            self.names["device"] = self._device
        self.definitions.clear()
        self.new = True

    def become_script(self, path: Optional[str]) -> None:
        """Say that `__main__` is the file at `path`, or with None that it is the session again."""
        self.names["__file__"] = path or self.definitions.path

    @contextmanager
    def isolated(self) -> Iterator[None]:
        """Whatever is defined or deleted inside is undone in the end; objects changed in place stay changed."""
        names, new, definitions = dict(self.names), self.new, self.definitions.snapshot()
        try:
            yield
        finally:
            self.names.clear()
            self.names.update(names)
            self.new = new
            self.definitions.restore(definitions)

    def settle_classes(self) -> None:
        """Let `inspect.getsource` find classes: from Python 3.13 on it trusts a class to know its line in the file."""
        for name, line in self.definitions.lines.items():
            found = self.names.get(name)
            if isinstance(found, type) and "__firstlineno__" in vars(found) and found.__module__ == "__main__":
                found.__firstlineno__ = line  # type: ignore[attr-defined]


def seed_everything(seed: int) -> None:
    """Seed `random`, torch, and numpy where it is loaded."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def random_state() -> Callable[[], None]:
    """Remember the state of all random numbers on the CPU; the result puts it back."""
    undo: List[Callable[[], None]] = [partial(random.setstate, random.getstate())]
    if "numpy" in sys.modules:
        numpy = sys.modules["numpy"].random
        undo.append(partial(numpy.set_state, numpy.get_state()))
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        undo.append(partial(torch.set_rng_state, torch.get_rng_state()))

    def restore() -> None:
        for one in undo:
            one()

    return restore


def copy_of(names: Dict[str, Any]) -> Dict[str, Any]:
    """A copy as deep as its values allow, for code that must not change them; shared parts stay shared in it."""
    memo: Dict[int, Any] = {}
    copied: Dict[str, Any] = {}
    for name, value in names.items():
        if isinstance(value, ModuleType) or name.startswith("__"):
            copied[name] = value
            continue
        try:
            copied[name] = copy.deepcopy(value, memo)
        except Exception:  # noqa: BLE001  generators, open files, tensors inside a graph: no copy can be made of them
            copied[name] = value
    return copied
