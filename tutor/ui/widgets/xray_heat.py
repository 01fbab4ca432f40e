"""A matrix of the X-ray as a picture in half blocks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache

from textual.color import Color
from textual.content import Content, Span
from textual.style import Style

from tutor.plot import heat
from tutor.plot.figures import short
from tutor.ui.visible import visible_line
from tutor.ui.widgets.layout import EMPTY, hang, styled
from tutor.xray.fields import Fields
from tutor.xray.picture import picture

_ROWS = 26
"""Numbers from top to bottom up to which a small matrix is enlarged: 13 lines, which a small screen has."""


def weight_lines(report: Fields, width: int, ascii: bool) -> list[Content]:
    """The subject, its picture, and its scale."""
    found = picture(report)
    if found is None:
        return []
    plain = ascii or bool(os.environ.get("NO_COLOR"))
    place = found.subjects.index(found.subject) + 1 if found.subject in found.subjects else 1
    title = styled(visible_line(found.subject), ".flow--name") + Content(f" {found.shape}")
    others = styled(f"  {place} of {len(found.subjects)}: ← and → choose another", ".flow--muted")
    levels = heat.enlarged(found.levels, width, _ROWS)
    drawn = heat.glyphs(levels) if plain else heat.half_blocks(levels, signed=found.signed)
    least, most, end = (
        short(float(f"{one:.3g}"), ascii) for one in (found.least, found.most, max(abs(found.least), abs(found.most)))
    )
    legend = painted(heat.legend(found.signed, ascii=plain))
    scale = Content(f"-{end} " if found.signed else "0 ") + legend + Content(f" {end}")
    lying = ", lying on its side" if found.lying else ""
    said = styled(f"  least {least}, greatest {most}{lying}", ".flow--muted")
    return [*hang(title + others, width), *hang(scale + said, width), EMPTY, *(painted(line) for line in drawn)]


def painted(runs: Sequence[heat.Run]) -> Content:
    """Runs of text in colours as one line."""
    spans, at = [], 0
    for text, ink, ground in runs:
        if ink or ground:
            spans.append(Span(at, at + len(text), _style(ink, ground)))
        at += len(text)
    return Content("".join(text for text, _, _ in runs), spans)


@cache
def _style(ink: str, ground: str) -> Style:
    return Style(
        foreground=Color.parse(ink) if ink else None,
        background=Color.parse(ground) if ground else None,
    )
