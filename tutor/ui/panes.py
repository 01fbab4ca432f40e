"""Which panes a screen shows: side by side when there is room, else one at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

PANES = ("page", "code", "output", "plot", "xray", "runs", "checks")
"""The panes of a lesson."""
RESULTS = PANES[2:]
"""Those of them that share a place on the right, one in front of the others."""
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

    `names` are all panes in the order of their tabs, `results` those that share the place on the right; the others
    stand beside it. `single` means one pane at a time: on a narrow screen always, on a wide one while a pane is
    enlarged.
    """

    shown: str = "page"
    result: str = "output"
    narrow: bool = False
    enlarged: bool = False
    names: tuple[str, ...] = PANES
    results: tuple[str, ...] = RESULTS

    @property
    def single(self) -> bool:
        """Whether only one pane is on the screen."""
        return self.narrow or self.enlarged

    def visible(self, pane: str) -> bool:
        """Whether a pane can be seen."""
        if self.single:
            return pane == self.shown
        return pane == self.result or pane not in self.results

    @property
    def classes(self) -> dict[str, bool]:
        """The classes of the screen by which its style sheet shows and hides panes, those that it has and has not."""
        return {
            "-single": self.single,
            **{f"-shown-{name}": self.single and self.shown == name for name in self.names},
            **{f"-result-{name}": self.result == name for name in self.results},
        }

    def show(self, pane: str) -> Panes:
        """Go to a pane."""
        return replace(self, shown=pane, result=pane if pane in self.results else self.result)

    def offer(self, pane: str, *, typing: bool) -> Panes:
        """Bring a pane forward because something happens there; somebody who types is not disturbed.

        On a wide screen the tab changes beside the editor. Where only one pane is seen, it changes unless that is the
        editor with somebody typing in it.
        """
        if self.single and not typing:
            return self.show(pane)
        return replace(self, result=pane) if pane in self.results else self

    def next_pane(self) -> Panes:
        """Go to the next of all panes."""
        return self.show(_after(self.names, self.shown))

    def next_tab(self) -> Panes:
        """The next tab on the right; where only one pane is seen, the next pane."""
        return self.next_pane() if self.single else replace(self, result=_after(self.results, self.result))

    def resized(self, *, narrow: bool) -> Panes:
        """The terminal has become narrow or wide."""
        return self if narrow == self.narrow else replace(self, narrow=narrow, enlarged=False)

    def enlarge(self, pane: str) -> Panes:
        """Give a pane the whole screen, or take it back."""
        return replace(self if self.enlarged else self.show(pane), enlarged=not self.enlarged)


def _after(names: tuple[str, ...], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)]


OF_LESSON = Panes()
"""Page and editor, and the results beside them."""
OF_SCRIPT = Panes("output", "plot", names=("output", "plot", "xray"), results=("plot", "xray"))
"""The output, and beside it the curves or a look into the script."""
