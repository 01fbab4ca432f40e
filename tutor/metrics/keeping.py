"""A series as bytes, for a file that keeps many: at most 256 buckets of it, and what is known of the whole.

256 buckets are as fine as a curve of 128 columns can show in braille. A run of up to 256 points is kept exactly; of a
longer one neighbours are merged, so that extremes, marks of NaN and means stay true.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections import deque
from math import inf, isnan, nan
from typing import NamedTuple

from tutor.metrics.series import MINUS_INF, NAN, PLUS_INF, Series

MOST = 256
"""Buckets that are kept."""

_VERSION = 1
_HEAD = struct.Struct("<BHQQ10d")
"""Version, buckets, points, points that are not finite; first, last and first bad point; extremes; least above 0."""

_COLUMNS = 6
_LARGEST = _HEAD.size + MOST * (_COLUMNS * 8 + 1)


def pack(series: Series) -> bytes:
    """The series in at most a few kilobytes; `unpack` makes one of it again."""
    rows = [
        [float(start), float(stop), lo, hi, total, float(count), flag]
        for start, stop, lo, hi, total, count, flag in zip(
            series._from, series._to, series._lo, series._hi, series._sum, series._count, series._flags, strict=True
        )
    ]
    while len(rows) > MOST:
        rows = [_merged(rows[at : at + 2]) for at in range(0, len(rows), 2)]
    nothing = (nan, nan)
    head = _HEAD.pack(
        _VERSION,
        len(rows),
        series.count,
        series.bad,
        *(series.first or nothing),
        *(series.last or nothing),
        *(series.first_bad or nothing),
        series.minimum,
        series.maximum,
        series.least_positive,
        series.first_step,
    )
    columns = [array("d", (row[column] for row in rows)) for column in range(_COLUMNS)]
    flags = bytes(int(row[_COLUMNS]) for row in rows)
    return zlib.compress(head + b"".join(column.tobytes() for column in columns) + flags, 6)


def unpack(name: str, role: str, site: str, packed: bytes) -> Series:
    """The series that was packed. Raises `ValueError` for bytes that are none."""
    try:
        opener = zlib.decompressobj()
        data = opener.decompress(packed, _LARGEST)
        version, buckets, count, bad, *numbers = _HEAD.unpack_from(data)
    except (zlib.error, struct.error) as error:
        raise ValueError(f"no series: {error}") from None
    if version != _VERSION or buckets > MOST or len(data) != _HEAD.size + buckets * (_COLUMNS * 8 + 1):
        raise ValueError("no series of this version")
    if (buckets == 0) != (count == 0):
        raise ValueError("a series without its buckets")
    series = Series(name, role, site)
    columns = []
    for column in range(_COLUMNS):
        values = array("d")
        values.frombytes(data[_HEAD.size + column * 8 * buckets :][: 8 * buckets])
        columns.append(values)
    series._from, series._to, series._lo, series._hi, series._sum = columns[:5]
    series._count = array("q", (int(one) if 0 <= one < 2**62 else 0 for one in columns[5]))
    series._flags = bytearray(data[len(data) - buckets :] if buckets else b"")
    series._size = series._filled = max(1, -(-count // max(1, buckets)))
    series.count, series.bad = count, bad
    if count:
        series.first, series.last = (numbers[0], numbers[1]), (numbers[2], numbers[3])
        series.first_bad = (numbers[4], numbers[5]) if bad else None
        series.minimum, series.maximum, series.least_positive = numbers[6:9]
        series.first_step, series.last_step = numbers[9], max(series._to)
        series.tail = deque(_points(series), maxlen=series.tail.maxlen)
    return series


class Sample(NamedTuple):
    """What a kept series says of a stretch of its run, up to `step`: a single value where all three are the same."""

    step: float
    mean: float
    least: float
    greatest: float


def samples(series: Series) -> list[Sample]:
    """A series as rows for a file: its very points where it is short, else mean, least and greatest of each bucket."""
    return [
        Sample(step, value, lo if lo <= hi else value, hi if lo <= hi else value)
        for (step, value), lo, hi in zip(_points(series), series._lo, series._hi, strict=True)
    ]


def _merged(rows: list[list[float]]) -> list[float]:
    if len(rows) == 1:
        return rows[0]
    one, two = rows
    return [
        min(one[0], two[0]),
        max(one[1], two[1]),
        min(one[2], two[2]),
        max(one[3], two[3]),
        one[4] + two[4],
        one[5] + two[5],
        int(one[6]) | int(two[6]),
    ]


def _points(series: Series) -> list[tuple[float, float]]:
    """A point for each bucket: of a short run the very points, of a longer one the means."""
    found = []
    for stop, lo, hi, total, count, flag in zip(
        series._to, series._lo, series._hi, series._sum, series._count, series._flags, strict=True
    ):
        if count:
            mean = total / count
            value = mean if lo <= mean <= hi else lo
        else:
            value = nan if flag & NAN else inf if flag & PLUS_INF else -inf if flag & MINUS_INF else nan
        found.append((stop, value))
    if series.last is not None and found and not isnan(series.last[0]):
        found[-1] = series.last
    return found
