"""The series of one run, in the order in which they appeared."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.metrics.series import Series


class Board:
    """All series of a run. `version` grows with every change, so that who draws can tell whether to draw."""

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.version = 0
        self.epochs: list[tuple[float, int]] = []
        """Steps at which epochs began, with their numbers from 1."""
        self.epoch_total = 0
        """How many epochs there will be; 0 where nobody knows."""

    def add(self, name: str, role: str, site: str, steps: Sequence[float], values: Sequence[float]) -> Series:
        """Append points to the series `name`, which is made when it is new."""
        series = self.series.get(name)
        if series is None:
            series = self.series[name] = Series(name, role, site)
        series.extend(steps, values)
        self.version += 1
        return series

    def snapshot(self) -> Board:
        """The board as it is now; it does not grow with this one."""
        held = Board()
        held.series = {name: one.snapshot() for name, one in self.series.items()}
        held.epochs = list(self.epochs)
        held.epoch_total = self.epoch_total
        held.version = self.version
        return held

    @property
    def main(self) -> Series | None:
        """The series that a run is told by: its first training loss, else its first series."""
        found = list(self.series.values())
        return next((one for one in found if one.role == "train"), found[0] if found else None)
