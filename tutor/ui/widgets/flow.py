"""A widget that shows lines which depend on its width, with selectable text."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.selection import Selection
from textual.widget import Widget

from tutor.ui.widgets.layout import EMPTY, joined, rejoined


class Flow(Widget):
    """Shows what `lines` returns, without further wrapping, and is as high as that is long.

    A subclass overrides `lines`; call `relay` when its outcome has changed. It stands on a screen that has the inks.
    """

    DEFAULT_CSS = """
    Flow { width: 1fr; height: auto; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: list[Content] = []
        self._lines_width = -1

    def lines(self, width: int) -> list[Content]:
        """The lines to show in `width` cells."""
        return []

    def laid(self, width: int) -> list[Content]:
        """`lines`, remembered for one width."""
        if width != self._lines_width:
            self._lines, self._lines_width = self.lines(width), width
        return self._lines

    def relay(self) -> None:
        """Lay out again: what `lines` shows has changed."""
        self._lines_width = -1
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows at `width` cells."""
        return len(self.laid(width)) if width else 0

    def render(self) -> Content:
        """The lines as one content."""
        width = self.size.width
        return joined(self.laid(width)) if width else EMPTY

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Selected text, with the code lines that were folded to fit whole again."""
        return rejoined(selection.extract(self.render().plain)), "\n"
