"""Static charts by plotext: bars, histograms, clouds of points, each as rows of text.

What plotext cannot take never reaches it: values that are not finite are left out, large ones are scaled, labels are
made narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from tutor.plot.axes import Limits, snap, ticks
from tutor.plot.chrome import build, figure
from tutor.plot.figures import short
from tutor.plot.frame import narrow

_LEAST_WIDTH, _LEAST_HEIGHT = 16, 5

Point = tuple[float, float]


def bar(labels: Sequence[str], values: Sequence[float], width: int, height: int, *, title: str = "") -> list[str]:
    """Upright bars, one for each label. Raises `ValueError` where labels and values differ in number."""
    if len(labels) != len(values):
        raise ValueError(f"{len(labels)} labels but {len(values)} values")
    kept = [(narrow(label), value) for label, value in zip(labels, values, strict=True) if isfinite(value)]
    if not kept or width < _LEAST_WIDTH or height < _LEAST_HEIGHT:
        return _lines([f"{label} {short(value)}" for label, value in kept] or ["nothing to show"], width, height)
    limits = snap(min(0.0, *(value for _, value in kept)), max(0.0, *(value for _, value in kept)))
    chart = figure(width, height)
    heights = [_share(value, limits) - _share(0.0, limits) for _, value in kept]
    chart.bar([label for label, _ in kept], heights)
    zero = _share(0.0, limits)
    chart.ylim(-zero, 1.0 - zero)
    marks = ticks(limits, max(2, height // 4))
    chart.yticks([_share(value, limits) - zero for value, _ in marks], [text for _, text in marks])
    return _rows(chart, width, title)


def histogram(values: Sequence[float], width: int, height: int, *, bins: int = 20, title: str = "") -> list[str]:
    """How many of the finite values fall into each of `bins` equal parts of their range."""
    kept = [float(value) for value in values if isfinite(value)]
    if not kept or bins < 1:
        return _lines(["nothing to show"], width, height)
    limits = snap(min(kept), max(kept))
    counts = [0] * bins
    for value in kept:
        counts[min(bins - 1, max(0, int(_share(value, limits) * bins)))] += 1
    if width < _LEAST_WIDTH or height < _LEAST_HEIGHT:
        return _lines([f"{len(kept)} values, {short(min(kept))} to {short(max(kept))}"], width, height)
    chart = figure(width, height)
    chart.bar([(number + 0.5) / bins for number in range(bins)], counts, width=1.0)
    chart.xlim(0.0, 1.0)
    marks = ticks(limits, max(2, width // 14))
    chart.xticks([_share(value, limits) for value, _ in marks], [text for _, text in marks])
    top = ticks(Limits(0.0, float(max(counts))), max(2, height // 4))
    chart.yticks([value for value, _ in top], [text for _, text in top])
    return _rows(chart, width, title)


def scatter(groups: Mapping[str, Sequence[Point]], width: int, height: int, *, title: str = "") -> list[str]:
    """Clouds of points `(x, y)`, each group with a letter of its own, named below the chart."""
    letters = "oxv#@%&+"
    kept = {narrow(name): [point for point in points if all(map(isfinite, point))] for name, points in groups.items()}
    everything = [point for points in kept.values() for point in points]
    if not everything or width < _LEAST_WIDTH or height < _LEAST_HEIGHT + 1:
        return _lines([f"{name}: {len(points)} points" for name, points in kept.items()], width, height)
    x = snap(min(x for x, _ in everything), max(x for x, _ in everything))
    y = snap(min(y for _, y in everything), max(y for _, y in everything))
    chart = figure(width, height - 1)
    for index, points in enumerate(kept.values()):
        if points:
            marker = letters[index % len(letters)]
            chart.scatter([_share(a, x) for a, _ in points], [_share(b, y) for _, b in points], marker=marker)
    chart.xlim(0.0, 1.0)
    chart.ylim(0.0, 1.0)
    across, up = ticks(x, max(2, width // 14)), ticks(y, max(2, height // 4))
    chart.xticks([_share(value, x) for value, _ in across], [text for _, text in across])
    chart.yticks([_share(value, y) for value, _ in up], [text for _, text in up])
    names = [f"{letters[index % len(letters)]} {name}" for index, name in enumerate(kept) if name]
    return [*_rows(chart, width, title), "  ".join(names)[:width].ljust(width)]


def _share(value: float, limits: Limits) -> float:
    """Where a value lies between the limits, 0 to 1."""
    return (min(max(value, limits.low), limits.high) - limits.low) / (limits.high - limits.low)


def _rows(chart: Any, width: int, title: str) -> list[str]:
    if title:
        chart.title(narrow(title)[: width - 4])
    rows = ["".join(row)[:width].ljust(width) for row in reversed(build(chart).marker)]
    return [narrow(row) for row in rows]


def _lines(texts: Sequence[str], width: int, height: int) -> list[str]:
    """Sentences in place of a chart that has no room or nothing to show."""
    return [text[:width].ljust(width) for text in [*texts, *[""] * height][:height]]
