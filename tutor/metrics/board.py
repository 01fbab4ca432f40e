"""The series of one run, in the order in which they appeared."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.metrics.series import Series


class Board:
    """All series of a run. `version` grows with every change, so that who draws can tell whether to draw."""

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.version = 0

    def add(self, name: str, role: str, site: str, steps: Sequence[float], values: Sequence[float]) -> Series:
        """Append points to the series `name`, which is made when it is new."""
        series = self.series.get(name)
        if series is None:
            series = self.series[name] = Series(name, role, site)
        series.extend(steps, values)
        self.version += 1
        return series

    @property
    def main(self) -> Series | None:
        """The series that a run is told by: its first training loss, else its first series."""
        found = list(self.series.values())
        return next((one for one in found if one.role == "train"), found[0] if found else None)
