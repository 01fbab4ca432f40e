"""The series of one run, in the order in which they appeared."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.metrics.series import Series


class Board:
    """All series of a run. `version` grows with every change, so that who draws can tell whether to draw."""

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.version = 0
        self.epochs: list[tuple[float, int]] = [(0.0, 1)]
        """Steps at which epochs began, with their numbers; only the first where no data loader tells."""

    def add(self, name: str, role: str, site: str, steps: Sequence[float], values: Sequence[float]) -> Series:
        """Append points to the series `name`, which is made when it is new. Numbers of epochs go to `epochs`."""
        if role == "epoch":
            for step, value in zip(steps, values, strict=True):
                if value > self.epochs[-1][1]:  # ranks of one run tell the same epochs
                    self.epochs.append((step, int(value)))
            self.version += 1
            return Series(name, role, site)
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
        held.version = self.version
        return held

    @property
    def main(self) -> Series | None:
        """The series that a run is told by: its first training loss, else its first series."""
        found = list(self.series.values())
        return next((one for one in found if one.role == "train"), found[0] if found else None)
