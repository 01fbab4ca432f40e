"""Bars and histories of a few cells: for tables of numbers that are to be seen at a glance."""

from __future__ import annotations

from collections.abc import Sequence

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LEVELS = "▁▂▃▄▅▆▇█"
_ASCII_LEVELS = "_.-~=+*#"


def bar(share: float, width: int, *, ascii: bool = False) -> str:
    """A bar of `width` cells that is full at 1; anything above 0 is seen."""
    share = min(1.0, max(0.0, share))
    if ascii:
        full = max(round(share * width), 1 if share else 0)
        return "#" * full + " " * (width - full)
    eighths = max(round(share * width * 8), 1 if share else 0)
    whole, part = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[part] if part else "")).ljust(width)[:width]


def history(shares: Sequence[float | None], width: int, *, ascii: bool = False) -> str:
    """Shares of a scale over time in at most `width` cells; where there is None, a blank, and where above 1, "!".

    The latest values are kept: of several that fall into one cell the greatest is seen.
    """
    if not shares or width <= 0:
        return ""
    levels = _ASCII_LEVELS if ascii else _LEVELS
    columns = min(width, len(shares))
    cells = []
    for column in range(columns):
        part = shares[column * len(shares) // columns : (column + 1) * len(shares) // columns]
        known = [one for one in part if one is not None]
        cells.append(_cell(max(known), levels) if known else " ")
    return "".join(cells)


def _cell(share: float, levels: str) -> str:
    if share > 1:
        return "!"
    return levels[min(len(levels) - 1, max(0, int(share * len(levels))))]
