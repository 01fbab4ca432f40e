"""The X-ray pane: what is inside the learner's program, one view at a time."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tutor.ui.session import Changes
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.xray_views import VIEWS, View, view_lines
from tutor.xray.picture import neighbour
from tutor.xray.state import Sight
from tutor.xray.travel import another_run, moved


class ViewBar(Widget):
    """The names of the views in one line; a click on one shows it."""

    DEFAULT_CSS = """
    ViewBar { height: 1; }
    """

    active: reactive[int] = reactive(0)

    class Chosen(Message):
        """The view with this number is wanted."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def render(self) -> Content:
        """Long names where they fit."""
        titles = [view.title for view in VIEWS]
        if sum(len(title) + 2 for title in titles) > self.size.width:
            titles = [view.short for view in VIEWS]
        parts = []
        for at, title in enumerate(titles):
            tab = Content.styled(f" {title} ", "bold reverse" if at == self.active else "$foreground 75%")
            parts.append(tab.stylize(Style.from_meta({"@click": f"choose({at})"})))
        return Content("").join(parts)

    def action_choose(self, number: int) -> None:
        """A name was clicked."""
        self.post_message(self.Chosen(number))


class XRayText(Flow):
    """The lines of the view."""

    def __init__(self) -> None:
        super().__init__()
        self.sight = Sight()
        self.view: View = VIEWS[0]
        self.ascii = False
        self.unseen = ""

    def lines(self, width: int) -> list[Content]:
        """What the kernel has reported."""
        report = self.sight.report(self.view.id)
        return view_lines(self.view, report, width, ascii=self.ascii, unseen=self.unseen)


class XRayPane(Vertical):
    """Shows a `Sight`. It says with `Looking` what the kernel is to report, and nothing while nobody looks.

    Whoever mounts it sends what `Looking` holds to the session, calls `show` with the reader's sight, `take` with
    what the reader says has changed, and `looked_at` when the pane comes to the front or goes.
    """

    DEFAULT_CSS = """
    XRayPane { height: 1fr; }
    XRayPane > VerticalScroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "choose(1)", "Next one", tooltip="The next matrix, or the next step", id="xray.right"),
        Binding("left", "choose(-1)", "One before", tooltip="The matrix or the step before", id="xray.left"),
        Binding("full_stop", "choose(10)", "Ten on", tooltip="Ten steps on", id="xray.ten_on"),
        Binding("comma", "choose(-10)", "Ten back", tooltip="Ten steps back", id="xray.ten_back"),
        Binding("r", "other_run", "Earlier run", tooltip="The steps of an earlier run", id="xray.run"),
        Binding("v", "next_view(1)", "Next view", tooltip="Look at another side of the program", id="xray.next"),
        Binding("V", "next_view(-1)", "View before", tooltip="Go back to the view before", id="xray.previous"),
    ]

    class Looking(Message):
        """What the kernel is to report from now on."""

        def __init__(self, views: tuple[str, ...], subject: str = "") -> None:
            super().__init__()
            self.views = views
            self.subject = subject

    def __init__(
        self, *, ascii: bool = False, unseen: str = "", id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.bar = ViewBar()
        self.text = XRayText()
        self.text.ascii = ascii
        self.text.unseen = unseen
        self.scroll = VerticalScroll(self.text)
        self._looked_at = False
        self._subject = ""
        self._drawn = -1

    def compose(self) -> ComposeResult:
        """The names of the views over the one that is shown."""
        yield self.bar
        yield self.scroll

    @property
    def keyboard(self) -> Widget:
        """What takes the keys."""
        return self.scroll

    @property
    def view(self) -> View:
        """The view that is shown."""
        return self.text.view

    def show(self, sight: Sight) -> None:
        """Show what is seen there from now on."""
        self.text.sight = sight
        self._drawn = -1
        self.dirty()

    def dirty(self) -> None:
        """A report may have come. Of a program that has ended nobody can be asked: what is kept of it is shown."""
        self.text.sight.choose(self.view.id, self._subject)
        if self._looked_at and self.text.sight.version != self._drawn:
            self._drawn = self.text.sight.version
            self.text.relay()

    def take(self, changes: Changes) -> None:
        """The session has said something."""
        if changes.caught_up and self._looked_at:
            self._ask()  # a new connection knows nothing of what we look at
        if changes.sight:
            self.dirty()

    def looked_at(self, looked_at: bool) -> None:
        """The pane has come to the front, or is not seen any more."""
        if looked_at != self._looked_at:
            self._looked_at = looked_at
            self._ask()
            self.dirty()

    def _ask(self) -> None:
        self.post_message(self.Looking((self.view.id,), self._subject) if self._looked_at else self.Looking(()))

    def action_choose(self, by: int) -> None:
        """Show another subject of the view, where it has several."""
        report = self.text.sight.report(self.view.id)
        travels = self.view.id == "steps"
        self._choose(moved(report, self._subject, by) if travels else neighbour(report, 1 if by > 0 else -1))

    def action_other_run(self) -> None:
        """Go to an earlier run; after the oldest, to the newest again."""
        if self.view.id == "steps":
            self._choose(another_run(self.text.sight.report("steps")))

    def _choose(self, subject: str) -> None:
        if subject:
            self._subject = subject
            self.dirty()
            self._ask()

    @on(ViewBar.Chosen)
    def _chosen(self, message: ViewBar.Chosen) -> None:
        message.stop()
        self.action_show_view(message.number)

    def action_next_view(self, by: int) -> None:
        """Show the next view, or the one before."""
        self.action_show_view((self.bar.active + by) % len(VIEWS))

    def action_show_view(self, number: int) -> None:
        """Show a view."""
        self.bar.active = number
        self.text.view = VIEWS[number]
        self._subject = ""
        self.scroll.scroll_to(y=0, animate=False)
        self.text.relay()
        self._ask()
