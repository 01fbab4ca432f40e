"""A scrolling view of terminal lines that draws only what is seen, follows the end, and can be selected from."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tutor.ui.sgr import Ink
from tutor.ui.terminal_text import Line
from tutor.ui.widgets.rows import RowIndex, cuts, part

GUTTER = 2
"""Cells at the left that say who wrote a line."""

MARKS = {
    "stderr": ("! ", ".flow--warning", ".flow--warning"),
    "notice": ("» ", ".flow--note", ".flow--note"),
    "result": ("⇒ ", ".flow--marker", ""),
    "input": ("❯ ", ".flow--marker", ""),
    "skipped": ("… ", ".flow--muted", ".flow--muted"),
    "above": ("↑ ", ".flow--muted", ".flow--muted"),
    "dropped": ("  ", ".flow--muted", ".flow--muted"),
}
"""Kind of line -> mark in the gutter, its style, the style of the text."""


class LinesView(ScrollView, can_focus=True):
    """Shows `lines`, long ones folded at the width, and below them `closing` contents that already fit."""

    ALLOW_SELECT = True
    DEFAULT_CSS = """
    LinesView {
        height: 1fr; overflow-x: hidden; overflow-y: auto;
        scrollbar-gutter: stable; scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: list[Line] = []
        self.closing: list[Content] = []
        self.following = True
        self._index = RowIndex()

    @property
    def text_width(self) -> int:
        """Cells for the text of a row."""
        return max(8, self.scrollable_content_region.width - GUTTER)

    @property
    def allow_select(self) -> bool:
        """A view with lines is no container for selections."""
        return True

    def show_lines(self, lines: list[Line], closing: list[Content], changed_from: int = 0) -> None:
        """Show these; lines before `changed_from` are those of the last call.

        A view that is not on the screen only takes them in, and is to be shown them again when it comes back: to
        refresh it would make Textual arrange the whole screen anew.
        """
        before = self._index.total + len(self.closing)
        self.lines, self.closing = lines, closing
        first = self._index.update(lines, self.text_width, changed_from)
        total = self._index.total + len(closing)
        if not self.size:
            return
        self.virtual_size = Size(self.text_width + GUTTER, total)
        if self.following and len(closing) > self.size.height:
            # Of what does not fit the first lines say what happened.
            self.scroll_to(y=self._index.total, animate=False, immediate=True, force=True)
        elif self.following:
            self.scroll_end(animate=False, immediate=True, force=True, x_axis=False)
        top = self.scroll_offset.y
        height = max(before, total) - max(first, top)
        if height > 0:
            self.refresh(Region(0, max(0, first - top), self.size.width, min(height, self.size.height)))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whoever scrolls up stays there; whoever scrolls to the end follows again."""
        super().watch_scroll_y(old_value, new_value)
        self.following = new_value >= self.max_scroll_y

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        row, width = y + self.scroll_offset.y, self.size.width
        pieces = self._pieces(row)
        strip = Strip(self._selected(pieces, row)).apply_offsets(0, row)
        return strip.crop_extend(0, width, self.rich_style)

    def _pieces(self, row: int) -> list[tuple[str, RichStyle]]:
        base = self.visual_style
        if row >= self._index.total:
            number = row - self._index.total
            if number >= len(self.closing):
                return []
            rendered = self.closing[number].render(base, "", parse_style=self._get_style)
            return [(text, (base + style).rich_style) for text, style in rendered]
        number, at = self._index.locate(row)
        line = self.lines[number]
        mark, mark_style, text_style = MARKS.get(line.kind, ("  ", "", ""))
        over = base + self._get_style(mark_style) if mark_style and not at else base
        under = (base + self._get_style(text_style) if text_style else base).rich_style
        starts = [*cuts(line.text, self._index.width), len(line.text)]
        pieces = [(mark if not at else "  ", over.rich_style)]
        return pieces + [(text, under + _rich(ink)) for text, ink in part(line.runs, starts[at], starts[at + 1])]

    def _selected(self, pieces: list[tuple[str, RichStyle]], row: int) -> list[Segment]:
        selection = self.text_selection
        span = selection.get_span(row) if selection is not None else None
        if span is None:
            return [Segment(text, style) for text, style in pieces]
        start, end = span
        light = self.screen.get_component_rich_style("screen--selection")
        segments, at = [], 0
        for text, style in pieces:
            stop = len(text) if end == -1 else max(0, min(len(text), end - at))
            begin = min(stop, max(0, start - at))
            for some, one in ((text[:begin], style), (text[begin:stop], style + light), (text[stop:], style)):
                if some:
                    segments.append(Segment(some, one))
            at += len(text)
        return segments

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, without the gutter and with folded lines whole."""
        first = selection.start.y if selection.start is not None else 0
        last = selection.end.y if selection.end is not None else self._index.total + len(self.closing) - 1
        parts: list[str] = []
        for row in range(first, min(last, self._index.total + len(self.closing) - 1) + 1):
            text = "".join(piece for piece, _ in self._pieces(row))
            start, end = selection.get_span(row) or (0, -1)
            text = text[max(GUTTER, start) : None if end == -1 else end]
            if parts and row < self._index.total and self._index.locate(row)[1]:
                parts[-1] += text
            else:
                parts.append(text)
        return "\n".join(one.rstrip() for one in parts), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw what is selected."""
        self.refresh()


def _rich(ink: Ink) -> RichStyle:
    return RichStyle(
        color=ink.color or None,
        bgcolor=ink.background or None,
        bold=ink.bold or None,
        dim=ink.dim or None,
        italic=ink.italic or None,
        underline=ink.underline or None,
        reverse=ink.reverse or None,
        strike=ink.strike or None,
    )
