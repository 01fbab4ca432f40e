"""Which panes the lesson screen shows: side by side when there is room, else one at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

PANES = ("page", "code", "output", "plot", "xray", "runs", "checks")
RESULTS = PANES[2:]
TITLES = {
    "page": "Page",
    "code": "Code",
    "output": "Output",
    "plot": "Plot",
    "xray": "X-ray",
    "runs": "Runs",
    "checks": "Checks",
}
KEYS = {pane: str(number) for number, pane in enumerate(PANES, 1)}
"""The key of each pane: its number, counted in the order of the tabs."""

WIDE = 100
"""Columns from which panes stand side by side."""
SMALLEST = (60, 16)
"""Columns and rows below which only a message is shown."""


@dataclass(frozen=True)
class Panes:
    """`shown` is the pane that one is in, `result` the tab that is open on the right.

    `single` means one pane at a time: on a narrow screen always, on a wide one while a pane is enlarged.
    """

    shown: str = "page"
    result: str = "output"
    narrow: bool = False
    enlarged: bool = False

    @property
    def single(self) -> bool:
        """Whether only one pane is on the screen."""
        return self.narrow or self.enlarged

    def visible(self, pane: str) -> bool:
        """Whether a pane can be seen."""
        if self.single:
            return pane == self.shown
        return pane in ("page", "code", self.result)

    def show(self, pane: str) -> Panes:
        """Go to a pane."""
        return replace(self, shown=pane, result=pane if pane in RESULTS else self.result)

    def offer(self, pane: str, *, typing: bool) -> Panes:
        """Bring a result pane forward because something happens there; somebody who types is not disturbed.

        On a wide screen the tab changes beside the editor. Where only one pane is seen, it changes unless that is the
        editor with somebody typing in it.
        """
        if self.single and not typing:
            return self.show(pane)
        return replace(self, result=pane)

    def next_tab(self) -> Panes:
        """The next tab on the right; where only one pane is seen, the next pane."""
        if self.single:
            return self.show(PANES[(PANES.index(self.shown) + 1) % len(PANES)])
        return replace(self, result=RESULTS[(RESULTS.index(self.result) + 1) % len(RESULTS)])

    def resized(self, *, narrow: bool) -> Panes:
        """The terminal has become narrow or wide."""
        return self if narrow == self.narrow else replace(self, narrow=narrow, enlarged=False)

    def enlarge(self, pane: str) -> Panes:
        """Give a pane the whole screen, or take it back."""
        return replace(self if self.enlarged else self.show(pane), enlarged=not self.enlarged)
