"""About: version, licence, and whose data the tutor brings along."""

from __future__ import annotations

from textual.content import Content

from tutor.about import LICENCE, headline, notice, paragraphs
from tutor.ui.screens.sheet import Sheet
from tutor.ui.visible import visible_line
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import EMPTY, hang, styled


class About(Sheet):
    """The notice that comes with pytutor."""

    def __init__(self) -> None:
        super().__init__("About", AboutText())


class AboutText(Flow):
    """Version and licence, then the notice, its paragraphs laid out anew."""

    def lines(self, width: int) -> list[Content]:
        """The lines."""
        lines = [styled(headline(), ".flow--heading"), *hang(Content(LICENCE), width)]
        for indent, words in paragraphs(notice()):
            lines += [EMPTY, *hang(Content(visible_line(words)), width, Content(" " * min(indent, width // 4)))]
        return lines
