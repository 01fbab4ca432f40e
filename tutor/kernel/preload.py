"""Imports that a training needs later, made in idle time, one piece after another."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import List

_PIECES = ("sympy", "torch.fx.experimental.symbolic_shapes", "torch._dynamo.config", "torch._dynamo")
"""What the first step of an optimizer imports (about a second of processor time), in pieces of half that."""


class Preload:
    """Pieces still to import; none where torch is missing or has them already."""

    def __init__(self, wanted: bool) -> None:
        self._left: List[str] = [name for name in _PIECES if wanted and name not in sys.modules]

    @property
    def done(self) -> bool:
        """Whether nothing is left to import."""
        return not self._left

    def step(self) -> None:
        """Import the next piece. One that cannot be imported is left to the code that needs it to complain of."""
        name = self._left.pop(0)
        collecting = gc.isenabled()
        gc.disable()
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001  a foreign torch may raise anything here, and nobody has asked for it yet
            self._left.clear()
        finally:
            if collecting:
                gc.enable()
        if not self._left or not collecting:  # a zygote forks between two pieces: the fork must not walk over them
            gc.freeze()
