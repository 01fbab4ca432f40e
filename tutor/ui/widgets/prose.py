"""Blocks of a lesson as lines of styled text at a given width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.content import Span as StyleSpan

from tutor.course.blocks import (
    Aside,
    Callout,
    Formula,
    Heading,
    Image,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    ShownCode,
    Spans,
    Table,
)
from tutor.course.items import Block
from tutor.ui.visible import visible, visible_line
from tutor.ui.widgets.code import code_lines
from tutor.ui.widgets.layout import EMPTY, barred, behind, boxed, folded, hang, styled
from tutor.ui.widgets.tables import table_lines

CALLOUTS = {
    "note": ("Note", ".flow--note"),
    "tip": ("Tip", ".flow--tip"),
    "important": ("Important", ".flow--important"),
    "warning": ("Warning", ".flow--warning"),
    "caution": ("Caution", ".flow--caution"),
}


def inline(spans: Spans) -> Content:
    """Styled running text. Links keep their text and show where they lead in the palette of the page, not here."""
    text: list[str] = []
    styles: list[StyleSpan] = []
    at = 0
    for span in spans:
        piece = visible(span.text)
        end = at + len(piece)
        for wanted, style in (
            (span.bold, "bold"),
            (span.italic, "italic"),
            (span.strike, "strike"),
            (span.code, ".flow--inline"),
            (span.math, ".flow--math"),
            (bool(span.link), ".flow--link"),
        ):
            if wanted and piece:
                styles.append(StyleSpan(at, end, style))
        text.append(piece)
        at = end
    return Content("".join(text), styles)


def lay(blocks: Iterable[Block], width: int) -> list[Content]:
    """Lines of `blocks`, one blank line between two of them. Items of a lesson are cards, not prose: left out here."""
    lines: list[Content] = []
    for block in blocks:
        more = block_lines(block, width)
        if lines and more:
            lines.append(EMPTY)
        lines += more
    return lines


def block_lines(block: Block, width: int) -> list[Content]:
    """Lines of one block, at most `width` cells wide."""
    width = max(8, width)
    if isinstance(block, Paragraph):
        return hang(inline(block.spans), width)
    if isinstance(block, Heading):
        return hang(inline(block.spans).stylize(".flow--heading"), width)
    if isinstance(block, ListBlock):
        return _list(block, width)
    if isinstance(block, ShownCode):
        return code_lines(block.source, block.language, width)
    if isinstance(block, Callout):
        title, style = CALLOUTS.get(block.kind, (visible_line(block.kind).title(), ".flow--note"))
        return barred([styled(title, style).stylize("bold"), *lay(block.blocks, width - 2)], style)
    if isinstance(block, Quote):
        bar = styled("│ ", ".flow--rule")
        return behind(lay(block.blocks, width - 2), bar, bar)
    if isinstance(block, Aside):
        bar = styled("│ ", ".flow--rule")
        summary = hang(Content(visible_line(block.summary)).stylize("bold"), width - 2)
        return behind([*summary, *lay(block.blocks, width - 2)], bar, bar)
    if isinstance(block, Table):
        cells = [[inline(cell) for cell in row] for row in block.rows]
        return table_lines([inline(cell) for cell in block.header], cells, block.align, width)
    if isinstance(block, Formula):
        return [
            part.pad_left(4)
            for line in styled(visible(block.text).strip("\n"), ".flow--math").split("\n", allow_blank=True)
            for part in folded(line, width - 4, 2)
        ]
    if isinstance(block, Image):
        alt = visible_line(block.alt) or f"a picture without a description{_file_of(block.source)}"
        return boxed(hang(Content(alt), width - 4), width, "picture", ".flow--rule")
    if isinstance(block, Rule):
        return [styled("─" * width, ".flow--rule")]
    return []


def _file_of(source: str) -> str:
    """The name of a picture's file, as far as it says something."""
    name = visible_line(source.partition("?")[0].rpartition("/")[2])
    return f": {name[:60]}" if name and not source.startswith("data:") else ""


def _list(block: ListBlock, width: int) -> list[Content]:
    markers = _markers(block)
    loose = any(len(item.blocks) > 1 and not isinstance(item.blocks[1], ListBlock) for item in block.items)
    lines: list[Content] = []
    for item, marker in zip(block.items, markers, strict=True):
        body = _item(item, width - marker.cell_length)
        if lines and loose:
            lines.append(EMPTY)
        lines += behind(body or [EMPTY], marker)
    return lines


def _item(item: ListItem, width: int) -> list[Content]:
    lines: list[Content] = []
    for block in item.blocks:
        if lines and not isinstance(block, ListBlock):
            lines.append(EMPTY)
        lines += block_lines(block, width)
    return lines


def _markers(block: ListBlock) -> Sequence[Content]:
    if block.start is not None:
        numbers = [f"{number}." for number in range(block.start, block.start + len(block.items))]
        size = max((len(number) for number in numbers), default=0)
        return [styled(f"{number:>{size}} ", ".flow--marker") for number in numbers]
    boxes = {None: "• ", False: "☐ ", True: "☑ "}
    return [styled(boxes[item.checked], ".flow--marker") for item in block.items]
