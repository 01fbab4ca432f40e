"""The screen of a script: its output beside its curves or a look into it, and how it is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widget import Widget

from tutor.runner.protocol.requests import Answer
from tutor.runner.protocol.run_events import InputRequested
from tutor.runner.transcript import RunRecord
from tutor.settings import Settings
from tutor.ui.commands import bindings
from tutor.ui.frame.header import LessonHeader
from tutor.ui.frame.tabs import TabBar, tab_line
from tutor.ui.frame.trouble import TroubleLine, trouble_of
from tutor.ui.kernel_state import place_words
from tutor.ui.panes import WIDE, Panes
from tutor.ui.printed_curves import PrintedCurves
from tutor.ui.screens.base import TutorScreen
from tutor.ui.script_state import script_state
from tutor.ui.session import Changes, SessionReader
from tutor.ui.widgets.output import InputGiven, OutputPane
from tutor.ui.widgets.plot import PlotPane
from tutor.ui.widgets.xray import XRayPane

PANES = ("output", "plot", "xray")

UNSEEN = "Nothing seen here yet: the X-ray looks at a script while it runs and this view is open."
RIGHT = PANES[1:]


class ScriptScreen(TutorScreen):
    """Output beside plot or X-ray of the one run of a session; where there is no room, one at a time."""

    scope: ClassVar[str] = "script"
    CSS_PATH = "script.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("script")
    AUTO_FOCUS: ClassVar[str | None] = ""

    panes: reactive[Panes] = reactive(Panes(shown="output", result="plot"), init=False)
    marked: reactive[frozenset[str]] = reactive(frozenset(), init=False)

    def __init__(self, reader: SessionReader, script: str, settings: Settings) -> None:
        super().__init__()
        self._reader = reader
        self._script = script
        self.header = LessonHeader(id="header")
        self.tabs = TabBar(PANES, id="tabs")
        self.trouble = TroubleLine(id="trouble")
        self.output = OutputPane(ascii=settings.ascii_plots, id="output")
        self.plot = PlotPane(ascii=settings.ascii_plots, rate=settings.fps, id="plot")
        self.xray = XRayPane(ascii=settings.ascii_plots, unseen=UNSEEN, id="xray")
        self.right = Vertical(self.plot, self.xray, id="right")
        self.record: RunRecord | None = None
        self._printed = PrintedCurves()
        self._asked: InputRequested | None = None
        self._moved = False

    def content(self) -> Iterable[Widget]:
        """Header, tabs for narrow screens, and the panes."""
        self.header.title = self._script
        self.output.border_title = "Output"
        self.output.empty_words = "The script has not begun yet."
        self.plot.empty_words = "No curve yet: each loss.backward() adds a point, and so does log(name=value)."
        yield self.header
        yield self.tabs
        yield self.trouble
        yield Horizontal(self.output, self.right, id="panes")

    def on_mount(self) -> None:
        """Look at the clock once a second."""
        self.set_interval(1.0, self._tick)
        self.watch_panes(self.panes)
        self.xray.show(self._reader.sight)
        self._focus()
        self._show_state()

    # What the session says

    def take_changes(self, changes: Changes) -> None:
        """Show what has changed."""
        record = self._reader.first()
        if record is not None:
            self._show_run(record, changes)
        self.xray.take(changes)
        if changes.kernel or changes.finished:
            self._show_state()
            self.refresh_bindings()

    def _show_run(self, record: RunRecord, changes: Changes) -> None:
        self.record = record
        self.output.update(record)
        board = self._reader.boards.get(record.run)
        if board is not None and self.plot.board is not board:
            self.plot.show(board, "")
            self._bring("plot")
        elif board is None and (found := self._printed.of(record)) is not None and self.plot.board is not found[0]:
            self.plot.show(*found)
            if not self._visible("plot"):
                self.marked = self.marked | {"plot"}
        self.plot.dirty()
        self._ask()
        if record.run in changes.finished and record.outcome not in ("ok", "interrupted"):
            self._bring("output")
        hidden = {"output"} if record.run in changes.runs else set()
        if changes.points:
            hidden.add("plot")
        self.marked = self.marked | {pane for pane in hidden if not self._visible(pane)}

    def _ask(self) -> None:
        request = self._reader.transcript.waiting_for_input
        if request is not self._asked:
            self._asked = request
            self.output.ask(request)
            if request is not None:
                self.panes = self._going_to("output")
            self._focus()

    @on(InputGiven)
    def _input_given(self, message: InputGiven) -> None:
        self._reader.send(Answer(message.text, message.eof))

    @on(XRayPane.Looking)
    def _looking(self, message: XRayPane.Looking) -> None:
        self._reader.send(message.watch)

    def _show_state(self) -> None:
        self.header.kernel = script_state(self._reader, self.record, time.time())
        ended = self.record is not None and not self.record.running
        self.header.place = "" if ended else place_words(self._reader)
        self.trouble.say("" if ended else trouble_of(self._reader))

    def _tick(self) -> None:
        if self.header.kernel.ticking:
            self._show_state()

    # Panes

    def _visible(self, pane: str) -> bool:
        return self.panes.shown == pane if self.panes.single else pane in ("output", self.panes.result)

    def _bring(self, pane: str) -> None:
        """Something begins in a pane: it comes to the front, unless the learner has chosen one."""
        if not self._moved and self._asked is None:
            self.panes = self._going_to(pane)
            if self.panes.single:
                self._focus()

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or one at a time."""
        super().on_resize(event)
        self.panes = self.panes.resized(narrow=event.size.width < WIDE)

    def watch_panes(self, panes: Panes) -> None:
        """Let the style sheet show what is to be seen."""
        self.set_class(panes.single, "-single")
        for name in PANES:
            self.set_class(panes.shown == name, f"-shown-{name}")
            self.set_class(panes.result == name, f"-result-{name}")
        self.xray.looked_at(self._visible("xray"))
        self.marked = self.marked - {name for name in PANES if self._visible(name)}
        self._show_tabs()

    def watch_marked(self) -> None:
        """Say in the tabs where something is new."""
        self._show_tabs()

    def _show_tabs(self) -> None:
        self.tabs.active, self.tabs.marked = self.panes.shown, self.marked
        self.right.border_title = tab_line(RIGHT, self.panes.result, self.marked)

    def _focus(self) -> None:
        targets = {"plot": self.plot, "xray": self.xray.keyboard}
        targets.get(self.panes.shown, self.output.keyboard).focus()

    def _going_to(self, pane: str) -> Panes:
        return replace(self.panes, shown=pane, result=pane if pane in RIGHT else self.panes.result)

    def _show(self, pane: str) -> None:
        self._moved = True
        self.panes = self._going_to(pane)
        self._focus()

    def action_show_output(self) -> None:
        """Go to the output."""
        self._show("output")

    def action_show_plot(self) -> None:
        """Go to the plot."""
        self._show("plot")

    def action_show_xray(self) -> None:
        """Go to the X-ray."""
        self._show("xray")

    def action_next_tab(self) -> None:
        """The next pane."""
        self._show(PANES[(PANES.index(self.panes.shown) + 1) % len(PANES)])

    def action_enlarge(self) -> None:
        """Enlarge the focused pane, and back."""
        if self.panes.narrow:
            self.say("Each pane has the whole screen already: f9 goes on to the next one.")
        else:
            self.panes = replace(self.panes, enlarged=not self.panes.enlarged)
            self._focus()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        """The pane that has the keyboard is the one that one is in, also after a click."""
        nodes = self.focused.ancestors_with_self if self.focused is not None else ()
        here = next((node.id for node in nodes if node.id in PANES), None)
        if here is not None and here != self.panes.shown and self._visible(here):
            self.panes = self._going_to(here)
