"""Series on their way into the store of runs and back."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from tutor.course.reference import ReferenceCurve
from tutor.metrics.best import best, final
from tutor.metrics.board import Board
from tutor.metrics.keeping import pack, samples, unpack
from tutor.metrics.series import Series
from tutor.store.runs import MOST_SERIES, SeriesRow

MOST_EPOCHS = 128
"""Marks of epochs that are kept of one run: more than are ever drawn."""


def series_rows(board: Board) -> tuple[SeriesRow, ...]:
    """What is kept of a board: the series a run is told by first, then the others as they appeared."""
    main = board.main
    ordered = sorted((one for one in board.series.values() if one.count), key=lambda one: one is not main)
    return tuple(
        SeriesRow(one.name, one.role, one.site, one.count, one.last_step, final(one), best(one), pack(one))
        for one in ordered[:MOST_SERIES]
    )


def kept_epochs(board: Board) -> tuple[tuple[float, int], ...]:
    """Where epochs began, but for the first; of many every tenth, every hundredth, …"""
    marks, every = board.epochs[1:], 1
    while len(marks) > MOST_EPOCHS:
        every *= 10
        marks = [mark for mark in marks if mark[1] % every == 0]
    return tuple(marks)


def reference_curves(series: Iterable[Series]) -> list[ReferenceCurve]:
    """Series as the author's own curves; stretches without a finite value are left out."""
    found = []
    for one in series:
        rows = [(row.step, row.mean) for row in samples(one) if isfinite(row.mean)]
        if rows:
            steps, values = zip(*rows, strict=True)
            found.append(ReferenceCurve(one.name, one.role, steps, values))
    return found


def ghosts(curves: Iterable[ReferenceCurve]) -> tuple[Series, ...]:
    """The author's own curves as series, the one that a run is told by first."""
    board = Board()
    for one in curves:
        board.add(one.name, one.role, "", one.steps, one.values)
    return tuple(sorted(board.series.values(), key=lambda one: one is not board.main))


def kept_series(rows: Iterable[SeriesRow]) -> list[Series]:
    """The series of a kept run; one whose bytes were damaged is left out."""
    found = []
    for row in rows:
        try:
            found.append(unpack(row.name, row.role, row.site, row.buckets))
        except ValueError:
            continue
    return found
