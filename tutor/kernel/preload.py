"""What a zygote imports for its kernels: torch, and, asked to, in idle time what a training needs later."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from contextlib import suppress
from typing import List, Tuple

_PIECES = ("sympy", "torch.fx.experimental.symbolic_shapes", "torch._dynamo.config", "torch._dynamo")
"""What the first step of an optimizer imports (about a second of processor time), in pieces of half that."""


def import_torch() -> Tuple[str, str]:
    """Torch's version, and "" or one sentence on what is wrong and what to do about it.

    numpy comes with torch, and OpenBLAS with numpy: it gets one thread, because a zygote must have no other.
    """
    variable = "OPENBLAS_NUM_THREADS"
    ours = variable not in os.environ
    if ours:
        os.environ[variable] = "1"
    gc.disable()
    try:
        import torch
    except ModuleNotFoundError as error:
        if error.name != "torch":
            return (
                "",
                f"torch cannot be imported by {sys.executable}: {error}. Install what is missing, or use --python.",
            )
        return "", (
            f"{sys.executable} has no torch: run `{sys.executable} -m pip install torch`, "
            "or choose an interpreter that has it with --python."
        )
    except Exception as error:  # noqa: BLE001  a broken installation raises anything, and plain Python still runs
        said = (str(error).strip().splitlines() or [""])[0]
        return "", (
            f"torch cannot be imported by {sys.executable} ({type(error).__name__}: {said}): "
            "reinstall it, or choose another interpreter with --python."
        )
    finally:
        if ours:
            del os.environ[variable]
    return str(torch.__version__), ""


def import_capture() -> None:
    """Import, and no more, what each kernel will install. Where it cannot be imported the kernel says so."""
    with suppress(ImportError, AttributeError):
        importlib.import_module("tutor.kernel.capture")


class Preload:
    """Pieces to import once they are asked for; none where this is not `possible`, for want of torch."""

    def __init__(self, possible: bool) -> None:
        self._left: List[str] = list(_PIECES if possible else ())
        self._asked = False

    def ask(self) -> None:
        """From now on there is something to do in idle time, unless it has been done."""
        self._asked = True
        self._pass_over()

    @property
    def due(self) -> bool:
        """Whether something is to be imported."""
        return self._asked and bool(self._left)

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
        self._pass_over()
        if not self._left or not collecting:  # a zygote forks between two pieces: the fork must not walk over them
            gc.freeze()

    def _pass_over(self) -> None:
        """Forget pieces that are there already, by whomever they were imported."""
        while self._left and self._left[0] in sys.modules:
            self._left.pop(0)
