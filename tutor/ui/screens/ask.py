"""A question that is answered with a few words, over whatever is on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static


class Ask(ModalScreen[str | None]):
    """Asks; the words that were typed, None for escape."""

    DEFAULT_CSS = """
    Ask {
        align: center middle;
        & > Vertical {
            width: 60; max-width: 90%; height: auto; padding: 1 2; border: round $primary; background: $surface;
        }
        Input { margin: 1 0 0 0; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", id="ask.leave")]

    def __init__(self, question: str, value: str = "", *, most: int = 60) -> None:
        super().__init__()
        self._question = question
        self._input = Input(value, max_length=most, compact=True)

    def compose(self) -> Iterable[Widget]:
        """The question and a line to type in."""
        with Vertical():
            yield Static(self._question, markup=False)
            yield self._input

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        event.stop()
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Answer nothing."""
        self.dismiss(None)
