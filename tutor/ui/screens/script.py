"""The screen of a script: its output beside its curves or a look into it, and how it is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widget import Widget

from tutor.runner.transcript import RunRecord
from tutor.settings import Settings
from tutor.ui.frame.trouble import trouble_of
from tutor.ui.kernel_state import place_words
from tutor.ui.keys import bindings
from tutor.ui.panes import OF_SCRIPT, Panes
from tutor.ui.printed_curves import PrintedCurves
from tutor.ui.screens.paned import PanedScreen
from tutor.ui.script_state import script_state
from tutor.ui.session import Changes, SessionReader
from tutor.ui.widgets.plot_empty import SCRIPT_WORDS, script_words

if TYPE_CHECKING:
    from tutor.runner.protocol.run_events import InputRequested

UNSEEN = "Nothing seen here yet: the X-ray looks at a script while it runs and this view is open."


class ScriptScreen(PanedScreen):
    """Output beside plot or X-ray of the one run of a session; where there is no room, one at a time."""

    scope: ClassVar[str] = "script"
    CSS_PATH = "script.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("script")
    AUTO_FOCUS: ClassVar[str | None] = ""

    panes: reactive[Panes] = reactive(OF_SCRIPT, init=False)

    def __init__(self, reader: SessionReader, script: str, settings: Settings) -> None:
        super().__init__(reader, settings, unseen=UNSEEN)
        self.results_box = Vertical(self.plot, self.xray, id="right")
        self.header.title = script
        self.output.border_title = "Output"
        self.output.empty_words = "The script has not begun yet."
        self.plot.empty_words = SCRIPT_WORDS
        self.record: RunRecord | None = None
        self._printed = PrintedCurves()
        self._asked: InputRequested | None = None
        self._chosen = False
        """Whether the learner has gone to a pane: from then on none comes forward by itself."""

    def content(self) -> Iterable[Widget]:
        """Header, tabs for narrow screens, and the panes."""
        yield self.header
        yield self.tabs
        yield self.trouble
        yield Horizontal(self.output, self.results_box, id="panes")

    def on_mount(self) -> None:
        """Show what there is."""
        self.look()
        self.focus_pane(self.panes.shown)
        self.show_state()

    def take_changes(self, changes: Changes) -> None:
        """Show what the session has said."""
        record = self._reader.first()
        if record is not None:
            self._show_run(record, changes)
        self.xray.take(changes)
        if changes.kernel or changes.finished:
            self.show_state()
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
            self.mark("plot")
        elif board is None and not record.running and found is None:
            self.plot.empty_words = script_words(record.program)
        self.plot.dirty()
        self._ask()
        if record.run in changes.finished and record.outcome not in ("ok", "interrupted"):
            self._bring("output")
        if record.run in changes.runs:
            self.mark("output")
        if changes.points:
            self.mark("plot")

    def _ask(self) -> None:
        request = self._reader.transcript.waiting_for_input
        if request is not self._asked:
            self._asked = request
            self.output.ask(request)
            super().go_to("output" if request is not None else self.panes.shown)

    def _bring(self, pane: str) -> None:
        """Something begins in a pane: it comes to the front, unless the learner has chosen one."""
        if not self._chosen and self._asked is None:
            self.panes = self.panes.offer(pane, typing=False)
            if self.panes.single:
                self.focus_pane(pane)

    def go_to(self, pane: str) -> None:
        """Show a pane, with the keyboard in it, because the learner wants it."""
        self._chosen = True
        super().go_to(pane)

    def action_next_tab(self) -> None:
        """The next pane."""
        self.go_to(self.panes.next_pane().shown)

    def show_state(self) -> None:
        """Say in the header how the script is."""
        self.header.kernel = script_state(self._reader, self.record, time.time())
        ended = self.record is not None and not self.record.running
        self.header.place = "" if ended else place_words(self._reader)
        self.trouble.say("" if ended else trouble_of(self._reader))
