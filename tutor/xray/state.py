"""The newest report of each view: all that an X-ray pane needs to draw."""

from __future__ import annotations

from tutor.xray.fields import Fields, parsed


class Sight:
    """What was last seen, view by view. `version` grows with every report, so that who draws can tell whether to."""

    def __init__(self) -> None:
        self.version = 0
        self._reports: dict[str, tuple[str, Fields]] = {}

    def take(self, run: str, view: str, text: str) -> None:
        """A report has come: it stands in place of the one before."""
        self._reports[view] = (run, parsed(text))
        self.version += 1

    def clear(self) -> None:
        """The program that was looked at is gone."""
        self._reports.clear()
        self.version += 1

    def report(self, view: str) -> Fields | None:
        """The newest report of a view; None when none has come."""
        found = self._reports.get(view)
        return found[1] if found is not None else None

    def run(self, view: str) -> str:
        """The run that it is about."""
        found = self._reports.get(view)
        return found[0] if found is not None else ""
