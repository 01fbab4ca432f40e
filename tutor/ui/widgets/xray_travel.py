"""Time travel in the X-ray: where one is in a run, and what the model was there."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.content import Content

from tutor.plot.figures import short
from tutor.plot.fit import CURVE, POINT, line_rows, map_rows
from tutor.plot.gauges import bar, history
from tutor.ui.visible import visible_line
from tutor.ui.widgets.columns import Column, table
from tutor.ui.widgets.layout import EMPTY, hang, styled
from tutor.ui.widgets.xray_heat import painted
from tutor.xray.fields import Fields
from tutor.xray.travel import Map, Moment, moment

_HEIGHT = 9
_MOST = 72
"""Rows and greatest width of a fit of one feature."""

_DECADES = 30.0
"""Losses that differ by more than this factor are drawn by their logarithm."""

_INKS = {POINT: ".flow--name", CURVE: ".flow--warning"}


def travel_lines(report: Fields, width: int, ascii: bool) -> list[Content]:
    """The place in the run, the fit there, and the parameters."""
    found = moment(report)
    if found is None:
        return []
    return [*_place(found, width, ascii), EMPTY, *_fit(found, width, ascii), *_parameters(found, width, ascii)]


def _place(found: Moment, width: int, ascii: bool) -> list[Content]:
    """The losses over the frames, a mark below the one that is shown, and both in words."""
    drawn = history(_shares(found.losses), width, ascii=ascii)
    at = min(len(drawn) - 1, found.at * len(drawn) // len(found.losses)) if drawn else 0
    loss = found.losses[found.at]
    last = found.at == len(found.passes) - 1
    ended = last and (loss is None or math.isnan(loss))
    said = f"the end, after {found.passes[-1]:,} passes" if ended else f"pass {found.passes[found.at] + 1:,}"
    if loss is not None and not ended:
        said += f", loss {short(loss, ascii)}"
    words = styled(said, ".flow--heading")
    if found.runs > 1:
        which = "the last run" if not found.back else f"{found.back} run{'s' if found.back > 1 else ''} before the last"
        words += styled(f"  ({which})", ".flow--muted")
    mark = Content(" " * at) + styled("^" if ascii else "▲", ".flow--marker")
    return [*hang(words, width), styled(drawn, ".flow--string"), mark]


def _shares(losses: Sequence[float | None]) -> list[float | None]:
    """The losses on a scale from 0 to 1, a logarithmic one where they span decades; infinite ones are above it."""
    known = [one for one in losses if one is not None and math.isfinite(one)]
    if not known:
        return []
    log = min(known) > 0 and max(known) > _DECADES * min(known)
    low, high = (math.log(min(known)), math.log(max(known))) if log else (min(known), max(known))

    def share(loss: float | None) -> float | None:
        if loss is None or math.isnan(loss) or loss == -math.inf:
            return None
        return 2.0 if loss == math.inf else ((math.log(loss) if log else loss) - low) / (high - low or 1.0)

    return [share(one) for one in losses]


def _fit(found: Moment, width: int, ascii: bool) -> list[Content]:
    if found.fit is None:
        return []
    if isinstance(found.fit, Map):
        rows = [painted(runs).truncate(width) for runs in map_rows(found.fit.levels, found.fit.points, ascii=ascii)]
        names = [f"{glyph} {visible_line(one)}" for glyph, one in zip("ox+*#%", found.fit.classes, strict=False)]
        return [*rows, *hang(styled("   ".join(names), ".flow--muted"), width), EMPTY]
    lines = line_rows(found.fit.points, found.fit.curve, min(width, _MOST), _HEIGHT, ascii=ascii)
    return [*(_inked(runs) for runs in lines), EMPTY]


def _inked(runs: list[tuple[str, int]]) -> Content:
    line = EMPTY
    for text, ink in runs:
        line += styled(text, _INKS.get(ink, "")) if ink else Content(text)
    return line


def _parameters(found: Moment, width: int, ascii: bool) -> list[Content]:
    if not found.parameters:
        return []
    finite = [one.norm for one in found.parameters if one.norm is not None and math.isfinite(one.norm)]
    high = math.ceil(max(finite)) if finite else 0
    low = min([math.floor(min(finite)), high - 4]) if finite else -4
    columns = (
        Column("parameter", ".flow--name", flexible=True, least=8),
        Column("values", flexible=True, least=12),
        Column("gradient", right=True),
        Column("log scale", ".flow--marker"),
    )
    rows = []
    for one in found.parameters:
        values = ", ".join(short(float(f"{value:.3g}"), ascii) for value in one.values[: 3 if width < 70 else 6])
        more = ", …" if one.values and one.shape != "()" and len(one.values) >= 6 else ""
        norm = "none" if one.norm is None else short(float(f"{10**one.norm:.2g}"), ascii) if one.norm < 300 else "inf"
        share = 0.0 if one.norm is None or not math.isfinite(one.norm) else (one.norm - low) / (high - low)
        rows.append(
            (visible_line(one.name), f"{values}{more}" if values else one.shape, norm, bar(share, 12, ascii=ascii))
        )
    return table(columns, rows, width)
