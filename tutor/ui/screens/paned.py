"""A screen of panes over one session: side by side or one at a time, with tabs, marks and the keyboard."""

from __future__ import annotations

from textual import events, on
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widget import Widget

from tutor.settings import Settings
from tutor.ui.frame.header import LessonHeader
from tutor.ui.frame.tabs import TabBar, tab_line
from tutor.ui.frame.trouble import TroubleLine
from tutor.ui.panes import OF_LESSON, WIDE, Panes
from tutor.ui.screens.base import TutorScreen
from tutor.ui.session import SessionReader
from tutor.ui.widgets.output import InputGiven, OutputPane
from tutor.ui.widgets.plot import PlotPane
from tutor.ui.widgets.xray import XRayPane


class PanedScreen(TutorScreen):
    """Output, curves and X-ray of a session, and what else a subclass puts beside them.

    A subclass says which panes it has by another default of `panes`, makes the box of those that share a place, lays
    all of them out in `content`, and calls `look` when it is mounted. What the panes show is its matter.
    """

    panes: reactive[Panes] = reactive(OF_LESSON, init=False)
    marked: reactive[frozenset[str]] = reactive(frozenset(), init=False)
    results_box: Vertical

    def __init__(self, reader: SessionReader, settings: Settings, *, unseen: str = "") -> None:
        super().__init__()
        self.update_classes(self.panes.classes, update=False)
        self._reader = reader
        self.header = LessonHeader(id="header")
        self.tabs = TabBar(self.panes.names, id="tabs")
        self.trouble = TroubleLine(id="trouble")
        self.output = OutputPane(ascii=settings.ascii_plots, id="output")
        self.plot = PlotPane(ascii=settings.ascii_plots, rate=settings.fps, id="plot")
        self.xray = XRayPane(ascii=settings.ascii_plots, unseen=unseen, id="xray")

    def look(self) -> None:
        """Show the panes, and look at the clock once a second from now on."""
        self.set_interval(1.0, self._tick)
        self.watch_panes(self.panes)
        self.xray.show(self._reader.sight)

    def show_state(self) -> None:
        """Say in the header how the session is."""

    def _tick(self) -> None:
        if self.header.kernel.ticking:
            self.show_state()

    # What is to be seen

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or one at a time."""
        self.panes = self.panes.resized(narrow=event.size.width < WIDE)

    def watch_panes(self, panes: Panes) -> None:
        """Let the style sheet show what is to be seen."""
        self.update_classes(panes.classes)
        self.plot.looked_at(panes.visible("plot"))
        self.xray.looked_at(panes.visible("xray"))
        self.marked = frozenset(name for name in self.marked if not panes.visible(name))
        self._show_tabs()

    def watch_marked(self) -> None:
        """Say in the tabs where something is new."""
        self._show_tabs()

    def _show_tabs(self) -> None:
        self.tabs.active, self.tabs.marked = self.panes.shown, self.marked
        self.results_box.border_title = tab_line(self.panes.results, self.panes.result, self.marked)

    def mark(self, pane: str) -> None:
        """Note that there is something new in a pane that is not seen."""
        if not self.panes.visible(pane):
            self.marked = self.marked | {pane}

    # Where the keyboard is

    @property
    def keyed(self) -> dict[str, str]:
        """Panes with keys of their own, and what they are called where these are named."""
        return {"plot": "Plot", "xray": "X-ray"}

    def keyboard_of(self, pane: str) -> Widget:
        """What takes the keys in a pane."""
        return {"output": self.output.keyboard, "plot": self.plot}.get(pane, self.xray.keyboard)

    def focus_pane(self, pane: str) -> None:
        """Give the keyboard to a pane."""
        self.keyboard_of(pane).focus()

    def go_to(self, pane: str) -> None:
        """Show a pane, with the keyboard in it."""
        self.panes = self.panes.show(pane)
        self.focus_pane(pane)

    def focused_pane(self) -> str:
        """The pane that has the keyboard, "" when none has."""
        nodes = self.focused.ancestors_with_self if self.focused is not None else ()
        return next((node.id for node in nodes if node.id in self.panes.names), "")

    def _reset_focus(self, widget: Widget, avoiding: list[Widget] | None = None) -> None:
        """As Textual has it, but for one case: a pane that is shown again keeps the keyboard.

        It hears only after a while that it was hidden, and would pass the keyboard on to the editor, where the next
        keys of panes are letters of the code.
        """
        if avoiding is not None or not widget.is_attached or widget not in self.focus_chain:
            super()._reset_focus(widget, avoiding)

    @on(events.DescendantFocus)
    def _follow_keyboard(self) -> None:
        """The pane that has the keyboard is the one that one is in, also after a click."""
        here = self.focused_pane()
        if here not in ("", self.panes.shown) and self.panes.visible(here):
            self.panes = self.panes.show(here)

    # What was pressed

    def action_show_output(self) -> None:
        """Go to the output."""
        self.go_to("output")

    def action_show_plot(self) -> None:
        """Go to the plot."""
        self.go_to("plot")

    def action_show_xray(self) -> None:
        """Go to the X-ray."""
        self.go_to("xray")

    def action_enlarge(self) -> None:
        """Enlarge the focused pane, and back."""
        if self.panes.narrow:
            self.say("Each pane has the whole screen already: f9 goes on to the next one.")
        else:
            self.panes = self.panes.enlarge(self.focused_pane() or self.panes.names[0])

    # What was answered

    @on(InputGiven)
    def _input_given(self, message: InputGiven) -> None:
        self._reader.answer(message.text, message.eof)

    @on(XRayPane.Looking)
    def _looking(self, message: XRayPane.Looking) -> None:
        self._reader.watch(message.views, message.subject)
