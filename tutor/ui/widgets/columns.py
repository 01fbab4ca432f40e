"""Rows of short texts in columns, for panes that are narrow and for panes that are wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from tutor.ui.widgets.layout import EMPTY, styled

GAP = 2
"""Blank cells between two columns."""


@dataclass(frozen=True)
class Column:
    """A column. What does not fit is taken from the `flexible` ones, from the left, each down to `least` cells."""

    title: str
    style: str = ""
    flexible: bool = False
    right: bool = False
    least: int = 8


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[Content]:
    """A line of titles and a line for each row, each at most `width` cells; columns without any text are left out."""
    used = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    sizes = {at: max(cell_len(columns[at].title), *(cell_len(row[at]) for row in rows)) for at in used}
    for at in used:
        over = sum(sizes.values()) + GAP * (len(used) - 1) - width
        if over > 0 and columns[at].flexible:
            sizes[at] = max(columns[at].least, sizes[at] - over)
    titles = [_cell(columns[at].title, sizes[at], columns[at].right) for at in used]
    lines = [styled((" " * GAP).join(titles).rstrip(), ".flow--muted")] if any(columns[at].title for at in used) else []
    for row in rows:
        line = EMPTY
        for number, at in enumerate(used):
            blank = " " * GAP if number else ""
            line += Content(blank) + styled(_cell(row[at], sizes[at], columns[at].right), columns[at].style)
        lines.append(_cut(line.rstrip(), width))
    return lines


def _cell(text: str, size: int, right: bool) -> str:
    if cell_len(text) > size:
        text = set_cell_size(text, max(0, size - 1)).rstrip() + "…"
    blank = " " * (size - cell_len(text))
    return blank + text if right else text + blank


def _cut(line: Content, width: int) -> Content:
    return line if line.cell_length <= width else line.truncate(width)
