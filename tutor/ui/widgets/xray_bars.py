"""The gradients of the X-ray: a bar on a logarithmic scale for each parameter, and its history over the steps."""

from __future__ import annotations

import math

from textual.content import Content

from tutor.plot.figures import short
from tutor.plot.gauges import bar, history
from tutor.ui.visible import visible_line
from tutor.ui.widgets.columns import GAP, Column, table
from tutor.ui.widgets.layout import EMPTY, hang, styled
from tutor.ui.widgets.xray_tables import said_lines
from tutor.xray.fields import Fields
from tutor.xray.gradients import Gradient, Gradients, gradients, words

_FEW = 10
"""Cells of a bar, and of a history, at least."""


def gradient_lines(report: Fields, width: int, ascii: bool) -> list[Content]:
    """The words, the bars, and the scale."""
    found = gradients(report)
    if not found.parameters:
        return []
    columns = (
        Column("parameter", ".flow--name", flexible=True, least=10),
        Column("shape", ".flow--muted", flexible=True, least=6),
        Column("norm", right=True),
        Column("log scale", ".flow--marker"),
        Column("over the steps", ".flow--string"),
    )
    names = max(len(one.name) for one in found.parameters)
    shapes = max(len(one.shape) for one in found.parameters) if width >= 64 else 0
    room = width - min(names, 24) - (shapes + GAP if shapes else 0) - 9 - 3 * GAP
    long = max(_FEW, room // 2 - 1)
    rows = [_row(one, found, long, bool(shapes), ascii) for one in found.parameters]
    if found.between:
        rows.insert((len(rows) + 1) // 2, (f"… {found.between:,} more", "", "", "", ""))
    low, high = found.scale
    steps = f" of passes {found.steps[0] + 1:,} to {found.steps[-1] + 1:,}" if found.steps else ""
    decade = f"{long / (high - low):.1g}"
    cells = f"{decade} cell{'' if decade == '1' else 's'}"
    scale = f"Bars from 1e{low:.0f} to 1e{high:.0f}, a decade each {cells}; norms{steps}."
    return [
        *said_lines(words(found), width),
        *table(columns, rows, width),
        EMPTY,
        *hang(styled(scale, ".flow--muted"), width),
    ]


def _row(one: Gradient, found: Gradients, room: int, shapes: bool, ascii: bool) -> tuple[str, ...]:
    low, high = found.scale

    def share(norm: float | None) -> float | None:
        if norm is None:
            return None
        if math.isnan(norm) or norm == math.inf:
            return 2.0
        return (norm - low) / (high - low)

    last = share(one.last)
    norm = "none" if one.norm is None else short(float(f"{one.norm:.2g}"), ascii)
    drawn = "" if last is None else "!" * room if last > 1 else bar(last, room, ascii=ascii)
    past = history([share(norm) for norm in one.norms], room, ascii=ascii)
    return visible_line(one.name), one.shape if shapes else "", norm, drawn or " ", past
