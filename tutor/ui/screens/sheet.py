"""A text over the screen: in a frame, as high as it is long, scrolled where it is longer than the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from tutor.ui.screens.inked import InkedModal
from tutor.ui.visible import visible_line


class Sheet(InkedModal[None]):
    """Shows `text` under a title; escape and q close it, and the keys that a subclass adds."""

    DEFAULT_CSS = """
    Sheet {
        align: center middle;
        & > VerticalScroll {
            width: 92; max-width: 100%; height: auto; max-height: 100%;
            padding: 1 2; border: round $primary; border-title-style: bold; background: $surface;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", "Close", id="sheet.close")]

    def __init__(self, title: str, text: Widget) -> None:
        super().__init__()
        self.text = text
        self.scroll = VerticalScroll(text)
        self.scroll.border_title = Content(f" {visible_line(title)} ")
        self.scroll.border_subtitle = Content(" esc closes · arrows scroll ")

    def compose(self) -> Iterable[Widget]:
        """The text in its frame."""
        yield self.scroll

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()
