"""The Runs pane: the kept runs of an item as curves over each other, and as a table that is their legend."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Static

from tutor.plot.compare import SMALLEST, CompareChart, Curve
from tutor.ui.gallery import Entry, Gallery
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import hang
from tutor.ui.widgets.plot_keys import ScaleChosen
from tutor.ui.widgets.run_rows import no_runs, run_lines

HINTS = (
    "space draw",
    "c compare",
    "r code",
    "n name",
    "p pin",
    "d delete",
    "s sort",
    "l log",
)
"""The keys of the table, what is least needed last."""

MOMENT = 0.03
"""Seconds after which it is looked again whether the picture has come to its place."""

LEAST_TABLE = 4
"""Lines of the table that are kept however high the picture would like to be."""


def hint(width: int) -> str:
    """The keys in one line of at most `width` cells: where not all have room, the help is named in their place."""
    lines = [" · ".join(HINTS), *(" · ".join([*HINTS[:count], "f1 more"]) for count in range(len(HINTS) - 1, 0, -1))]
    return next((line for line in lines if len(line) <= width), "")


class RunAsked(Message):
    """Something is to be done with a run: "toggle", "compare", "restore", "name", "pin", "delete" or "sort"."""

    def __init__(self, what: str, entry: Entry) -> None:
        super().__init__()
        self.what = what
        self.entry = entry


class RunList(Flow, can_focus=True):
    """The table. It has a cursor; what its keys ask for, others do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Run above", tooltip="The run above", id="runs.up"),
        Binding("down", "move(1)", "Run below", tooltip="The run below", id="runs.down"),
        Binding("home", "move(-999)", "First run", tooltip="The first run", id="runs.first"),
        Binding("end", "move(999)", "Last run", tooltip="The last run", id="runs.last"),
        Binding("space,enter", "ask('toggle')", "Draw", tooltip="Draw this run, or no longer", id="runs.toggle"),
        Binding(
            "c", "ask('compare')", "Compare", tooltip="Compare this run with the next you choose", id="runs.compare"
        ),
        Binding(
            "r", "ask('restore')", "Its code", tooltip="Put the code of this run into the editor", id="runs.restore"
        ),
        Binding("n", "ask('name')", "Name", tooltip="Give this run a name", id="runs.name"),
        Binding("p", "ask('pin')", "Pin", tooltip="Keep this run however many follow, or not", id="runs.pin"),
        Binding("d,delete", "ask('delete')", "Delete", tooltip="Forget this run", id="runs.delete"),
        Binding("s", "ask('sort')", "Sort", tooltip="The newest first, or the best", id="runs.sort"),
    ]

    def __init__(self, *, ascii: bool = False) -> None:
        super().__init__()
        self._ascii = ascii
        self._entries: list[Entry] = []
        self._at = ""

    @property
    def cursor(self) -> int:
        """The line of the cursor, from 0; a run keeps it wherever it moves."""
        return next((at for at, one in enumerate(self._entries) if one.run == self._at), 0)

    @property
    def entry(self) -> Entry | None:
        """The run at the cursor."""
        return self._entries[self.cursor] if self._entries else None

    def show(self, entries: list[Entry]) -> None:
        """Show these runs."""
        if self._at not in {one.run for one in entries}:
            self._at = entries[min(self.cursor, len(entries) - 1)].run if entries else ""
        self._entries = entries
        self.relay()

    def lines(self, width: int) -> list[Content]:
        """The table, or a sentence."""
        if not self._entries:
            return [line for words in no_runs() for line in hang(words, width)]
        return run_lines(self._entries, self.cursor if self.has_focus else -1, width, ascii=self._ascii)

    def on_focus(self) -> None:
        """The cursor is seen while it can be moved."""
        self.relay()

    def on_blur(self) -> None:
        """The cursor is seen while it can be moved."""
        self.relay()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        if self._entries:
            to = min(max(0, self.cursor + by), len(self._entries) - 1)
            self._at = self._entries[to].run
            self.relay()
            if isinstance(self.parent, VerticalScroll):
                self.parent.scroll_to_region(Region(0, to + 1 if to else 0, 1, 1), animate=False, force=True)

    def action_ask(self, what: str) -> None:
        """Ask for something with the run at the cursor."""
        if self.entry is not None:
            self.post_message(RunAsked(what, self.entry))


class RunsPane(Vertical):
    """Draws what a gallery shows, when it is seen; the running one is drawn again twice a second."""

    DEFAULT_CSS = """
    RunsPane {
        height: 1fr;
        & > Chart { height: 0; }
        & > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & > Static { height: 1; color: $foreground 65%; }
        &:ansi > Static { color: ansi_default; text-style: dim; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "log", "Log scale", tooltip="Logarithmic or linear scale", id="runs.log"),
    ]

    def __init__(self, *, ascii: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.gallery: Gallery | None = None
        self.list = RunList(ascii=ascii)
        self._chart = Chart()
        self._compare = CompareChart()
        self._hint = Static(markup=False)
        self._ascii = ascii
        self._log = False
        self._looked_at = False
        self._room = 0

    @property
    def keyboard(self) -> RunList:
        """What takes the keys."""
        return self.list

    def compose(self) -> ComposeResult:
        """Table and keys; the picture comes above them when there is one."""
        with VerticalScroll(can_focus=False):
            yield self.list
        yield self._hint

    def on_mount(self) -> None:
        """The clock rests while nothing is looked at."""
        self._timer = self.set_interval(0.5, self._tick, pause=True)

    def looked_at(self, seen: bool) -> None:
        """Whether the pane is at the front: one that is not costs nothing."""
        self._looked_at = seen
        if self.is_mounted:
            (self._timer.resume if seen else self._timer.pause)()
        if seen:
            self.update()

    def update(self) -> None:
        """The gallery has changed."""
        if self._looked_at and self.gallery is not None and self.is_mounted:
            self.list.show(self.gallery.entries)
            self.call_after_refresh(self._draw)

    def on_resize(self, event: events.Resize) -> None:
        """Draw at the new size."""
        self._hint.update(Content(hint(event.size.width)))
        self.call_after_refresh(self._draw)

    def action_log(self) -> None:
        """Switch between a linear and a logarithmic scale."""
        self.scale(not self._log)
        self.post_message(ScaleChosen(self._log))

    def scale(self, log: bool) -> None:
        """Draw on a logarithmic or a linear scale."""
        self._log = log
        self._draw()

    def _tick(self) -> None:
        if self.gallery is not None and any(not one.number for one in self.gallery.entries):
            self.gallery.refresh()
            self.update()

    def _draw(self) -> None:
        """The picture takes what the table leaves."""
        if self.gallery is None or not self._looked_at or not self.size.area:
            return
        shown = self.gallery.shown()
        wanted = min(len(self.gallery.entries) + 1, max(LEAST_TABLE, self.size.height // 2))
        room = self.size.height - wanted - 1
        if not shown or room < SMALLEST[1] or self.size.width < SMALLEST[0]:
            self._room = self._chart.styles.height = 0
            return
        if not self._chart.is_attached:
            self.mount(self._chart, before=0)
        if self._room != room:
            self._room = room
            self._chart.styles.height = room
            self.call_after_refresh(self._draw)
            return
        if self._chart.room.height != room:
            self.set_timer(MOMENT, self._draw)
            return
        curves = [Curve(entry.label, entry.ink, series) for entry, series in shown]
        epochs = ((0.0, 1), *shown[0][0].epochs)
        frame = self._compare.frame(
            curves, self.size.width, room, log=self._log, ascii=self._ascii, epochs=epochs if len(shown) == 1 else ()
        )
        self._chart.show_frame(frame, [])
