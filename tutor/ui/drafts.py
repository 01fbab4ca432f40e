"""Saving what is typed: a moment after the last key, and at once when something is about to happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.timer import Timer

DELAY = 0.3
"""Seconds without a key after which the text is saved."""

Item = TypeVar("Item")

After = Callable[[float, Callable[[], None]], Timer]


class DraftKeeper(Generic[Item]):
    """Holds the one text that is not saved yet. `save(item, text)` writes it, `after(seconds, f)` starts a timer."""

    def __init__(self, save: Callable[[Item, str], object], after: After) -> None:
        self._save = save
        self._after = after
        self._waiting: tuple[Item, str] | None = None
        self._timer: Timer | None = None

    def changed(self, item: Item, text: str) -> None:
        """Note a text; it is saved after `DELAY`, or when another item's text comes."""
        if self._waiting is not None and self._waiting[0] is not item:
            self.flush()
        self._waiting = (item, text)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._after(DELAY, self.flush)

    def drop(self) -> None:
        """Give up what is not saved yet."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._waiting = None

    def flush(self) -> None:
        """Save now what is not saved yet."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._save(*waiting)
