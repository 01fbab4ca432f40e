"""The picture in the Plot pane: rows of a frame, and below them its caption in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len

from tutor.ui.widgets.cells import Cells

CAPTION = 255
"""Ink of the caption; the frame's own inks are small numbers."""


class Chart(Cells):
    """Draws frames of `tutor.plot` in the colours of the theme."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chart--axis",
        "chart--caption",
        "chart--bad",
        "chart--ghost",
        *(f"chart--series-{number}" for number in range(1, 9)),
    }

    DEFAULT_CSS = """
    Chart {
        height: 1fr;
        & > .chart--axis { color: $foreground 60%; }
        & > .chart--caption { color: $foreground; text-style: bold; }
        & > .chart--bad { color: $text-error; text-style: bold; }
        & > .chart--ghost { color: $foreground 30%; }
        & > .chart--series-1 { color: $text-primary; }
        & > .chart--series-2 { color: $text-warning; }
        & > .chart--series-3 { color: $text-success; }
        & > .chart--series-4 { color: $text-error; }
        & > .chart--series-5 { color: $secondary; }
        & > .chart--series-6 { color: $accent; }
        & > .chart--series-7 { color: $success; }
        & > .chart--series-8 { color: $foreground; }
        &:ansi > .chart--axis, &:ansi > .chart--ghost { color: ansi_default; text-style: dim; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._caption_rows = 1
        self._frame: tuple[list[str], list[bytes]] = ([], [])

    def room_for(self, caption: Sequence[str]) -> int:
        """Rows for the frame above a caption; a caption that has once been longer keeps its rows."""
        self._caption_rows = max(self._caption_rows, len(caption))
        return max(0, self.size.height - self._caption_rows)

    def forget(self) -> None:
        """Another run begins: its caption may be short again."""
        self._caption_rows = 1

    def show_frame(self, rows: Sequence[str], inks: Sequence[bytes], caption: Sequence[str]) -> int:
        """Show a frame and its caption; about how many bytes that sends."""
        self._frame = (list(rows), list(inks))
        return self.show_caption(caption)

    def show_caption(self, caption: Sequence[str]) -> int:
        """Show another caption under the frame that is there."""
        rows, inks = self._frame
        lines = [_fitted(line, self.size.width) for line in caption]
        return self.put([*rows, *lines], [*inks, *(bytes([CAPTION]) * len(line) for line in lines)])

    def show_words(self, words: Sequence[str]) -> int:
        """Show words in place of a picture."""
        self._frame = ([], [])
        return self.show_caption(words)


def _fitted(text: str, width: int) -> str:
    """`text` in exactly `width` cells."""
    while cell_len(text) > width:
        text = text[:-1]
    return text + " " * (width - cell_len(text))
