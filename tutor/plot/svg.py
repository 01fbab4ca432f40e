"""Runs as a picture for a report: SVG, with a dash pattern for each curve and its label at its end."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tutor.plot.axes import Limits, snap, snap_end, ticks
from tutor.plot.compare import calm
from tutor.plot.drawable import SeriesLike
from tutor.plot.epochs import Epoch

WIDTH, HEIGHT = 800, 480
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 24, 40
_COLUMNS = 400
_LEGEND_LINE = 18
_LABEL_WIDTH, _LABEL_HEIGHT = 20, 12

_COLORS = ("#1f5fbf", "#b35900", "#2a7a2a", "#b3263a", "#6a3d9a", "#007a87", "#7a6a00", "#444444")
_DASHES = ("", "8 4", "2 3", "10 3 2 3", "5 5", "12 6", "1 4", "6 2 1 2")

_MOST_EPOCHS, _EVERY_EPOCH = 12, (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000)
"""Numbers of epochs that have room beside each other; every n-th is marked."""

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold."""


@dataclass(frozen=True)
class Labelled:
    """A series; `label` stands at the end of its curve, `words` in the legend."""

    label: str
    words: str
    series: SeriesLike


def svg(curves: Sequence[Labelled], title: str, epochs: Sequence[Epoch] = ()) -> str:
    """The whole document. Everything that comes from learners is escaped; a curve that diverged is cut at the top.

    `epochs` are marked on the lower border; they are those of a run that is drawn alone.
    """
    drawn = [one for one in curves if one.series.count]
    height = HEIGHT + _LEGEND_LINE * len(drawn) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        ' font-family="sans-serif" font-size="12">',
        f"<title>{_text(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="16" font-weight="bold">{_text(title)}</text>',
    ]
    if drawn:
        x, y = _axes(drawn)
        parts += _frame(x, y)
        parts += _epochs(epochs, x)
        ends = []
        for index, one in enumerate(drawn):
            path, end = _curve(index, one, x, y)
            parts += path
            ends += [(index, one.label, *end)] if end is not None else []
            parts += _legend(index, one)
        parts += _labels(ends)
    else:
        parts.append(f'<text x="{_LEFT}" y="60">No runs.</text>')
    return "\n".join([*parts, "</svg>", ""])


def _axes(drawn: Sequence[Labelled]) -> tuple[Limits, Limits]:
    series = [one.series for one in drawn]
    kept = [one for one, fits in zip(series, calm(series), strict=True) if fits]
    start = min(one.first_step for one in series)
    end = max(one.last_step for one in series)
    x = Limits(start, max(end, start + 1e-9)) if end > start else Limits(start, snap_end(start, end))
    return x, snap(min(one.minimum for one in kept), max(one.maximum for one in kept))


def _across(step: float, x: Limits) -> float:
    return _LEFT + (step - x.low) / (x.high - x.low) * (WIDTH - _LEFT - _RIGHT)


def _down(value: float, y: Limits) -> float:
    at = HEIGHT - _BOTTOM - (value - y.low) / (y.high - y.low) * (HEIGHT - _TOP - _BOTTOM)
    return min(max(at, -1e6), 1e6)


def _frame(x: Limits, y: Limits) -> list[str]:
    inner = f'x="{_LEFT}" y="{_TOP}" width="{WIDTH - _LEFT - _RIGHT}" height="{HEIGHT - _TOP - _BOTTOM}"'
    parts = [
        f'<clipPath id="inside"><rect {inner}/></clipPath>',
        f'<rect {inner} fill="none" stroke="#888888"/>',
    ]
    for value, label in ticks(y, 6):
        at = _down(value, y)
        parts.append(f'<path d="M{_LEFT} {at:.1f}H{WIDTH - _RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{_text(label)}</text>')
    for value, label in ticks(x, 8):
        if x.low <= value <= x.high:
            at = _across(value, x)
            parts.append(f'<text x="{at:.1f}" y="{HEIGHT - _BOTTOM + 16}" text-anchor="middle">{_text(label)}</text>')
    parts.append(f'<text x="{WIDTH - _RIGHT}" y="{HEIGHT - 8}" text-anchor="end" fill="#555555">step</text>')
    return parts


def _epochs(epochs: Sequence[Epoch], x: Limits) -> list[str]:
    """A tick and a number where every n-th epoch begins, so that they have room."""
    inside = [(_across(step, x), number) for step, number in epochs if x.low <= step <= x.high]
    every = _EVERY_EPOCH[bisect_left(_EVERY_EPOCH[:-1], len(inside) / _MOST_EPOCHS)]
    parts = []
    for at, number in inside:
        if number % every == 0:
            parts.append(f'<path d="M{at:.1f} {HEIGHT - _BOTTOM}v-6" stroke="#555555"/>')
            parts.append(
                f'<text x="{at:.1f}" y="{HEIGHT - _BOTTOM - 9}" text-anchor="middle" fill="#555555">{number}</text>'
            )
    return [*parts, f'<text x="{_LEFT}" y="{HEIGHT - 8}" fill="#555555">▴ epoch</text>'] if parts else []


def _curve(index: int, one: Labelled, x: Limits, y: Limits) -> tuple[list[str], tuple[float, float] | None]:
    """The curve, and where it ends, inside of the frame; None for one without a point."""
    scale = (x.high - x.low) / (_COLUMNS - 1)
    pieces, pen = [], "M"
    end = None
    for column in one.series.columns(x.low, x.high, _COLUMNS):
        if column.mean is None:
            pen = "M"
            continue
        end = _across(x.low + column.column * scale, x), _down(column.mean, y)
        pieces.append(f"{pen}{end[0]:.1f} {end[1]:.1f}")
        pen = "L"
    if end is None:
        return [], None
    dash = f' stroke-dasharray="{_DASHES[index % 8]}"' if _DASHES[index % 8] else ""
    style = f'fill="none" stroke="{_COLORS[index % 8]}" stroke-width="1.6"{dash} clip-path="url(#inside)"'
    inside = min(max(end[1], _TOP + 12), HEIGHT - _BOTTOM - 4)
    return [f'<path d="{"".join(pieces)}" {style}/>'], (end[0], inside - 3)


def _labels(ends: Sequence[tuple[int, str, float, float]]) -> list[str]:
    """Each label at the end of its curve, or as near above as there is room beside the others."""
    placed: list[tuple[float, float]] = []
    parts = []
    for index, label, across, down in sorted(ends, key=lambda end: -end[3]):
        near = sorted((y for x, y in placed if abs(x - across) < _LABEL_WIDTH), reverse=True)
        for taken in near:
            down = taken - _LABEL_HEIGHT if abs(taken - down) < _LABEL_HEIGHT else down
        placed.append((across, down))
        parts.append(f'<text x="{across + 3:.1f}" y="{down:.1f}" fill="{_COLORS[index % 8]}">{_text(label)}</text>')
    return parts


def _legend(index: int, one: Labelled) -> list[str]:
    at = HEIGHT + _LEGEND_LINE * index + 4
    dash = f' stroke-dasharray="{_DASHES[index % 8]}"' if _DASHES[index % 8] else ""
    return [
        f'<path d="M{_LEFT} {at}h36" stroke="{_COLORS[index % 8]}" stroke-width="1.6"{dash}/>',
        f'<text x="{_LEFT + 44}" y="{at + 4}">{_text(f"{one.label}  {one.words}")}</text>',
    ]


def _text(text: str) -> str:
    return escape(_UNFIT.sub("\N{REPLACEMENT CHARACTER}", text), {'"': "&quot;"})
