"""The panes of the lesson screen: which are seen, which has the keyboard, and what the tabs say."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widget import Widget

from tutor.course.model import Item, Predict
from tutor.settings import Settings
from tutor.ui.frame.editor import Editor
from tutor.ui.frame.header import LessonHeader
from tutor.ui.frame.key_bar import KeyBar
from tutor.ui.frame.tabs import TabBar, tab_line
from tutor.ui.frame.trouble import TroubleLine
from tutor.ui.panes import PANES, RESULTS, WIDE, Panes
from tutor.ui.screens.base import TutorScreen
from tutor.ui.widgets.checks import ChecksPane
from tutor.ui.widgets.knob_bar import KnobBar
from tutor.ui.widgets.output import OutputPane
from tutor.ui.widgets.page import PageView
from tutor.ui.widgets.plot import PlotPane
from tutor.ui.widgets.runs import RunsPane
from tutor.ui.widgets.xray import XRayPane


class PanedScreen(TutorScreen):
    """Page, editor and results, side by side or one at a time. What they show is a subclass's matter.

    `typed` tells whether the learner has typed since something was asked to run: then no pane comes over the editor.
    """

    panes: reactive[Panes] = reactive(Panes(), init=False)
    marked: reactive[frozenset[str]] = reactive(frozenset(), init=False)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.header = LessonHeader(id="header")
        self.tabs = TabBar(id="tabs")
        self.page = PageView(id="page")
        self.knobs = KnobBar(id="knobs")
        self.editor = Editor(id="code")
        self.flaw = TroubleLine(id="flaw")
        self.trouble = TroubleLine(id="trouble")
        self.output = OutputPane(ascii=settings.ascii_plots, id="output")
        self.plot = PlotPane(ascii=settings.ascii_plots, rate=settings.fps, id="plot")
        self.xray = XRayPane(ascii=settings.ascii_plots, id="xray")
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

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or one at a time."""
        super().on_resize(event)
        self.panes = self.panes.resized(narrow=event.size.width < WIDE)

    def watch_panes(self, panes: Panes) -> None:
        """Let the style sheet show what is to be seen."""
        self.set_class(panes.single, "-single")
        for name in PANES:
            self.set_class(panes.shown == name, f"-shown-{name}")
        for name in RESULTS:
            self.set_class(panes.result == name, f"-result-{name}")
        self.xray.looked_at(panes.result == "xray")
        self.runs.looked_at(panes.visible("runs"))
        self.marked = self.marked - {name for name in PANES if panes.visible(name)}
        self._show_tabs()

    def watch_marked(self) -> None:
        """Say in the tabs where something is new."""
        self._show_tabs()

    def _show_tabs(self) -> None:
        self.tabs.active, self.tabs.marked = self.panes.shown, self.marked
        self.results_box.border_title = tab_line(RESULTS, self.panes.result, self.marked)

    def offer(self, pane: str) -> None:
        """Bring a pane forward because something begins there."""
        typing = self.editor.has_focus and self.typed
        self.panes = self.panes.offer(pane, typing=typing)
        if self.panes.single and not typing and not self.knobs.has_focus_within:
            self.focus_pane(pane)

    def mark(self, pane: str) -> None:
        """Note that there is something new in a pane that is not seen."""
        if not self.panes.visible(pane):
            self.marked = self.marked | {pane}

    def _show(self, pane: str) -> None:
        self.panes = self.panes.show(pane)
        self.focus_pane(pane)

    def focus_pane(self, pane: str) -> None:
        """Give the keyboard to a pane."""
        if pane == "page":
            selected = self.selected
            # The card of a prediction takes typing: nobody should find themselves in it by turning a page.
            typing = isinstance(selected, Predict)
            if selected is None or typing:
                self.page.focus()
            if selected is not None:
                self.page.select(selected.key, focus=not typing)
            return
        targets = {"code": self.editor, "output": self.output.keyboard, "plot": self.plot, "checks": self.checks}
        targets["runs"] = self.runs.keyboard
        targets.get(pane, self.xray.keyboard).focus()

    def action_show_page(self) -> None:
        """Go to the page."""
        self._show("page")

    def action_show_code(self) -> None:
        """Go to the editor."""
        self._show("code")

    def action_show_output(self) -> None:
        """Go to the output."""
        self._show("output")

    def action_show_plot(self) -> None:
        """Go to the plot."""
        self._show("plot")

    def action_show_xray(self) -> None:
        """Go to the X-ray."""
        self._show("xray")

    def action_show_runs(self) -> None:
        """Go to the runs."""
        self._show("runs")

    def action_show_checks(self) -> None:
        """Go to the checks."""
        self._show("checks")

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

    def action_enlarge(self) -> None:
        """Enlarge the focused pane, and back."""
        if self.panes.narrow:
            self.say("Each pane has the whole screen already: f9 goes on to the next one.")
            return
        self.panes = self.panes.enlarge(self._focused_pane())

    def _focused_pane(self) -> str:
        nodes = self.focused.ancestors_with_self if self.focused is not None else ()
        return next((node.id for node in nodes if node.id in PANES), "page")

    def bring_page(self) -> None:
        """Go to the page where only one pane is seen; beside the others it is seen anyway."""
        if self.panes.single:
            self.panes = self.panes.show("page")
            self.focus_pane("page")

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        at_knob = "← → turn  esc leaves the knobs" if self.knobs.has_focus_within else ""
        self.query_one(KeyBar).note = "esc leaves the editor" if self.editor.has_focus else at_knob
        if not self.panes.narrow or self.knobs.has_focus_within:
            return
        self.panes = self.panes.show(self._focused_pane())
