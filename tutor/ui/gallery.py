"""The runs of the item whose code is in the editor: which there are, and which of them are drawn over each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan

from tutor.metrics.best import best, final
from tutor.metrics.board import Board
from tutor.metrics.series import Series
from tutor.plot.compare import calm
from tutor.runner.transcript import RunRecord
from tutor.study import Study
from tutor.study.runs import knobs_of
from tutor.ui.desk import Desk
from tutor.ui.session import SessionReader

MOST_SHOWN = 8
"""Runs that are drawn over each other: as many as there are colours, and as one can tell apart."""

ORDERS = ("newest", "best")


@dataclass(frozen=True)
class Entry:
    """One line of the table. `ink` counts the colours from 0, -1 for a run that is not drawn.

    `number` is 0 for a run that has not ended yet. `final` and `best` are of the series `told`.
    """

    run: str
    number: int
    ink: int = -1
    name: str = ""
    pinned: bool = False
    knobs: tuple[tuple[str, str], ...] = ()
    steps: float = 0.0
    told: str = ""
    final: float = nan
    best: float = nan
    seconds: float = 0.0
    outcome: str = ""
    epochs: tuple[tuple[float, int], ...] = ()

    @property
    def label(self) -> str:
        """What the run is called in pictures: its number."""
        return str(self.number) if self.number else "now"


class Gallery:
    """What is shown of the runs of one item. New runs are shown by themselves; the oldest shown one gives way."""

    def __init__(self, study: Study, desk: Desk, reader: SessionReader) -> None:
        self._study = study
        self._desk = desk
        self._reader = reader
        self._tag = ""
        self._entries: list[Entry] = []
        self._seen: set[str] = set()
        self._inks: dict[str, int] = {}
        self.order = ORDERS[0]
        self.with_reference = True
        self.version = 0
        """Grows whenever something has changed."""

    @property
    def entries(self) -> list[Entry]:
        """The runs in the order of the table."""
        if self.order == "best":
            return sorted(self._entries, key=lambda one: one.best if one.best == one.best else inf)
        return self._entries

    def open(self) -> None:
        """The editor belongs to another item, or the same one again."""
        if self._desk.tag != self._tag:
            self._tag = self._desk.tag
            self._seen.clear()
            self._inks.clear()
        self.refresh()

    def refresh(self) -> None:
        """Read again what is kept and what runs."""
        rows = self._study.runs.of(self._desk.lesson.id, self._tag) if self._tag else []
        running = self._running()
        new = [row.run for row in rows if row.run not in self._seen]
        if running is not None and running.run not in self._seen:
            new.insert(0, running.run)
        for run in reversed(new[:MOST_SHOWN]):
            self._show(run)
        self._seen.update(new)
        known = {row.run for row in rows} | ({running.run} if running is not None else set())
        self._inks = {run: ink for run, ink in self._inks.items() if run in known}
        found = [self._of_record(running)] if running is not None else []
        for row in rows:
            first = row.series[0] if row.series else None
            found.append(
                Entry(
                    run=row.run,
                    number=row.number,
                    ink=self._inks.get(row.run, -1),
                    name=row.name,
                    pinned=row.pinned,
                    knobs=row.knobs,
                    steps=first.last_step if first else 0.0,
                    told=first.name if first else "",
                    final=first.final if first else nan,
                    best=first.best if first else nan,
                    seconds=row.seconds,
                    outcome=row.outcome,
                    epochs=row.epochs,
                )
            )
        self._entries = found
        self.version += 1

    def toggle(self, run: str) -> str:
        """Draw a run, or no longer; a sentence where that is not possible."""
        if run in self._inks:
            del self._inks[run]
        elif len(self._inks) >= MOST_SHOWN:
            return f"{MOST_SHOWN} runs are drawn already: take one away first."
        else:
            self._show(run)
        self.refresh()
        return ""

    def sort(self) -> str:
        """Go on to the next order; its name."""
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.version += 1
        return self.order

    def series(self, run: str) -> tuple[Series, ...]:
        """The curves of a run, the one that it is told by first."""
        board = self._reader.boards.get(run)
        if board is None:
            return self._study.runs.series(run)
        main = board.main
        return tuple(sorted(board.series.values(), key=lambda one: one is not main))

    def shown(self) -> list[tuple[Entry, Series]]:
        """The runs that are drawn, the oldest first, each with the series that it is told by."""
        drawn = [one for one in reversed(self._entries) if one.ink >= 0]
        return [(one, found[0]) for one in drawn if (found := self.series(one.run))]

    def beneath(self, run: str) -> list[Series]:
        """What is drawn dim beneath a run: the others that are drawn, without those that would press it flat."""
        found = [(one.run, series) for one, series in self.shown()]
        found = [("", series) for series in self.reference()] + found
        fits = calm([series for _, series in found])
        return [series for (other, series), fit in zip(found, fits, strict=True) if fit and other != run]

    def beneath_words(self, run: str) -> str:
        """What is drawn dim beneath a run, in words; "" for nothing."""
        labels = [one.label for one, _ in self.shown() if one.run != run]
        parts = ["the lesson's run"] if self.reference() else []
        parts += [f"run{'s' if len(labels) > 1 else ''} {', '.join(labels)}"] if labels else []
        return f"dim: {' and '.join(parts)}" if parts else ""

    def reference(self) -> tuple[Series, ...]:
        """The curve that the lesson's author recorded for this code, where there is one and it is wanted."""
        item = self._desk.with_code
        if item is None or not self.with_reference:
            return ()
        return self._study.runs.reference(self._desk.lesson, item)[:1]

    def newest(self) -> tuple[str, Board, str] | None:
        """The newest kept run with its curves and a title, for a session that has not run anything yet."""
        kept = [one for one in self._entries if one.number]
        if not kept:
            return None
        board = Board()
        board.series = {one.name: one for one in self.series(kept[0].run)}
        board.epochs += kept[0].epochs
        board.version = 1
        return (kept[0].run, board, f"run {kept[0].number}") if board.series else None

    def _show(self, run: str) -> None:
        if run in self._inks:
            return
        if len(self._inks) >= MOST_SHOWN:
            del self._inks[next(iter(self._inks))]
        self._inks[run] = next(ink for ink in range(MOST_SHOWN) if ink not in self._inks.values())

    def _running(self) -> RunRecord | None:
        current = self._reader.transcript.current
        if (
            current is None
            or current.tag != self._tag
            or current.kind != "run"
            or current.run not in self._reader.boards
        ):
            return None
        return current

    def _of_record(self, record: RunRecord) -> Entry:
        main = self._reader.boards[record.run].main
        item = self._desk.with_code
        return Entry(
            run=record.run,
            number=0,
            ink=self._inks.get(record.run, -1),
            knobs=knobs_of(item, record.source) if item is not None else (),
            steps=main.last_step if main is not None and main.count else 0.0,
            told=main.name if main is not None else "",
            final=final(main) if main is not None else nan,
            best=best(main) if main is not None else nan,
            epochs=tuple(self._reader.boards[record.run].epochs[1:]),
        )


def differing(
    entries: list[Entry], pick: Callable[[Entry], tuple[tuple[str, str], ...]] = lambda one: one.knobs
) -> list[str]:
    """Names of the knobs that are not the same in all runs, in the order of the code; all of them for a single run."""
    names = list(dict.fromkeys(name for one in entries for name, _ in pick(one)))
    if len(entries) < 2:
        return names
    return [name for name in names if len({dict(pick(one)).get(name) for one in entries}) > 1]
