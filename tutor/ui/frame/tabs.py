"""Tabs as one line of text, for the border of the right-hand pane and for the top of a narrow screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tutor.ui.panes import KEYS, TITLES

MARKED = "•"
"""Stands behind the title of a pane in which something new happened."""


ROOM = ((" ", " "), (" ", ""), ("", " "))
"""What stands around a title and between two tabs, from generous to tight."""


def tab_line(names: Sequence[str], active: str, marked: frozenset[str], *, numbered: bool = False) -> Content:
    """The tabs of these panes; a click on one shows it. With `numbered`, each says its key."""
    return _tabs(names, active, marked, numbered, *ROOM[0])


def _tabs(names: Sequence[str], active: str, marked: frozenset[str], numbered: bool, pad: str, gap: str) -> Content:
    parts = []
    for name in names:
        number = f"{KEYS[name]} " if numbered else ""
        mark = MARKED if name in marked and name != active else ""
        text = f"{pad}{number}{TITLES[name]}{mark}{pad}"
        tab = Content.styled(text, "bold reverse" if name == active else "$foreground 75%")
        parts.append(tab.stylize(Style.from_meta({"@click": f"screen.show_{name}"})))
    return Content(gap).join(parts)


class TabBar(Widget):
    """The tabs of a narrow screen."""

    active: reactive[str] = reactive("page")
    marked: reactive[frozenset[str]] = reactive(frozenset())

    def __init__(self, names: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = names

    def render(self) -> Content:
        """All panes, each with the number that is its key, closer together where the screen is small."""
        lines = [_tabs(self._names, self.active, self.marked, True, pad, gap) for pad, gap in ROOM]
        return next((line for line in lines if line.cell_length <= self.size.width), lines[-1])
