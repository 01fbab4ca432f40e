"""Where on the x axis a captured number stands: optimizer steps, or backward passes where there is no optimizer.

While no step has been taken nobody can tell gradient accumulation (several backward passes share a step) from a loop
that updates its weights by hand. Points of that time wait until one of the two is certain.
"""

from __future__ import annotations

from typing import Optional

PATIENCE = 64
"""More backward passes than this without a step are no accumulation: from then on passes are counted."""


class StepAxis:
    """The x axis of one run. It never goes back and never stands still for more than `PATIENCE` passes."""

    def __init__(self) -> None:
        self._shift: Optional[int] = None
        self._steps = 0
        self._passes = 0

    def count_passes(self) -> None:
        """From now on x is the number of backward passes, continued from where the axis is."""
        if self._shift is None:
            self._shift = self._steps - self._passes

    def place(self, steps: int, passes: int) -> Optional[float]:
        """X of a number that was made after `steps` optimizer steps and `passes` backward passes.

        None means that it cannot be known yet: ask again when more has happened.
        """
        if self._shift is None:
            if steps > self._steps:
                self._steps, self._passes = steps, passes
            elif steps == self._steps and passes - self._passes > PATIENCE:
                self.count_passes()
        if self._shift is not None:
            return float(passes + self._shift)
        return None if self._steps == 0 and passes > 0 else float(steps)
