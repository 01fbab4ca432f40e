"""Series on their way into the store of runs and back."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.metrics.best import best, final
from tutor.metrics.board import Board
from tutor.metrics.keeping import pack, unpack
from tutor.metrics.series import Series
from tutor.store.runs import MOST_SERIES, SeriesRow


def series_rows(board: Board) -> tuple[SeriesRow, ...]:
    """What is kept of a board: the series a run is told by first, then the others as they appeared."""
    main = board.main
    ordered = sorted((one for one in board.series.values() if one.count), key=lambda one: one is not main)
    return tuple(
        SeriesRow(one.name, one.role, one.site, one.count, one.last_step, final(one), best(one), pack(one))
        for one in ordered[:MOST_SERIES]
    )


def kept_series(rows: Iterable[SeriesRow]) -> list[Series]:
    """The series of a kept run; one whose bytes were damaged is left out."""
    found = []
    for row in rows:
        try:
            found.append(unpack(row.name, row.role, row.site, row.buckets))
        except ValueError:
            continue
    return found
