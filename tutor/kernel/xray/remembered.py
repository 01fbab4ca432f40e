"""The variables of functions in words, for when the functions have ended and their variables are gone."""

from __future__ import annotations

from typing import Any, Dict, List

from tutor.kernel.xray.reports import Row


class Remembered:
    """What a script's functions were last seen to hold."""

    def __init__(self) -> None:
        self._rows: List[Row] = []
        self._passes = 0

    def take(self, passes: int, rows: List[Row]) -> None:
        """After so many backward passes, the variables were these; "in" tells those of functions."""
        self._passes, self._rows = passes, [row for row in rows if row.get("in")]

    def added(self, rows: List[Row]) -> Dict[str, Any]:
        """These rows, and before them those of functions that are not among them; a note says how old they are."""
        now = {row["name"] for row in rows}
        gone = [row for row in self._rows if row["name"] not in now]
        if not gone:
            return {"rows": rows}
        note = f"Of functions that have ended, this is how their variables were after {self._passes:,} passes."
        held = [row for row in rows if row.get("in")]
        return {"rows": [*held, *gone, *(row for row in rows if not row.get("in"))], "note": note}
