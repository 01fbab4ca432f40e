"""The message that covers everything while the terminal is too small."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from tutor.ui.panes import SMALLEST


class TooSmall(Widget):
    """Covers the screen; what is beneath keeps its state and its focus."""

    def render(self) -> Content:
        """What is needed, and what there is."""
        width, height = self.app.size
        return Content(
            f"This terminal is {width}x{height}.\nThe tutor needs {SMALLEST[0]}x{SMALLEST[1]}.\n"
            "Make the window larger;\nnothing is lost."
        )
