"""Walking over all that a lesson shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.course.blocks import Aside, Callout, Heading, ListBlock, Paragraph, Quote, Span, Table
from tutor.course.items import Block, Code, Exercise, Predict, Quiz, Snippet


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block and what it holds: lists, quotes, hints, solutions, options and answers too."""
    for block in blocks:
        yield block
        yield from walk(_inside(block))


def _inside(block: Block) -> list[Block]:
    match block:
        case ListBlock():
            return [inner for item in block.items for inner in item.blocks]
        case Quote() | Callout() | Aside():
            return list(block.blocks)
        case Exercise():
            answers = (block.solution, *block.alternatives, *block.mistakes)
            folded = [hint.blocks for hint in block.hints] + [answer.blocks for answer in answers]
            return [inner for blocks in folded for inner in blocks]
        case Quiz():
            options = [inner for option in block.options for inner in (*option.blocks, *option.why)]
            return [*block.question, *options, *block.more]
        case Predict():
            return [*block.question, *block.answer]
        case _:
            return []


def spans_of(block: Block) -> tuple[Span, ...]:
    """The styled text directly in a block."""
    match block:
        case Paragraph() | Heading():
            return block.spans
        case Table():
            return tuple(span for row in (block.header, *block.rows) for cell in row for span in cell)
        case _:
            return ()


def codes_of(item: Snippet | Predict | Exercise) -> Iterator[Code]:
    """All code of an item: of an exercise the starter, the tests, and every answer."""
    if isinstance(item, Exercise):
        yield item.starter
        yield from item.tests
        yield from (answer.code for answer in (item.solution, *item.alternatives, *item.mistakes))
    else:
        yield item.code
