"""What the screens of the ladder share: a task over the lesson, a line of judgement, and the ways out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget

from tutor.ui.drafts import DraftKeeper
from tutor.ui.panes import WIDE
from tutor.ui.screens.inked import InkedModal
from tutor.ui.visible import visible_line
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import hang, tick


@dataclass(frozen=True)
class Left:
    """How the learner left a task. `way` is "solved", "try" (check it as it stands), "more" (further help) or "back".

    `code` is the program as it stood.
    """

    way: str
    code: str


class Judgement(Flow):
    """One sentence about the task as it stands, or how to go on."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words
        self._right: bool | None = None

    def say(self, words: str, right: bool | None = None) -> None:
        """Show a sentence; `right` puts a mark before it, None does not."""
        self.words, self._right = words, right
        self.relay()

    def lines(self, width: int) -> list[Content]:
        """The sentence."""
        mark = Content("") if self._right is None else tick(self._right)
        return hang(Content(visible_line(self.words)), width, mark)


class RungScreen(InkedModal[Left]):
    """A task on a rung of the ladder. Beside the page where there is room, over it where not.

    Subclasses give `parts` (the widgets), `code`, `judge` and `save`, and say `changed` of every change.
    """

    DEFAULT_CSS = """
    RungScreen {
        align: right middle;
        background: $background 30%;
        & > Vertical {
            width: 50%; min-width: 60; height: 100%;
            padding: 0 1; border: round $primary; border-title-style: bold; background: $surface;
        }
        &.-narrow > Vertical { width: 100%; min-width: 0; }
        VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        Judgement { margin: 0 0 1 0; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f2,ctrl+q", "leave('back')", "Back", id="rung.back"),
        Binding("ctrl+g,f4", "leave('more')", "More help", priority=True, id="rung.more"),
        Binding("ctrl+t,f6", "leave('try')", "Check it as it stands", priority=True, id="rung.try"),
    ]

    heading = ""
    advice = ""
    keys = ""

    def __init__(self) -> None:
        super().__init__()
        self.judgement = Judgement(self.advice)
        self._keeper: DraftKeeper[None] = DraftKeeper(lambda _, __: self.save(), self.set_timer)

    def parts(self) -> Iterable[Widget]:
        """The widgets of the task."""
        return ()

    @property
    def code(self) -> str:
        """The program as it stands now."""
        return ""

    def judge(self) -> tuple[bool, str]:
        """Whether it is right, and one sentence about it."""
        return False, ""

    def save(self) -> None:
        """Keep how the task stands."""

    def changed(self) -> None:
        """The task stands otherwise than it did: that is kept in a moment, and when it is left."""
        self._keeper.changed(None, "")

    def compose(self) -> Iterable[Widget]:
        """Task and judgement in a frame that says the keys."""
        with Vertical() as frame:
            frame.border_title = Content(self.heading)
            frame.border_subtitle = Content(f"{self.keys} · ctrl+g more · esc back")
            yield self.judgement
            with VerticalScroll(can_focus=False):
                yield from self.parts()

    def on_resize(self, event: Resize) -> None:
        """The whole screen where there is no room for two things."""
        self.set_class(event.size.width < WIDE, "-narrow")

    def action_leave(self, way: str) -> None:
        """Leave, in one of the ways that `Left` knows."""
        self._keeper.flush()
        self.dismiss(Left(way, self.code))

    def action_judge(self) -> None:
        """Say what is to be said; leave when it is right."""
        right, words = self.judge()
        self.judgement.say(words, right)
        if right:
            self.action_leave("solved")
