"""The learner's namespace: a real `__main__` module that lives as long as the kernel."""

from __future__ import annotations

import builtins
import os
import random
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Dict, Iterator, Optional

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
