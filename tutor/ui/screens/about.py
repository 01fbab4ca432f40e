"""About: version, licence, and whose data the tutor brings along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from tutor.about import LICENCE, headline, notice, paragraphs
from tutor.ui.screens.inked import InkedModal
from tutor.ui.visible import visible_line
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import EMPTY, hang, styled


class About(InkedModal[None]):
    """The notice that comes with pytutor; any of the usual keys closes it."""

    DEFAULT_CSS = """
    About {
        align: center middle;
        & > VerticalScroll {
            width: 92; max-width: 100%; height: auto; max-height: 100%;
            padding: 1 2; border: round $primary; border-title-style: bold; background: $surface;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", "Close", id="about.close")]

    def compose(self) -> Iterable[Widget]:
        """One text that scrolls."""
        with VerticalScroll() as scroll:
            scroll.border_title = Content(" About ")
            scroll.border_subtitle = Content(" esc closes · arrows scroll ")
            yield AboutText()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


class AboutText(Flow):
    """Version and licence, then the notice, its paragraphs laid out anew."""

    def lines(self, width: int) -> list[Content]:
        """The lines."""
        lines = [styled(headline(), ".flow--heading"), *hang(Content(LICENCE), width)]
        for indent, words in paragraphs(notice()):
            lines += [EMPTY, *hang(Content(visible_line(words)), width, Content(" " * min(indent, width // 4)))]
        return lines
