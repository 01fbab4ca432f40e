"""The learner's runs: kept once each, with their code and the values they ran with, and found again."""

from __future__ import annotations

from collections import OrderedDict

from tutor.course.items import Item, Snippet
from tutor.course.model import Lesson
from tutor.course.reference import ReferenceCurve, curves_path, read_curves
from tutor.course.turning import literal, values
from tutor.metrics.board import Board
from tutor.metrics.series import Series
from tutor.runner.transcript import RunRecord, source_hash
from tutor.store.runs import RunRow, Runs
from tutor.study.curves import ghosts, kept_epochs, kept_series, series_rows
from tutor.study.shelf import file_stamp

MOST_KNOBS = 24
MOST_READ = 32
"""Runs whose curves are kept in memory: more than are ever shown at a time."""

LONGEST_VALUE = 80
"""Characters of a value that are kept: it is for a table."""


class RunBook:
    """The runs of one course."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._known: set[str] = set()
        self._reference: tuple[Lesson, str, dict[str, tuple[ReferenceCurve, ...]]] | None = None
        self._read: OrderedDict[str, tuple[Series, ...]] = OrderedDict()

    def take(self, lesson: Lesson, record: RunRecord, board: Board) -> bool:
        """Keep an ended run with its curves; False where it was kept before, by this window or another, or has none."""
        item = lesson.item(record.tag)
        if item is None or record.running or record.kind != "run" or record.run in self._known:
            return False
        self._known.add(record.run)
        if not any(one.count for one in board.series.values()) or self._runs.known(record.run):
            return False
        return self._runs.keep(
            RunRow(
                run=record.run,
                lesson=lesson.id,
                key=item.key,
                label=record.label,
                hash=source_hash(record.program or record.source),
                code=record.source,
                program=record.program if record.program.strip() != record.source.strip() else "",
                knobs=knobs_of(item, record.source),
                started=record.started,
                seconds=record.seconds,
                outcome=record.outcome,
                series=series_rows(board),
                epochs=kept_epochs(board),
            )
        )

    def of(self, lesson_id: str | None = None, key: str | None = None) -> list[RunRow]:
        """The runs of an item, of a lesson, or of the course, the newest first."""
        return self._runs.of(lesson_id, key)

    def series(self, run: str) -> tuple[Series, ...]:
        """The curves of a run, the one that it is told by first; those of the last runs asked for are remembered."""
        if run not in self._read:
            self._read[run] = tuple(kept_series(self._runs.series(run)))
            if len(self._read) > MOST_READ:
                self._read.popitem(last=False)
        self._read.move_to_end(run)
        return self._read[run]

    def reference(self, lesson: Lesson, item: Item) -> tuple[Series, ...]:
        """The curves that the lesson's author recorded for an item; none where there are none for its present code."""
        stamp = file_stamp(curves_path(lesson))
        if self._reference is None or self._reference[:2] != (lesson, stamp):
            self._reference = (lesson, stamp, read_curves(lesson) if stamp else {})
        return ghosts(self._reference[2].get(item.key, ()))

    def rename(self, run: str, name: str) -> None:
        """Name a run; "" takes the name away."""
        self._runs.rename(run, " ".join(name.split())[:LONGEST_VALUE])

    def pin(self, run: str, pinned: bool) -> None:
        """Keep a run however many follow."""
        self._runs.pin(run, pinned)

    def delete(self, run: str) -> None:
        """Forget a run for good."""
        self._runs.delete(run)
        self._read.pop(run, None)


def knobs_of(item: Item, source: str) -> tuple[tuple[str, str], ...]:
    """The values a run had: those of the knobs, else all that the code writes out at its top level."""
    found = values(source)
    names = [knob.name for knob in item.knobs] if isinstance(item, Snippet) and item.knobs else list(found)
    return tuple((name, literal(found[name])[:LONGEST_VALUE]) for name in names if name in found)[:MOST_KNOBS]
