"""The picture in the Plot pane: rows of a frame, and below them its caption in words."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tutor.plot.frame import CHROME, CURSOR, EPOCH, GHOST, MARK, NOTE, SERIES, Frame, band_ink, line_ink
from tutor.ui.widgets.cells import Cells

COLORS = (
    "$text-primary",
    "$text-warning",
    "$text-success",
    "$text-error",
    "$secondary",
    "$accent",
    "$success",
    "$foreground",
)
"""Colours of the series, in their order."""

CAPTION = 255
"""Ink of the caption; the frame's own inks are small numbers."""


INKS = {
    CHROME: "chart--axis",
    **{line_ink(number): f"chart--line-{number + 1}" for number in range(SERIES)},
    **{band_ink(number): f"chart--band-{number + 1}" for number in range(SERIES)},
    GHOST: "chart--ghost",
    MARK: "chart--mark",
    NOTE: "chart--note",
    CURSOR: "chart--cursor",
    EPOCH: "chart--epoch",
    CAPTION: "chart--caption",
}
"""Ink of a cell -> component class."""

CLASSES = set(INKS.values())


class Chart(Cells):
    """Draws frames of `tutor.plot` in the colours of the theme."""

    inks = INKS
    COMPONENT_CLASSES = CLASSES

    DEFAULT_CSS = """
    Chart {
        height: 1fr;
        & > .chart--axis { color: $foreground 65%; }
        & > .chart--ghost { color: $foreground 35%; }
        & > .chart--mark { color: $text-error; text-style: bold; }
        & > .chart--note { color: $text-warning; }
        & > .chart--cursor { color: $foreground; text-style: bold; }
        & > .chart--epoch { color: $foreground 80%; }
        & > .chart--caption { color: $foreground; text-style: bold; }
        &:ansi > .chart--axis, &:ansi > .chart--ghost { color: ansi_default; text-style: dim; }
    }
    """ + "\n".join(
        f"Chart > .chart--line-{number} {{ color: {color}; }}"
        f"Chart > .chart--band-{number} {{ color: {color} 45%; }}"
        f"Chart:ansi > .chart--band-{number} {{ color: {color}; text-style: dim; }}"
        for number, color in enumerate(COLORS, 1)
    )

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

    def show_frame(self, frame: Frame, caption: Sequence[str]) -> int:
        """Show a frame and its caption; about how many bytes that sends."""
        self._frame = (list(frame.rows), list(frame.inks))
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
