"""The newest report of each view: all that an X-ray pane needs to draw."""

from __future__ import annotations

from tutor.xray.fields import Fields, parsed, text, whole


class Sight:
    """What was last seen, view by view. `version` grows with every report, so that who draws can tell whether to."""

    def __init__(self) -> None:
        self.version = 0
        self._reports: dict[str, tuple[str, Fields]] = {}

        self._kept: dict[tuple[str, str], tuple[str, Fields]] = {}

    def take(self, run: str, view: str, report: str, *, kept: bool = False) -> None:
        """A report has come: it stands in place of the one before. One that is kept can be chosen by its subject."""
        self._reports[view] = (run, parsed(report))
        if kept:
            self._kept[view, _subject(self._reports[view][1])] = self._reports[view]
        self.version += 1

    def choose(self, view: str, subject: str) -> None:
        """Show the report of a view that is kept of this subject; where none is, whoever told it is asked."""
        found = self._kept.get((view, subject))
        if found is not None and found is not self._reports.get(view):
            self._reports[view] = found
            self.version += 1

    def clear(self) -> None:
        """The program that was looked at is gone."""
        self._reports.clear()
        self._kept.clear()
        self.version += 1

    def report(self, view: str) -> Fields | None:
        """The newest report of a view; None when none has come."""
        found = self._reports.get(view)
        return found[1] if found is not None else None

    def run(self, view: str) -> str:
        """The run that it is about."""
        found = self._reports.get(view)
        return found[0] if found is not None else ""


def _subject(fields: Fields) -> str:
    """What one asks for to see a report: the name of a matrix, or "run:step"."""
    at = fields.get("at")
    return f"{whole(fields, 'back')}:{at}" if isinstance(at, int) else text(fields, "subject")
