"""Where epochs begin: a data loader that the code trains from is iterated once more.

A loader is trained from when backward passes happen between its iteration and that of the next loader; so one that is
only evaluated marks nothing. Costs nothing in a step: only the start of an iteration is seen.
"""

from __future__ import annotations

import functools
import weakref
from typing import Any, Callable, Optional

import torch
from torch.utils.data import DataLoader


class Epochs:
    """Counts the epochs of one run. `begun(number)` is called where the second and each later one begins."""

    def __init__(self, passes: Callable[[], Optional[int]], begun: Callable[[int], None]) -> None:
        self._passes = passes
        self._begun = begun
        self.start()

    def start(self) -> None:
        """A run starts."""
        self._trained: weakref.WeakSet[Any] = weakref.WeakSet()
        self._latest: Optional[weakref.ref[Any]] = None
        self._since = 0
        self._number = 1

    def install(self) -> None:
        """Take the place of `DataLoader.__iter__`. Once for a process."""
        original = DataLoader.__iter__

        @functools.wraps(original)
        def iterate(loader: Any) -> Any:
            self._iterated(loader)
            return original(loader)

        DataLoader.__iter__ = iterate

    def _iterated(self, loader: Any) -> None:
        passes = self._passes()
        if passes is None or not torch.is_grad_enabled():
            return
        try:
            before = self._latest() if self._latest is not None else None
            if before is not None and passes > self._since:
                self._trained.add(before)
            self._latest, self._since = weakref.ref(loader), passes
            if loader in self._trained:
                self._number += 1
                self._begun(self._number)
        except TypeError:  # a loader of the learner's that cannot be hashed or referred to weakly
            return
