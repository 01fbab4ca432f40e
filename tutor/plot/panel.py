"""One panel of the live plot: an axis with the series that share it, in a frame with a legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, nan
from typing import NamedTuple

from tutor.plot.axes import Limits, snap, ticks
from tutor.plot.chrome import Chrome, ChromeMaker, Tick
from tutor.plot.curves import SIGNS, Scale, extremes, mark
from tutor.plot.drawable import MINUS_INF, NAN, PLUS_INF, ColumnLike, SeriesLike
from tutor.plot.epochs import Epoch, write_epochs
from tutor.plot.figures import short
from tutor.plot.frame import CHROME, CURSOR, GHOST, NOTE, Frame, band_ink, line_ink, narrow
from tutor.plot.logaxis import log_ticks, snap_log
from tutor.plot.raster import ASCII, BRAILLE, Canvas, bars, line
from tutor.plot.view import View

_WIDTH, _HEIGHT = 24, 6
"""Smallest size with frame and ticks; below it the curve has all the room."""

_NAME = 24

_VALUE = 6
"""Cells that a value in the legend takes at least: one that has a digit less the next moment moves nothing else."""

_ENDS = {False: "●◆■○◇□★☆", True: "o*#@%&+$"}
"""Glyphs at the last points of curves that share a panel, so that colour is not all that tells them apart."""

Entry = tuple[int, SeriesLike]
"""A series with its number, which decides its ink."""


class Scene(NamedTuple):
    """What the panels of a frame have in common."""

    x: Limits
    view: View
    ascii: bool
    epochs: Sequence[Epoch]


class Panel:
    """Draws one panel. It remembers its limits, so that the picture moves as little as it can."""

    def __init__(self) -> None:
        self._chromes = ChromeMaker()
        self._y: Limits | None = None
        self._was_log = False
        self.columns = 1

    def limits(self, drawn: Sequence[SeriesLike], scene: Scene, width: int) -> Limits:
        """The y axis for these series at about this width."""
        log = scene.view.log
        before = self._y if log is self._was_log else None
        if scene.view.window is None and not scene.view.tail and not log:
            least, greatest = min(one.minimum for one in drawn), max(one.maximum for one in drawn)
        elif scene.view.window is None and not scene.view.tail:
            least = min(one.least_positive for one in drawn)
            greatest = max((one.maximum for one in drawn if one.maximum > 0), default=-inf)
        else:
            least, greatest = extremes((one.columns(*scene.x, 2 * max(1, width)) for one in drawn), log)
        self._was_log = log
        self._y = snap_log(least, greatest, before) if log else snap(least, greatest, before)
        return self._y

    def marks(self, y: Limits, height: int, log: bool) -> list[Tick]:
        """Ticks of the y axis in units of the frame."""
        return _placed((log_ticks if log else ticks)(y, max(1, height // 4)), y)

    def frame(
        self,
        entries: Sequence[Entry],
        ghosts: Sequence[SeriesLike],
        width: int,
        height: int,
        scene: Scene,
        y: Limits,
        marks: Sequence[Tick],
    ) -> Frame:
        """The panel in `width` by `height` cells, with ticks `marks` at its left."""
        framed = width >= _WIDTH and height >= _HEIGHT
        if framed:
            across = _placed(ticks(scene.x, max(1, width // 14)), scene.x)
            chrome = self._chromes.make(width, height, across, marks, ascii=scene.ascii)
        else:
            chrome = Chrome((" " * width,) * height, 0, width, int(height > 2), height)
        rows, inks = [list(row) for row in chrome.rows], [bytearray(width) for _ in range(height)]
        left, right, top, bottom = chrome.left, chrome.right, chrome.top, chrome.bottom
        canvas = Canvas(right - left, bottom - top, ASCII if scene.ascii else BRAILLE)
        self.columns = max(1, canvas.columns)
        notes = _draw(canvas, entries, ghosts, scene, y)
        _draw_cursor(canvas, scene)
        for row, (glyphs, owners) in enumerate(zip(canvas.rows(), canvas.inks, strict=True), top):
            rows[row][left:right] = glyphs
            inks[row][left:right] = owners
        if top:
            _legend(rows[0], inks[0], entries, left, right, scene.ascii)
        if framed:
            write_epochs(rows[bottom], inks[bottom], scene.epochs, scene.x, left, right, ascii=scene.ascii)
            if notes:
                _write(rows[top], inks[top], left + 1, right - 1, notes[0], NOTE)
        return Frame(width, height, tuple(map("".join, rows)), tuple(map(bytes, inks)), tuple(notes))


def _draw(canvas: Canvas, entries: Sequence[Entry], ghosts: Sequence[SeriesLike], scene: Scene, y: Limits) -> list[str]:
    """Paint the curves; returns what could not be drawn, in words."""
    view, levels, count = scene.view, canvas.levels, canvas.columns
    scale = Scale(y, levels, view.log)
    for ghost in ghosts:
        canvas.paint(line(scale.means(ghost.columns(*scene.x, count)), levels), GHOST)
    found = [(index, one, one.columns(*scene.x, count)) for index, one in entries]
    banded = view.band and len(entries) <= 2
    for index, _, columns in found:
        if banded:
            canvas.paint(bars(scale.bands(columns), levels), band_ink(index))
        if view.smoothing:
            canvas.paint(line(scale.means(columns), levels), band_ink(index))
    ends = []
    for index, one, columns in found:
        over = band_ink(index) if banded or view.smoothing else CHROME
        if view.smoothing:
            curve = line(scale.smoothed(one.smooth(*scene.x, count, view.smoothing)), levels)
        else:
            curve = line(scale.means(columns), levels)
        canvas.paint(curve, line_ink(index), over=over)
        ends.append((index, curve))
    if len(entries) > 1:
        for index, curve in ends:
            if curve:
                column = max(curve)
                row = canvas.height - 1 - sum(curve[column]) // 2 // canvas.grid.up
                canvas.mark(column, row, _end(index, scene.ascii), line_ink(index))
    return [note for _, one, columns in found for note in _mark(canvas, one, columns, scene)]


def _mark(canvas: Canvas, one: SeriesLike, columns: Sequence[ColumnLike], scene: Scene) -> list[str]:
    """Mark what a series has that cannot be drawn; returns what it is, in words."""
    signs = SIGNS[scene.ascii]
    seen, low = mark(canvas, columns, scene.view.log, scene.ascii)
    what = [
        f"{short(value, scene.ascii)} at {sign}"
        for flag, value, sign in zip((NAN, PLUS_INF, MINUS_INF), (nan, inf, -inf), signs, strict=True)
        if seen & flag
    ]
    name = narrow(one.name, ascii=scene.ascii)[:_NAME]
    notes = [f"{name}: {', '.join(what)}"] if what else []
    return [*notes, f"{name}: {signs[2]} is 0 or less"] if low else notes


def _draw_cursor(canvas: Canvas, scene: Scene) -> None:
    """A line at the cursor, and one at the other end of a window that is being chosen; curves stay in front."""
    x = scene.x
    for step, glyph in ((scene.view.mark, "╎"), (scene.view.cursor, "│")):
        if step is None or not x.low <= step <= x.high:
            continue
        column = int((step - x.low) / (x.high - x.low) * (canvas.columns - 1) + 0.5)
        for row in range(canvas.height):
            canvas.fill(column, row, ("|" if glyph == "│" else ":") if scene.ascii else glyph, CURSOR)


def _placed(marks: Iterable[Tick], limits: Limits) -> list[Tick]:
    """Ticks in units of the frame, 0 to 1."""
    span = limits.high - limits.low
    placed = [((value - limits.low) / span, text) for value, text in marks]
    return [(position, text) for position, text in placed if -1e-9 <= position <= 1 + 1e-9]


def _legend(row: list[str], ink: bytearray, entries: Sequence[Entry], left: int, right: int, ascii: bool) -> None:
    """Names and last values, right-aligned in the top border: values give way to names, what has no room is counted."""
    named, texts = [], []
    for at, one in entries:
        glyph = _end(at, ascii) if len(entries) > 1 else "-" if ascii else "━"
        name = f" {glyph} {narrow(one.name, ascii=ascii)[:_NAME]} "
        named.append((name, line_ink(at)))
        value = f"{short(one.last[1], ascii):<{_VALUE}}" if one.last else ""
        texts.append((f"{name}{value} ", line_ink(at)))
    room = right - left
    if sum(len(text) for text, _ in texts) > room >= sum(len(text) for text, _ in named):
        texts = named
    shown = len(texts)
    while shown > 1 and sum(len(text) for text, _ in texts[:shown]) + (4 if shown < len(texts) else 0) > room:
        shown -= 1
    if shown < len(texts):
        texts = [*texts[:shown], (f" +{len(texts) - shown} ", CHROME)]
    at = max(left, right - sum(len(text) for text, _ in texts))
    for text, owner in texts:
        _write(row, ink, at, right, text, owner)
        at += len(text)


def _end(index: int, ascii: bool) -> str:
    return _ENDS[ascii][index % len(_ENDS[ascii])]


def _write(row: list[str], ink: bytearray, start: int, stop: int, text: str, owner: int) -> None:
    """Put text into a row of cells, cut at `stop`."""
    text = text[: max(0, stop - start)]
    row[start : start + len(text)] = text
    ink[start : start + len(text)] = bytes([owner]) * len(text)
