"""The runs as lines of a table: the values that differ, how far, how good, how long, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from textual.content import Content

from tutor.metrics.words import count, number
from tutor.ui.gallery import Entry, differing
from tutor.ui.visible import visible_line
from tutor.ui.widgets.chart import COLORS
from tutor.ui.widgets.columns import Column, table
from tutor.ui.widgets.endings import seconds
from tutor.ui.widgets.layout import EMPTY, styled

MOST_COLUMNS = 3
"""Knobs that get a column each; more of them share one."""

ENDINGS = {
    "": "runs",
    "ok": "done",
    "error": "error",
    "interrupted": "stopped",
    "stopped": "stopped",
    "exit": "ended itself",
    "died": "died",
    "timeout": "out of time",
    "memory": "out of memory",
}


def run_lines(entries: Sequence[Entry], cursor: int, width: int, *, ascii: bool = False) -> list[Content]:
    """A heading and a line for each run; the line of the cursor (from 0) is marked."""
    names = differing(list(entries))
    columns = [Column("", right=True), Column("run", right=True), Column("name", ".flow--name", flexible=True, least=6)]
    if len(names) > MOST_COLUMNS:
        columns.append(
            Column("what differs" if len(entries) > 1 else "values", ".flow--number", flexible=True, least=10)
        )
    else:
        columns += [Column(visible_line(name)[:12], ".flow--number", True, True, 5) for name in names]
    told = {one.told for one in entries}
    last = next(iter(told)) if len(told) == 1 else "last"
    columns += [Column(title, right=True) for title in ("steps", visible_line(last)[:12], "best", "time")]
    columns.append(Column("", ".flow--muted", flexible=True, least=6))
    rows = [_cells(one, names) for one in entries]
    lines = table(columns, rows, max(10, width - 5))
    head, body = lines[0], lines[1:]
    marked = [Content(" " * 5) + head]
    for at, (one, line) in enumerate(zip(entries, body, strict=True)):
        mark = styled("▸ " if at == cursor else "  ", ".flow--marker")
        bar = Content.styled("== " if ascii else "━━ ", COLORS[one.ink]) if one.ink >= 0 else Content("   ")
        whole = mark + bar + line
        marked.append(
            whole.pad_right(max(0, width - whole.cell_length)).stylize(".flow--cursor") if at == cursor else whole
        )
    return marked


def value_words(value: float) -> str:
    """A value, or a word for none."""
    return "NaN" if isnan(value) else number(value)


def _cells(one: Entry, names: Sequence[str]) -> list[str]:
    knobs = dict(one.knobs)
    if len(names) > MOST_COLUMNS:
        values = [" ".join(f"{visible_line(name)}={visible_line(knobs.get(name, '-'))}" for name in names)]
    else:
        values = [visible_line(knobs.get(name, "")) for name in names]
    ending = ENDINGS.get(one.outcome, one.outcome)
    return [
        "",
        one.label,
        visible_line(one.name),
        *values,
        count(one.steps),
        value_words(one.final),
        value_words(one.best) if not isnan(one.best) else "",
        seconds(one.seconds) if one.outcome else "",
        f"{ending}, pinned" if one.pinned else ending,
    ]


def no_runs() -> list[Content]:
    """What stands where no run is kept."""
    return [Content("No runs yet: each run of code that trains is kept here, to be compared."), EMPTY]
