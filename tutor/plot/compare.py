"""Several runs in one picture: a curve for each, with its number at its end, so that no colour need be known.

A run that diverged leaves at the top: it must not press the others flat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from tutor.plot.axes import Limits, snap, snap_end, ticks
from tutor.plot.chrome import ChromeMaker, Tick
from tutor.plot.drawable import NAN, ColumnLike, SeriesLike
from tutor.plot.epochs import Epoch, write_epochs
from tutor.plot.frame import NOTE, Frame, line_ink, narrow
from tutor.plot.logaxis import log_ticks, snap_log
from tutor.plot.raster import ASCII, BRAILLE, Canvas, Level, line

SMALLEST = (24, 6)
"""Columns and rows below which nothing can be compared."""

DIVERGED = 10.0
"""A run diverged that goes beyond the others by so many times their spread."""


@dataclass(frozen=True)
class Curve:
    """A run's series; `label` is written at its end, `index` (from 0) chooses its colour."""

    label: str
    index: int
    series: SeriesLike


class CompareChart:
    """Draws frames; chromes that were made are kept."""

    def __init__(self) -> None:
        self._chromes = ChromeMaker()

    def frame(
        self,
        curves: Sequence[Curve],
        width: int,
        height: int,
        *,
        log: bool = False,
        ascii: bool = False,
        epochs: Sequence[Epoch] = (),
    ) -> Frame:
        """The curves in `width` by `height` cells, at least `SMALLEST`; the last one is drawn on top.

        `epochs` are those of a run that is drawn alone: of several each has its own.
        """
        drawn = [one for one in curves if one.series.count]
        if not drawn or width < SMALLEST[0] or height < SMALLEST[1]:
            return _nothing(width, height)
        x, y = _steps(drawn), _values(drawn, log)
        chrome = self._chromes.make(
            width,
            height,
            _placed(ticks(x, max(1, width // 14)), x),
            _placed((log_ticks if log else ticks)(y, max(1, height // 4)), y),
            ascii=ascii,
        )
        rows, inks = [list(row) for row in chrome.rows], [bytearray(width) for _ in range(height)]
        left, right, top, bottom = chrome.left, chrome.right, chrome.top, chrome.bottom
        room = max(len(one.label) for one in drawn) + 1
        canvas = Canvas(right - left - room, bottom - top, ASCII if ascii else BRAILLE)
        ends = [_draw(canvas, one, x, y, log) for one in drawn]
        for at, (glyphs, owners) in enumerate(zip(canvas.rows(), canvas.inks, strict=True), top):
            rows[at][left : left + canvas.width] = glyphs
            inks[at][left : left + canvas.width] = owners
        _write_labels(rows, inks, drawn, ends, (left, right, top, bottom), "^" if ascii else "▲")
        if len(drawn) == 1:
            write_epochs(rows[bottom], inks[bottom], epochs, x, left, right - room, ascii=ascii)
        return Frame(width, height, tuple(map("".join, rows)), tuple(map(bytes, inks)))


def calm(series: Sequence[SeriesLike]) -> list[bool]:
    """Whether each of some series stays within the measure of the others, rather than growing out of all proportion.

    The measure is the spread of the calmer quarter: the runs of a sweep begin alike, and those that diverge leave it by
    powers of ten.
    """
    finite = sorted((one.maximum - one.minimum, one.maximum) for one in series if one.minimum <= one.maximum)
    if not finite:
        return [True] * len(series)
    spread, top = finite[(len(finite) - 1) // 4]
    limit = top + DIVERGED * max(spread, 1e-9 * abs(top))
    return [not one.maximum > limit for one in series]


def _steps(drawn: Sequence[Curve]) -> Limits:
    start = min(one.series.first_step for one in drawn)
    end = max(one.series.last_step for one in drawn)
    if 0 < start <= end / 2:
        start = 0.0
    return Limits(start, snap_end(start, end))


def _values(drawn: Sequence[Curve], log: bool) -> Limits:
    """The y axis, exponents with `log`: around the runs that did not diverge, where there is one."""
    kept = [one.series for one, fits in zip(drawn, calm([one.series for one in drawn]), strict=True) if fits]
    greatest = max(one.maximum for one in kept)
    if log:
        return snap_log(min(one.series.least_positive for one in drawn), greatest)
    return snap(min(one.minimum for one in kept), greatest)


def _draw(canvas: Canvas, one: Curve, x: Limits, y: Limits, log: bool) -> tuple[int, int, bool]:
    """Paint a curve; the cell of its end, and whether that lies beyond the top."""
    columns = one.series.columns(*x, canvas.columns)
    levels: list[Level] = []
    end, lost = (0, canvas.height - 1), False
    for column in columns:
        value = _height(column, y, canvas.levels, log)
        if value is None:
            levels.append((column.column, 1.0, 0.0))
            lost = lost or bool(column.flags & ~NAN) or bool(column.flags)
            continue
        if lost:
            break
        levels.append((column.column, value, value))
        inside = min(max(value, 0.0), canvas.levels - 1)
        end = (column.column // canvas.grid.across, canvas.height - 1 - int(inside) // canvas.grid.up)
        lost = value > canvas.levels
    canvas.paint(line(levels, canvas.levels), line_ink(one.index))
    return (*end, lost)


def _height(column: ColumnLike, y: Limits, levels: int, log: bool) -> float | None:
    """Dot height of a column's mean; None where it has none that can be drawn."""
    value = column.mean
    if value is None or (log and value <= 0):
        return None
    return ((log10(value) if log else value) - y.low) / (y.high - y.low) * (levels - 1)


def _write_labels(
    rows: list[list[str]],
    inks: list[bytearray],
    drawn: Sequence[Curve],
    ends: Sequence[tuple[int, int, bool]],
    box: tuple[int, int, int, int],
    up: str,
) -> None:
    """Write each label behind the end of its curve, or as near to it as others leave room."""
    left, right, top, bottom = box
    taken: set[tuple[int, int]] = set()
    for one, (column, row, lost) in sorted(zip(drawn, ends, strict=True), key=lambda pair: pair[1][1]):
        text = (up if lost else "") + one.label
        start = max(left, min(left + column + 1, right - len(text)))
        free = [
            y for y in range(top, bottom) if not any((y, x) in taken for x in range(start - 1, start + len(text) + 1))
        ]
        if not free:
            continue
        y = min(free, key=lambda at: (abs(at - top - row), at))
        for offset, character in enumerate(narrow(text)):
            rows[y][start + offset] = character
            inks[y][start + offset] = line_ink(one.index)
            taken.add((y, start + offset))


def _placed(marks: Sequence[Tick], limits: Limits) -> list[Tick]:
    span = limits.high - limits.low
    placed = [((value - limits.low) / span, text) for value, text in marks]
    return [(position, text) for position, text in placed if -1e-9 <= position <= 1 + 1e-9]


def _nothing(width: int, height: int) -> Frame:
    width, height = max(0, width), max(0, height)
    return Frame(width, height, (" " * width,) * height, (bytes([NOTE]) * width,) * height)
