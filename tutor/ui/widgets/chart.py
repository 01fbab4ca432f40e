"""The picture in the Plot pane: rows of a frame, and below them its caption in words."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.widget import Widget

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

TILES = 5
"""Widgets that a frame is cut into from left to right.

A curve grows at its end, and Textual sends a changed row of a widget from the widget's left edge on: with a single
widget that is most of the row, with tiles it is the tile.
"""


class Chart(Widget):
    """Draws frames of `tutor.plot` in the colours of the theme, each over a caption."""

    COMPONENT_CLASSES = CLASSES

    DEFAULT_CSS = """
    Chart {
        height: 1fr;
        layout: vertical;
        overflow: hidden hidden;
        & > Horizontal { height: 0; }
        & > Horizontal > Cells { width: 1fr; height: 1fr; }
        & > #caption { width: 1fr; height: 1fr; }
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
    # The plain blue of sixteen colours is hardly seen on black.
    DEFAULT_CSS += """
    Chart:ansi > .chart--line-1, Chart:ansi > .chart--band-1 { color: ansi_bright_blue; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._tiles = [Cells(self.style_of) for _ in range(TILES)]
        self._caption = Cells(self.style_of, id="caption")
        self._caption_rows = 1
        self._picture_rows = 0
        self._frame_rows: Sequence[str] = ()
        self._lines: list[str] = []

    def compose(self) -> ComposeResult:
        """The frame's tiles, and the caption below."""
        self._picture = Horizontal(*self._tiles)
        yield self._picture
        yield self._caption

    @property
    def room(self) -> Size:
        """The cells that there are for picture and caption: none before the tiles stand in their places."""
        laid_out = sum(tile.outer_size.width for tile in self._tiles) == self.outer_size.width
        return self.outer_size if laid_out else Size(0, 0)

    @property
    def rows(self) -> list[str]:
        """What is shown, row by row from the top."""
        return [*self._frame_rows, *self._lines]

    def room_for(self, caption: Sequence[str]) -> int:
        """Rows for the frame above a caption; a caption that has once been longer keeps its rows."""
        self._caption_rows = max(self._caption_rows, len(caption))
        return max(0, self.outer_size.height - self._caption_rows)

    def forget(self) -> None:
        """Another run begins: its caption may be short again."""
        self._caption_rows = 1

    def show_frame(self, frame: Frame, caption: Sequence[str]) -> int:
        """Show a frame and its caption; about how many bytes that sends."""
        self._frame_rows = frame.rows
        self._divide(frame.height)
        cost = left = 0
        for tile in self._tiles:
            columns = slice(left, left := left + tile.outer_size.width)
            cost += tile.put([row[columns] for row in frame.rows], [ink[columns] for ink in frame.inks])
        return cost + self._show_caption(caption)

    def show_words(self, words: Sequence[str]) -> int:
        """Show words in place of a picture."""
        self._frame_rows = ()
        self._divide(0)
        return self._show_caption(words)

    def _divide(self, rows: int) -> None:
        """Give the picture so many rows, and the caption the others."""
        if self._picture_rows != rows:
            self._picture_rows = rows
            self._picture.styles.height = rows

    def _show_caption(self, caption: Sequence[str]) -> int:
        self._lines = [_fitted(line, self.outer_size.width) for line in caption]
        return self._caption.put(self._lines, [bytes([CAPTION]) * len(line) for line in self._lines])

    def style_of(self, ink: int) -> Style:
        """What an ink changes of a tile's style; a colour that lets the ground through comes blended with it."""
        name = INKS.get(ink)
        if name is None:
            return Style.null()
        blended = self.get_component_rich_style(name)
        return self.get_component_rich_style(name, partial=True) + Style.from_color(blended.color)


def _fitted(text: str, width: int) -> str:
    """`text` in exactly `width` cells."""
    while cell_len(text) > width:
        text = text[:-1]
    return text + " " * (width - cell_len(text))
