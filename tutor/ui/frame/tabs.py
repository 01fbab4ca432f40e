"""Tabs as one line of text, for the border of the right-hand pane and for the top of a narrow screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tutor.ui.panes import KEYS, PANES, TITLES

MARKED = "•"
"""Stands behind the title of a pane in which something new happened."""


def tab_line(names: Sequence[str], active: str, marked: frozenset[str], *, numbered: bool = False) -> Content:
    """The tabs of these panes; a click on one shows it. With `numbered`, each says its key."""
    parts = []
    for name in names:
        number = f"{KEYS[name]} " if numbered else ""
        mark = MARKED if name in marked and name != active else ""
        text = f" {number}{TITLES[name]}{mark} "
        tab = Content.styled(text, "bold reverse" if name == active else "$foreground 75%")
        parts.append(tab.stylize(Style.from_meta({"@click": f"screen.show_{name}"})))
    return Content(" ").join(parts)


class TabBar(Widget):
    """The tabs of a narrow screen."""

    active: reactive[str] = reactive("page")
    marked: reactive[frozenset[str]] = reactive(frozenset())

    def __init__(self, names: Sequence[str] = PANES, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = names

    def render(self) -> Content:
        """All panes, each with the number that is its key."""
        return tab_line(self._names, self.active, self.marked, numbered=True)
