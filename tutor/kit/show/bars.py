"""`bars` and `histogram`: amounts as lengths."""

from __future__ import annotations

from math import isfinite
from typing import Any, List, Optional, Sequence

import torch

from tutor.kit.show.canvas import INKS, Cell, Screen, line_of, plain, put, screen, words
from tutor.kit.show.values import left_out, names_of, row_of, shares, short, span_of, tensor_of

MOST_BARS = 50
"""So many bars are drawn; the others are counted."""

_ACROSS = " ▏▎▍▌▋▊▉█"
_UP = " ▁▂▃▄▅▆▇█"


def bars(values: Any, names: Optional[Sequence[Any]] = None, *, title: str = "") -> None:
    """Print a bar for each value, with its name before it and its number behind it; negative ones go to the left.

    `values` has shape (N,); `names` are N names, else the numbers from 0 on. A value that is not finite has no bar.

    Raises `TypeError` for what is not made of numbers, `ValueError` for another shape or too few names.
    """
    found = row_of(values, "show.bars(values)")
    put(bar_lines(found.tolist(), names_of(names, len(found), "show.bars(names=…)"), screen(), title))


def bar_lines(values: Sequence[float], names: Sequence[str], on: Screen, title: str = "") -> List[str]:
    """The lines of a bar chart."""
    lines = [words(title, on.columns)] if title else []
    if not values:
        return [*lines, "no values: nothing to draw"]
    drawn = list(values[:MOST_BARS])
    names = [words(name, on.columns // 3) for name in names[: len(drawn)]]
    margin = max(len(name) for name in names)
    finite = [value for value in drawn if isfinite(value)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    room = max(4, on.columns - margin - 2 - 1 - max(len(short(value)) for value in drawn))
    scale = max(high, -low) or 1.0
    left, right = -low / scale, high / scale
    behind = round(room * left / (left + right)) if left else 0
    unit = min(behind / left if left else room, (room - behind) / right if right else room)
    edge = "|" if on.ascii else "│"
    for name, value in zip(names, drawn):
        size = value / scale * unit if isfinite(value) else 0.0
        before = min(behind, max(1, round(-size))) if size < 0 else 0
        block = ("#" if on.ascii else "█") * before
        row: List[Cell] = plain(f"{name:>{margin}} {' ' * (behind - before)}")
        row += [(one, INKS[1], None) for one in block]
        row += [*plain(edge), *((one, INKS[0], None) for one in _bar(size, on.ascii)), *plain(f" {short(value)}")]
        lines.append(line_of(row, on.color))
    more = len(values) - len(drawn)
    return [*lines, *([f"and {more:,} more"] if more else [])]


def _bar(size: float, ascii: bool) -> str:
    """A bar to the right; what is above zero is always seen."""
    if size <= 0:
        return ""
    if ascii:
        return "#" * max(1, round(size))
    eighths = max(1, round(size * 8))
    return "█" * (eighths // 8) + _ACROSS[eighths % 8].strip()


def histogram(values: Any, bins: int = 20, *, title: str = "") -> None:
    """Print how many of the values fall into each of `bins` equal parts of their range, and their mean and spread.

    `values` may have any shape. The standard deviation is that of the values themselves (divided by N).

    Raises `TypeError` for what is not made of numbers, `ValueError` for fewer than one bin.
    """
    if not isinstance(bins, int) or bins < 1:
        raise ValueError(f"show.histogram(bins=…) takes a whole number from 1 on, not {bins!r}")
    put(histogram_lines(tensor_of(values, "show.histogram(values)").flatten(), bins, screen(), title))


def histogram_lines(values: torch.Tensor, bins: int, on: Screen, title: str = "") -> List[str]:
    """The lines of a histogram of values of shape (N,)."""
    lines = [words(title, on.columns)] if title else []
    finite = values[torch.isfinite(values)]
    missing = left_out(len(values) - len(finite), len(values), "values")
    if not len(finite):
        return [*lines, "no values: nothing to draw", *missing]
    low, high = span_of(finite)
    margin = len(str(len(finite))) + 1
    bins = min(bins, on.columns - margin - 2)
    counts = torch.bincount((shares(finite, low, high) * bins).long().clamp(max=bins - 1), minlength=bins)
    wide, height, top = (on.columns - margin - 2) // bins, min(10, on.lines - 4), int(counts.max())
    wide = max(1, min(wide, 12))
    edge, floor, corner = "|-+" if on.ascii else "│─└"
    margin = len(f"{top}")
    for row in range(height - 1, -1, -1):
        label = str(top) if row == height - 1 else ""
        cells: List[Cell] = plain(f"{label:>{margin}} {edge}")
        for count in counts.tolist():
            cells += [(_level(count / top * height - row, row, on.ascii), INKS[0], None)] * wide
        lines.append(line_of(cells, on.color))
    lines.append(f"{'0':>{margin}} {corner}{floor * (wide * bins)}")
    first, last = short(low), short(high)
    lines.append(" " * (margin + 2) + first + last.rjust(max(len(last) + 1, wide * bins - len(first))))
    scale = max(abs(low), abs(high)) or 1.0
    scaled = finite / scale
    mean, spread = float(scaled.mean()) * scale, float(scaled.std(unbiased=False)) * scale
    noun = "value" if len(finite) == 1 else "values"
    return [*lines, f"{len(finite):,} {noun}, mean {short(mean)}, standard deviation {short(spread)}", *missing]


def _level(height: float, row: int, ascii: bool) -> str:
    """A cell of a column that still goes up by `height` rows; in the lowest row the smallest column is seen."""
    if height <= 0:
        return " "
    if ascii:
        return "#" if height >= 0.5 else "." if row == 0 else " "
    return _UP[min(8, max(1 if row == 0 else 0, round(height * 8)))]
