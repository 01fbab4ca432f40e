"""The live plot: series of a run as one frame of characters, at any size from a single cell up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, isfinite, log10, nan

from tutor.plot.axes import Limits, log_ticks, snap, snap_end, snap_log, ticks
from tutor.plot.chrome import ChromeMaker
from tutor.plot.drawable import MINUS_INF, NAN, PLUS_INF, ColumnLike, SeriesLike
from tutor.plot.figures import short
from tutor.plot.frame import CHROME, GHOST, MARK, NOTE, Frame, band_ink, line_ink, narrow
from tutor.plot.raster import ASCII, BRAILLE, Canvas, Level, bars, line

_WIDTH, _HEIGHT = 24, 6
"""Smallest size with frame and ticks; below it the curve has all the room."""

_NAME = 24

_SIGNS = {False: ("×", "▲", "▼"), True: ("x", "^", "v")}


class LiveChart:
    """Draws frames of one run. It remembers its limits, so that the picture moves as little as it can."""

    def __init__(self) -> None:
        self._chrome = ChromeMaker()
        self._y: Limits | None = None

    def frame(
        self,
        series: Sequence[SeriesLike],
        width: int,
        height: int,
        *,
        log: bool = False,
        ascii: bool = False,
        ghosts: Sequence[SeriesLike] = (),
    ) -> Frame:
        """The picture in `width` by `height` cells; `ghosts` are earlier runs, drawn dim beneath.

        With one or two series the band between least and greatest values is drawn as well. NaN is marked × at the top
        of its column, infinity ▲ at the top and ▼ at the bottom, as are values that a log axis cannot show.
        """
        width, height = max(0, width), max(0, height)
        drawn = [one for one in series if one.count]
        shadows = [one for one in ghosts if one.count]
        if not drawn and not shadows:
            return _words("no points yet", width, height)
        x = _steps([*shadows, *drawn])
        y = self._limits([*shadows, *drawn], log)
        grid = ASCII if ascii else BRAILLE
        framed = width >= _WIDTH and height >= _HEIGHT
        if framed:
            chrome = self._chrome.make(
                width,
                height,
                _placed(ticks(x, max(1, width // 14)), x),
                _placed((log_ticks if log else ticks)(y, max(1, height // 5)), y),
                ascii=ascii,
            )
            left, right, top, bottom = chrome.left, chrome.right, chrome.top, chrome.bottom
            rows, inks = [list(row) for row in chrome.rows], [bytearray(width) for _ in range(height)]
        else:
            left, right, top, bottom = 0, width, int(height > 2), height
            rows, inks = [[" "] * width for _ in range(height)], [bytearray(width) for _ in range(height)]
        canvas = Canvas(right - left, bottom - top, grid)
        notes = self._draw(canvas, drawn, shadows, x, y, log, ascii)
        for row, (glyphs, owners) in enumerate(zip(canvas.rows(), canvas.inks, strict=True), top):
            rows[row][left:right] = glyphs
            inks[row][left:right] = owners
        if top:
            _legend(rows[0], inks[0], drawn, left, right, ascii)
        if framed and notes:
            _write(rows[top], inks[top], left + 1, right - 1, notes[0], NOTE)
        return Frame(width, height, tuple(map("".join, rows)), tuple(map(bytes, inks)), tuple(notes))

    def _limits(self, series: Sequence[SeriesLike], log: bool) -> Limits:
        if log:
            self._y = None
            return snap_log(
                min(one.least_positive for one in series),
                max((one.maximum for one in series if one.maximum > 0), default=-inf),
            )
        self._y = snap(min(one.minimum for one in series), max(one.maximum for one in series), self._y)
        return self._y

    def _draw(
        self,
        canvas: Canvas,
        drawn: Sequence[SeriesLike],
        shadows: Sequence[SeriesLike],
        x: Limits,
        y: Limits,
        log: bool,
        ascii: bool,
    ) -> list[str]:
        """Paint everything; returns what could not be drawn, in words."""
        scale = (canvas.levels - 1) / (y.high - y.low)
        for ghost in shadows:
            canvas.paint(line(_means(ghost.columns(*x, canvas.columns), y, scale, log), canvas.levels), GHOST)
        columns = [one.columns(*x, canvas.columns) for one in drawn]
        if len(drawn) <= 2:
            for index, found in enumerate(columns):
                canvas.paint(bars(_bands(found, y, scale, log), canvas.levels), band_ink(index))
        for index, found in enumerate(columns):
            over = band_ink(index) if len(drawn) <= 2 else CHROME
            canvas.paint(line(_means(found, y, scale, log), canvas.levels), line_ink(index), over=over)
        notes = []
        for one, found in zip(drawn, columns, strict=True):
            seen, low = _mark(canvas, found, log, ascii)
            what = [
                f"{short(value, ascii)} at {sign}"
                for flag, value, sign in zip((NAN, PLUS_INF, MINUS_INF), (nan, inf, -inf), _SIGNS[ascii], strict=True)
                if seen & flag
            ]
            name = narrow(one.name, ascii=ascii)[:_NAME]
            if what:
                notes.append(f"{name}: {', '.join(what)}")
            if low:
                notes.append(f"{name}: 0 or less at {_SIGNS[ascii][2]}, which no log axis has")
        return notes


def _steps(series: Sequence[SeriesLike]) -> Limits:
    """The x axis. It begins at 0 unless the run begins far from it."""
    start = min((one.first_step for one in series if isfinite(one.first_step)), default=0.0)
    end = max((one.last_step for one in series if isfinite(one.last_step)), default=start)
    if 0 < start <= end / 2:
        start = 0.0
    if not isfinite(end - start):
        start, end = max(start, -1e307), min(end, 1e307)
    return Limits(start, snap_end(start, end))


def _placed(marks: Iterable[tuple[float, str]], limits: Limits) -> list[tuple[float, str]]:
    """Ticks in units of the frame, 0 to 1."""
    span = limits.high - limits.low
    placed = [((value - limits.low) / span, text) for value, text in marks]
    return [(position, text) for position, text in placed if -1e-9 <= position <= 1 + 1e-9]


def _height(value: float, y: Limits, scale: float, log: bool) -> float:
    """Dot height of a finite value; at the edge where it is beyond the limits."""
    if log:
        value = log10(value) if value > 0 else y.low
    return (min(max(value, y.low), y.high) - y.low) * scale


def _means(columns: Iterable[ColumnLike], y: Limits, scale: float, log: bool) -> Iterable[Level]:
    for one in columns:
        if one.mean is None or (log and one.hi <= 0):
            yield one.column, 1.0, 0.0
            continue
        mean = one.mean
        if log and mean <= 0:
            mean = one.hi
        at = _height(mean, y, scale, log)
        yield one.column, at, at


def _bands(columns: Iterable[ColumnLike], y: Limits, scale: float, log: bool) -> Iterable[Level]:
    for one in columns:
        if one.lo < one.hi and not (log and one.hi <= 0):
            yield one.column, _height(one.lo, y, scale, log), _height(one.hi, y, scale, log)


def _mark(canvas: Canvas, columns: Iterable[ColumnLike], log: bool, ascii: bool) -> tuple[int, bool]:
    """Mark what is not finite, or not positive on a log axis; returns the flags seen and whether any was too low."""
    unknown, up, down = _SIGNS[ascii]
    seen, low = 0, False
    for one in columns:
        if log and one.lo <= 0 and one.lo <= one.hi:
            low = True
            canvas.mark(one.column, canvas.height - 1, down, MARK)
        if one.flags:
            seen |= one.flags
            if one.flags & MINUS_INF:
                canvas.mark(one.column, canvas.height - 1, down, MARK)
            if one.flags & PLUS_INF:
                canvas.mark(one.column, 0, up, MARK)
            if one.flags & NAN:
                canvas.mark(one.column, 0, unknown, MARK)
    return seen, low


def _legend(row: list[str], ink: bytearray, drawn: Sequence[SeriesLike], left: int, right: int, ascii: bool) -> None:
    """Names and last values, right-aligned in the top border; what does not fit is counted."""
    bar = "-" if ascii else "━"
    entries = [
        f" {bar} {narrow(one.name, ascii=ascii)[:_NAME]} {short(one.last[1], ascii) if one.last else ''} "
        for one in drawn
    ]
    room = right - left
    shown = len(entries)
    while shown > 1 and sum(map(len, entries[:shown])) + (4 if shown < len(entries) else 0) > room:
        shown -= 1
    texts = [(text, line_ink(index)) for index, text in enumerate(entries[:shown])]
    if shown < len(entries):
        texts.append((f" +{len(entries) - shown} ", CHROME))
    at = max(left, right - sum(len(text) for text, _ in texts))
    for text, owner in texts:
        _write(row, ink, at, right, text, owner)
        at += len(text)


def _write(row: list[str], ink: bytearray, start: int, stop: int, text: str, owner: int) -> None:
    """Put text into a row of cells, cut at `stop`."""
    text = text[: max(0, stop - start)]
    row[start : start + len(text)] = text
    ink[start : start + len(text)] = bytes([owner]) * len(text)


def _words(text: str, width: int, height: int) -> Frame:
    """A sentence in the middle of nothing."""
    rows = [" " * width] * height
    inks = [bytes(width)] * height
    if width and height:
        rows[height // 2] = text[:width].center(width)
        inks[height // 2] = bytes([NOTE]) * width
    return Frame(width, height, tuple(rows), tuple(inks))
