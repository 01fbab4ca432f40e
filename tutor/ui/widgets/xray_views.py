"""How each view of the X-ray looks: its words and its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content

from tutor.ui.visible import visible_line
from tutor.ui.widgets.columns import Column, table
from tutor.ui.widgets.layout import EMPTY, hang, styled
from tutor.xray import variables
from tutor.xray.fields import Fields, text, whole


@dataclass(frozen=True)
class Room:
    """What a view may use: cells across and down, and whether only ASCII may be drawn."""

    width: int
    height: int
    ascii: bool = False


@dataclass(frozen=True)
class View:
    """A view: its names, long and short, what to look for, what to do where there is nothing, and how it is drawn."""

    id: str
    title: str
    short: str
    look_for: str
    empty: str
    draw: Callable[[Fields, Room], list[Content]]


def view_lines(view: View, report: Fields | None, room: Room) -> list[Content]:
    """All lines of a view: what to look for, then what is to be seen."""
    lines = hang(styled(view.look_for, ".flow--note"), room.width)
    if report is None:
        return [*lines, EMPTY, *hang(styled(view.empty, ".flow--muted"), room.width)]
    if text(report, "problem"):
        said = f"This could not be looked at: {visible_line(text(report, 'problem'))}"
        return [*lines, EMPTY, *hang(styled(said, ".flow--warning"), room.width)]
    drawn = view.draw(report, room) or hang(styled(view.empty, ".flow--muted"), room.width)
    left = whole(report, "left")
    more = [styled(f"… and {left:,} more", ".flow--muted")] if left else []
    return [*lines, EMPTY, *drawn, *more]


_MARKS = {"new": "+", "changed": "~"}


def _variables(report: Fields, room: Room) -> list[Content]:
    found = variables.variables(report)
    if not found:
        return []
    device = any(one.device not in ("", "cpu") for one in found)
    columns = (
        Column("", ".flow--marker"),
        Column("name", ".flow--name", flexible=True, least=12),
        Column("what it is", flexible=True, least=16),
        Column("dtype", ".flow--muted"),
        Column("device", ".flow--muted"),
        Column("grad", ".flow--marker"),
    )
    rows = [
        (
            _MARKS.get(one.mark, ""),
            visible_line(one.name),
            visible_line(one.what),
            visible_line(one.dtype),
            visible_line(one.device) if device else "",
            one.grad,
        )
        for one in found
    ]
    lines = table(columns, rows, room.width)
    marks = {one.mark for one in found}
    said = [words for mark, words in (("new", "+ new"), ("changed", "~ changed by the last run")) if mark in marks]
    return [*lines, EMPTY, styled("   ".join(said), ".flow--muted")] if said else lines


VIEWS: tuple[View, ...] = (
    View(
        "variables",
        "variables",
        "vars",
        variables.LOOK_FOR,
        "No variables yet: run some code with ctrl+r.",
        _variables,
    ),
)
