"""Pipe tables that always fit: columns share the width, cells wrap, and a hopeless table becomes a list."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tutor.ui.widgets.layout import hang, styled

GAP = 3
"""Cells between two columns: blank, rule, blank."""

NARROWEST = 5
"""A column is never narrower than this, unless its widest cell is."""


def column_widths(natural: Sequence[int], room: int) -> list[int] | None:
    """Share `room` cells among columns that would like `natural` ones; None where not even `NARROWEST` fits.

    Columns that want less than an equal share get what they want; the others share what is left in proportion.
    """
    room -= GAP * (len(natural) - 1)
    if sum(natural) <= room:
        return list(natural)
    if sum(min(NARROWEST, want) for want in natural) > room:
        return None
    widths = [0] * len(natural)
    open_columns = set(range(len(natural)))
    while open_columns:
        share = room / len(open_columns)
        small = {one for one in open_columns if natural[one] <= share}
        if not small:
            break
        for one in small:
            widths[one] = natural[one]
            room -= natural[one]
        open_columns -= small
    for left, one in zip(range(len(open_columns), 0, -1), sorted(open_columns), strict=True):
        widths[one] = room // left
        room -= widths[one]
    return widths


def _aligned(line: Content, width: int, align: str) -> Content:
    space = max(0, width - line.cell_length)
    left = space if align == "right" else space // 2 if align == "center" else 0
    return line.pad(left, space - left)


def table_lines(
    header: Sequence[Content], rows: Sequence[Sequence[Content]], align: Sequence[str], width: int
) -> list[Content]:
    """The lines of a table, at most `width` cells wide."""
    if not header:
        return []
    natural = [max(1, *(one.cell_length for one in column)) for column in zip(header, *rows, strict=True)]
    widths = column_widths(natural, width)
    if widths is None:
        return _as_list(header, rows, width)
    between = styled(" │ ", ".flow--rule")
    wraps = any(want > got for want, got in zip(natural, widths, strict=True))

    def row_lines(cells: Sequence[Content]) -> list[Content]:
        wrapped = [cell.wrap(size) or [Content("")] for cell, size in zip(cells, widths, strict=True)]
        height = max(len(one) for one in wrapped)
        return [
            between.join(
                _aligned(cell[number] if number < len(cell) else Content(""), size, side)
                for cell, size, side in zip(wrapped, widths, align, strict=True)
            ).rstrip()
            for number in range(height)
        ]

    line = styled("─┼─".join("─" * size for size in widths), ".flow--rule")
    thin = styled("─┼─".join("╌" * size for size in widths), ".flow--rule")
    lines = [*row_lines([cell.stylize("bold") for cell in header]), line]
    for number, row in enumerate(rows):
        if wraps and number:
            lines.append(thin)
        lines += row_lines(row)
    return lines


def _as_list(header: Sequence[Content], rows: Sequence[Sequence[Content]], width: int) -> list[Content]:
    lines: list[Content] = []
    for number, row in enumerate(rows):
        if number:
            lines.append(Content(""))
        for name, cell in zip(header, row, strict=True):
            lines += hang(name.stylize("bold") + Content(": ") + cell, width, rest=Content("  "))
    return lines
