"""What all item cards share: a border, a state mark with its word, a body, and being selected."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tutor.course.items import Item
from tutor.learning.state import ItemState, Status
from tutor.ui.widgets.flow import Flow

MARKS = {Status.NEW: "○", Status.TRIED: "●", Status.PASSED: "✓", Status.SKIPPED: "»", Status.CHANGED: "↻"}
"""The state of an item as one character; a word always stands beside it."""


class ItemSelected(Message):
    """The focus came to an item of the page."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item


class CardMoved(Message):
    """Something in a card wants to be read: `rows` of its body."""

    def __init__(self, card: Card, rows: range) -> None:
        super().__init__()
        self.card = card
        self.rows = rows


class Body(Flow):
    """The text of a card; the card makes the lines."""

    DEFAULT_CSS = """
    Body { width: 1fr; }
    """

    def lines(self, width: int) -> list[Content]:
        """What the card says."""
        card = self.parent
        return card.body_lines(width) if isinstance(card, Card) else []


class Card(Vertical, can_focus=True):
    """An item of the page. Subclasses give `kind`, `keys`, `words` for the states, and `body_lines`.

    `keys` is said on the lower border while the card is selected. `newest` is the first line and the number of lines
    of what was added to the body last: the page brings them into view.
    """

    DEFAULT_CSS = """
    Card {
        height: auto;
        margin: 0 0 1 0;
        padding: 0 1;
        border: round $foreground 30%;
        border-title-color: $foreground;
        border-subtitle-color: $text-accent;
        &.-selected { border: round $accent; border-title-style: bold; border-title-color: $text-accent; }
        &:focus, &:focus-within { border: round $primary; border-title-style: bold reverse; }
        &:ansi { border: round ansi_default; }
        &:ansi.-selected { border: round $accent; }
        &:ansi:focus, &:ansi:focus-within { border: round $primary; }
    }
    """

    key_help = (
        ("tab shift+tab", "Go to the next item of the page, and back."),
        ("↑ ↓ pgup pgdn", "Scroll the page."),
    )
    """What the help says while a card has the focus."""

    kind = ""
    keys = ""
    words: ClassVar[dict[Status, str]] = {
        Status.NEW: "not done yet",
        Status.TRIED: "tried",
        Status.PASSED: "passed",
        Status.SKIPPED: "skipped",
        Status.CHANGED: "changed since you solved it",
    }

    def __init__(self, item: Item, state: ItemState) -> None:
        super().__init__()
        self.item = item
        self.state = state
        self.body = Body()
        self.newest = (0, 1)

    def compose(self) -> ComposeResult:
        """The body; subclasses may add to it."""
        yield self.body

    def body_lines(self, width: int) -> list[Content]:
        """Lines of the card's body."""
        return []

    def on_mount(self) -> None:
        """Say kind and state on the border."""
        self._say()

    def on_descendant_focus(self) -> None:
        """A child of the card was given the focus."""
        self.post_message(ItemSelected(self.item))

    def on_focus(self) -> None:
        """The card itself was given the focus: that is no focus of a descendant."""
        self.post_message(ItemSelected(self.item))

    def update_state(self, state: ItemState) -> None:
        """Show another state."""
        if state != self.state:
            self.state = state
            self._say()
            self.body.relay()

    def take_focus(self) -> None:
        """Give the keyboard to the part of the card that wants it."""
        self.focus(scroll_visible=False)

    @property
    def answer_place(self) -> Widget:
        """The part of a question where it is answered."""
        return self

    def set_selected(self, selected: bool) -> None:
        """Show that this is, or is no longer, the item that the panes on the right belong to."""
        self.set_class(selected, "-selected")
        self._say()

    def title(self) -> str:
        """What the upper border says before the state."""
        return self.kind

    def _say(self) -> None:
        mark, word = MARKS[self.state.status], self.words[self.state.status]
        self.border_title = Content(f"{self.title()} · {mark} {word}")
        self.border_subtitle = Content(self.keys) if self.keys and self.has_class("-selected") else Content("")
