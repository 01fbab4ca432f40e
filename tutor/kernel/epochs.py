"""Where epochs begin: a data loader that the code trains from is iterated once more.

A loader is trained from when backward passes happen between its iteration and that of the next loader; so one that is
only evaluated marks nothing. Costs nothing in a step: only the start of an iteration is seen.

How many epochs there will be is read once, from the loop over a range that the loader is iterated in.
"""

from __future__ import annotations

import functools
import sys
import weakref
from typing import Any, Callable, Optional

import torch
from torch.utils.data import DataLoader

from tutor.kernel.rounds import rounds_left


class Epochs:
    """Counts the epochs of one run. `begun(number, total)` is called where the second and each later one begins.

    `total` is how many there will be, where that is known and news, else 0.
    """

    def __init__(self, passes: Callable[[], Optional[int]], begun: Callable[[int, int], None]) -> None:
        self._passes = passes
        self._begun = begun
        self.start()

    def start(self) -> None:
        """A run starts."""
        self._trained: weakref.WeakSet[Any] = weakref.WeakSet()
        self._latest: Optional[weakref.ref[Any]] = None
        self._since = 0
        self._number = 1
        self.total: Optional[int] = None
        """How many there will be; 0 where it cannot be told, None before it was looked for."""

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
                self._begun(self._number, self._count())
        except TypeError:  # a loader of the learner's that cannot be hashed or referred to weakly
            return

    def _count(self) -> int:
        """How many epochs there will be, where that is known and news; looked for once, and again when it is passed."""
        if self.total is not None and (self.total == 0 or self._number <= self.total):
            return 0
        left = rounds_left(sys._getframe(3))
        self.total = self._number + left if left is not None else 0
        return self.total
