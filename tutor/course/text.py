"""Blocks as plain lines of text: for `--plain`, for pipes and for screen readers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from tutor.course.blocks import (
    Aside,
    Callout,
    Formula,
    Heading,
    Image,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    ShownCode,
    Spans,
    Table,
)
from tutor.course.items import Block, Exercise, Predict, Quiz, Snippet

_NARROWEST = 8


CURVE_QUESTION = "Which way does the curve go? It 1 falls, 2 oscillates, 3 diverges, or stays 4 flat."
"""Stands below a prediction of a curve where no curves can be drawn."""


def lines(blocks: Sequence[Block], width: int) -> list[str]:
    """Lines of at most `width` terminal cells, an empty one between blocks.

    Code is indented by four and not wrapped: a broken line of code is another program. Text in backticks keeps them.
    """
    result: list[str] = []
    for block in blocks:
        part = list(_block(block, max(width, _NARROWEST)))
        if part:
            result += ["", *part] if result else part
    return result


def cell_width(text: str) -> int:
    """Terminal cells that `text` takes: two for wide characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrapped(text: str, width: int) -> list[str]:
    """`text` broken at spaces into lines of at most `width` cells; a longer word is cut."""
    result: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for word in paragraph.split():
            for piece in _pieces(word, width):
                size = cell_width(piece)
                if line and used + 1 + size > width:
                    result.append(line)
                    line, used = piece, size
                else:
                    line, used = (f"{line} {piece}", used + 1 + size) if line else (piece, size)
        result.append(line)
    return result


def _pieces(word: str, width: int) -> Iterator[str]:
    while cell_width(word) > width:
        taken, used = 0, 0
        while taken < len(word) and used + _character_width(word[taken]) <= width:
            used += _character_width(word[taken])
            taken += 1
        yield word[: max(taken, 1)]
        word = word[max(taken, 1) :]
    if word:
        yield word


def _block(block: Block, width: int) -> Iterator[str]:
    match block:
        case Heading():
            yield from wrapped("#" * block.level + " " + _text(block.spans), width)
        case Paragraph():
            yield from wrapped(_text(block.spans), width)
        case ListBlock():
            yield from _list(block, width)
        case Quote():
            yield from _indented(lines(block.blocks, width - 2), "> ", "> ")
        case Callout():
            yield from _indented([block.kind.upper(), *lines(block.blocks, width - 2)], "| ", "| ")
        case Aside():
            yield from wrapped(f"{block.summary}:", width)
            yield from _indented(lines(block.blocks, width - 2), "  ", "  ")
        case Table():
            yield from _table(block, width)
        case Formula():
            yield from (f"    {line}" for line in block.text.split("\n"))
        case Image():
            yield from wrapped(f"[picture: {block.alt or block.source}]", width)
        case ShownCode():
            yield from _code(block.source)
        case Rule():
            yield "-" * min(width, 40)
        case Snippet() | Exercise() | Quiz() | Predict():
            yield from _item(block, width)


def _item(item: Snippet | Exercise | Quiz | Predict, width: int) -> Iterator[str]:
    match item:
        case Snippet():
            if not item.hidden:
                yield from _code(item.code.source)
        case Exercise():
            yield f"[exercise {item.name}]"
            yield from _code(item.starter.source)
        case Quiz():
            yield f"[quiz {item.name}]"
            yield from lines(item.question, width)
            for number, option in enumerate(item.options, 1):
                head = f"{number}. "
                yield from _indented(lines(option.blocks, width - len(head)), head, " " * len(head))
        case Predict():
            yield f"[predict {item.name}]"
            yield from lines(item.question, width)
            yield from _code(item.code.source)
            if item.ask == "shape":
                yield f"What is the shape of {item.of}?"
            elif item.ask == "curve":
                yield CURVE_QUESTION


def _code(source: str) -> Iterator[str]:
    for line in source.split("\n"):
        yield f"    {line}" if line else ""


def _text(spans: Spans) -> str:
    """Styled text as plain text: code keeps its backticks, a link to elsewhere its address."""
    parts: list[str] = []
    for index, span in enumerate(spans):
        parts.append(f"`{span.text}`" if span.code else span.text)
        last = index + 1 == len(spans) or spans[index + 1].link != span.link
        if span.link.startswith(("http://", "https://")) and last and span.link not in span.text:
            parts.append(f" ({span.link})")
    return "".join(parts)


def _list(block: ListBlock, width: int) -> Iterator[str]:
    numbers = [f"{block.start + index}. " for index in range(len(block.items))] if block.start is not None else []
    for index, item in enumerate(block.items):
        head = numbers[index] if numbers else "- "
        if item.checked is not None:
            head += "[x] " if item.checked else "[ ] "
        rest = " " * cell_width(head)
        inner = [line for line in lines(item.blocks, width - len(head)) if line.strip() or len(item.blocks) > 1]
        yield from _indented(inner or [""], head, rest)


def _indented(inner: Sequence[str], first: str, rest: str) -> Iterator[str]:
    for index, line in enumerate(inner):
        yield ((rest if index else first) + line).rstrip()


def _table(table: Table, width: int) -> Iterator[str]:
    """Columns where they fit; else each row as lines of `heading: cell`."""
    header = [_text(cell) for cell in table.header]
    rows = [[_text(cell) for cell in row] for row in table.rows]
    sizes = [max(cell_width(row[column]) for row in [header, *rows]) for column in range(len(header))]
    if sum(sizes) + 2 * (len(sizes) - 1) <= width:
        yield _row(header, sizes, table.align)
        yield "  ".join("-" * size for size in sizes)
        for row in rows:
            yield _row(row, sizes, table.align)
        return
    for index, row in enumerate(rows):
        if index:
            yield ""
        for name, cell in zip(header, row, strict=True):
            yield from wrapped(f"{name}: {cell}" if name else cell, width)


def _row(cells: Sequence[str], sizes: Sequence[int], align: Sequence[str]) -> str:
    padded = []
    for cell, size, side in zip(cells, sizes, align, strict=True):
        room = size - cell_width(cell)
        before = room if side == "right" else room // 2 if side == "center" else 0
        padded.append(" " * before + cell + " " * (room - before))
    return "  ".join(padded).rstrip()
