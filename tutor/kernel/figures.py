"""Figures of matplotlib, which a terminal cannot show: that is said where a run has made some."""

from __future__ import annotations

import sys
from typing import Any, FrozenSet, Sequence

from tutor.runner.protocol.parts import Cell

_SHOWN = (".show(", ".imshow(")


class Figures:
    """The figures that were open before a run. Nothing is imported for this, and no figure is touched."""

    def __init__(self) -> None:
        self._before = _open_figures()

    def sentence(self, cells: Sequence[Cell]) -> str:
        """What to say when `cells` have run; "" where they drew nothing, or their backend has windows."""
        numbers = _open_figures()
        new = numbers - self._before
        again = bool(numbers) and any(sign in cell.source for cell in cells for sign in _SHOWN)
        if not (new or again) or _backend() != "agg":
            return ""
        many = f"{len(new)} figures" if len(new) > 1 else "a figure"
        return (
            f"matplotlib drew {many}, and a terminal cannot show it: plt.savefig('figure.png') keeps it, "
            "and `from tutor.kit import show` draws here."
        )


def _open_figures() -> FrozenSet[int]:
    numbers = _asked("get_fignums")
    return frozenset(numbers) if isinstance(numbers, (list, tuple)) else frozenset()


def _backend() -> str:
    return str(_asked("get_backend") or "").lower()


def _asked(name: str) -> Any:
    """What pyplot says, where the code has imported it; None where not, or where it cannot say."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    try:
        return getattr(pyplot, name)() if pyplot is not None else None
    except Exception:  # noqa: BLE001  a library in any state, and perhaps another module under its name
        return None
