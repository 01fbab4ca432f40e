"""The panes of the lesson screen: the page and the editor, and what came of running it beside them."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tutor.course.items import Item, Predict
from tutor.settings import Settings
from tutor.ui.frame.editor import Editor
from tutor.ui.frame.key_bar import KeyBar
from tutor.ui.frame.trouble import TroubleLine
from tutor.ui.panes import Panes
from tutor.ui.screens.paned import PanedScreen
from tutor.ui.session import SessionReader
from tutor.ui.widgets.checks import ChecksPane
from tutor.ui.widgets.knob_bar import KnobBar
from tutor.ui.widgets.knob_field import KnobTyping
from tutor.ui.widgets.page import PageView
from tutor.ui.widgets.runs import RunsPane


class LessonPanes(PanedScreen):
    """Page, editor with knobs, and results. What they show is a subclass's matter.

    `typed` tells whether the learner has typed since something was asked to run: then no pane comes over the editor.
    """

    def __init__(self, reader: SessionReader, settings: Settings) -> None:
        super().__init__(reader, settings)
        self.page = PageView(id="page")
        self.knobs = KnobBar(id="knobs")
        self.editor = Editor(id="code")
        self.flaw = TroubleLine(id="flaw")
        self.runs = RunsPane(ascii=settings.ascii_plots, id="runs")
        self.checks = ChecksPane(id="checks")
        self.results_box = Vertical(
            self.trouble, self.output, self.plot, self.xray, self.runs, self.checks, id="results"
        )
        self.typed = False

    def content(self) -> Iterable[Widget]:
        """Header, tabs for narrow screens, and the panes."""
        yield self.header
        yield self.tabs
        yield self.flaw
        yield Horizontal(self.page, Vertical(self.knobs, self.editor, self.results_box, id="right"), id="workbench")

    @property
    def selected(self) -> Item | None:
        """The item that is selected on the page."""
        return None

    def watch_panes(self, panes: Panes) -> None:
        """Let the style sheet show what is to be seen."""
        super().watch_panes(panes)
        self.runs.looked_at(panes.visible("runs"))

    def offer(self, pane: str) -> None:
        """Bring a pane forward because something begins there."""
        typing = self.editor.has_focus and self.typed
        self.panes = self.panes.offer(pane, typing=typing)
        if self.panes.single and not typing and not self.knobs.has_focus_within:
            self.focus_pane(pane)

    @property
    def keyed(self) -> dict[str, str]:
        """Panes with keys of their own."""
        return {**super().keyed, "runs": "Runs"}

    def keyboard_of(self, pane: str) -> Widget:
        """What takes the keys in a pane."""
        own = {"page": self.page, "code": self.editor, "runs": self.runs.keyboard, "checks": self.checks}
        return own[pane] if pane in own else super().keyboard_of(pane)

    def focus_pane(self, pane: str) -> None:
        """Give the keyboard to a pane; on the page, to the selected item."""
        selected = self.selected if pane == "page" else None
        if selected is None:
            super().focus_pane(pane)
            return
        # The card of a prediction takes typing: nobody should find themselves in it by turning a page.
        typing = isinstance(selected, Predict)
        if typing:
            self.page.focus()
        self.page.select(selected.key, focus=not typing)

    def bring_page(self) -> None:
        """Go to the page where only one pane is seen; beside the others it is seen anyway."""
        if self.panes.single:
            self.go_to("page")

    def action_show_page(self) -> None:
        """Go to the page."""
        self.go_to("page")

    def action_show_code(self) -> None:
        """Go to the editor."""
        self.go_to("code")

    def action_show_runs(self) -> None:
        """Go to the runs."""
        self.go_to("runs")

    def action_show_checks(self) -> None:
        """Go to the checks."""
        self.go_to("checks")

    def action_show_knobs(self) -> None:
        """Go to the knobs; where only one pane is seen, they stand above the curves, or above the code."""
        if not self.knobs.fields:
            self.say("No knob can be turned here." if self.knobs.display else "This code has no knobs.")
            return
        if self.panes.single and self.panes.shown == "page":
            self.panes = self.panes.show("plot" if self.plot.board is not None else "code")
        self.knobs.take_focus()

    def action_next_tab(self) -> None:
        """The next tab."""
        self.panes = self.panes.next_tab()
        if self.panes.single:
            self.focus_pane(self.panes.shown)

    @on(events.DescendantFocus)
    @on(KnobTyping)
    def _say_way_out(self) -> None:
        at_knob = next((field.hint for field in self.knobs.fields if field.has_focus), "")
        self.query_one(KeyBar).note = "esc leaves the editor" if self.editor.has_focus else at_knob
