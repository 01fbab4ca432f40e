"""A plot as lines of text, for `--plain`, pipes and screen readers' terminals."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.plot.chart import LiveChart
from tutor.plot.drawable import SeriesLike
from tutor.plot.view import View


def plain_chart(
    series: Sequence[SeriesLike], width: int, height: int, ascii: bool = False, *, log: bool = False
) -> list[str]:
    """`height` lines of at most `width` characters, without colours, then a line for each note."""
    frame = LiveChart().frame(series, width, height, View(log=log), ascii=ascii)
    return [row.rstrip() for row in frame.rows] + list(frame.notes)
