"""The learner's runs: kept once each, with their code and the values they ran with, and found again."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.course.model import Item, Lesson, Snippet
from tutor.course.turning import literal, values
from tutor.runner.transcript import RunRecord, source_hash
from tutor.store.runs import RunRow, Runs, SeriesRow

MOST_KNOBS = 24
LONGEST_VALUE = 80
"""Characters of a value that are kept: it is for a table."""


class RunBook:
    """The runs of one course."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._known: set[str] = set()

    def wants(self, record: RunRecord) -> bool:
        """Whether this is an ended run with a curve that has not been kept yet."""
        if record.running or record.kind != "run" or not record.has_points or record.run in self._known:
            return False
        if self._runs.known(record.run):
            self._known.add(record.run)
            return False
        return True

    def take(self, lesson: Lesson, record: RunRecord, series: Sequence[SeriesRow]) -> bool:
        """Keep an ended run; False where it was kept before, by this window or another, or has no series."""
        item = lesson.item(record.tag)
        if item is None or not series or not self.wants(record):
            return False
        self._known.add(record.run)
        return self._runs.keep(
            RunRow(
                run=record.run,
                lesson=lesson.id,
                key=item.key,
                label=record.label,
                hash=source_hash(record.program or record.source),
                code=record.source,
                program=record.program if record.program.strip() != record.source.strip() else "",
                knobs=_knobs(item, record.source),
                started=record.started,
                seconds=record.seconds,
                outcome=record.outcome,
                series=tuple(series),
            )
        )

    def of(self, lesson_id: str | None = None, key: str | None = None) -> list[RunRow]:
        """The runs of an item, of a lesson, or of the course, the newest first."""
        return self._runs.of(lesson_id, key)

    def series(self, run: str) -> list[SeriesRow]:
        """The series of a run, with their points."""
        return self._runs.series(run)

    def rename(self, run: str, name: str) -> None:
        """Name a run; "" takes the name away."""
        self._runs.rename(run, " ".join(name.split())[:LONGEST_VALUE])

    def pin(self, run: str, pinned: bool) -> None:
        """Keep a run however many follow."""
        self._runs.pin(run, pinned)

    def delete(self, run: str) -> None:
        """Forget a run for good."""
        self._runs.delete(run)


def _knobs(item: Item, source: str) -> tuple[tuple[str, str], ...]:
    """The values a run had: those of the knobs, else all that the code writes out at its top level."""
    found = values(source)
    names = [knob.name for knob in item.knobs] if isinstance(item, Snippet) and item.knobs else list(found)
    return tuple((name, literal(found[name])[:LONGEST_VALUE]) for name in names if name in found)[:MOST_KNOBS]
