"""The series of one run, in the order in which they appeared."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.metrics.pace import Pace
from tutor.metrics.series import Series

PROGRESS = ("epoch", "epochs", "round", "rounds")
"""Roles of numbers that tell how far a run is; they are no curves."""


class Board:
    """All series of a run. `version` grows with every change, so that who draws can tell whether to draw."""

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.version = 0
        self.epochs: list[tuple[float, int]] = [(0.0, 1)]
        """Steps at which epochs began, with their numbers; only the first where no data loader tells."""
        self.pace = Pace()

    def add(
        self, name: str, role: str, site: str, steps: Sequence[float], values: Sequence[float], time: float = 0.0
    ) -> Series:
        """Append points to the series `name`, which is made when it is new. Of `PROGRESS` no series is made.

        `time` is when they came, in seconds; without it the board knows no pace.
        """
        if role == "epoch":
            for step, value in zip(steps, values, strict=True):
                if value > self.epochs[-1][1]:  # ranks of one run tell the same epochs
                    self.epochs.append((step, int(value)))
                    self.pace.epoch(time, int(value))
        elif role == "epochs" and values:
            self.pace.epochs(values[-1])
        elif role == "rounds" and values:
            self.pace.rounds(values[-1])
        elif role == "round" and values:
            self.pace.round(time, int(values[-1]))
        if role in PROGRESS:
            self.version += 1
            return Series(name, role, site)
        series = self.series.get(name)
        if series is None:
            series = self.series[name] = Series(name, role, site)
        series.extend(steps, values)
        if time and steps and series is self.main:
            self.pace.arrived(time, steps[-1])
        self.version += 1
        return series

    def end(self) -> None:
        """The run is over."""
        if not self.pace.ended:
            self.pace.end()
            self.version += 1

    def snapshot(self) -> Board:
        """The board as it is now; it does not grow with this one."""
        held = Board()
        held.series = {name: one.snapshot() for name, one in self.series.items()}
        held.epochs = list(self.epochs)
        held.version = self.version
        return held

    @property
    def main(self) -> Series | None:
        """The series that a run is told by: its first training loss, else its first series."""
        found = list(self.series.values())
        return next((one for one in found if one.role == "train"), found[0] if found else None)
