"""A page with all that it hides: hints, answers, tests and hidden cells, for its author."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tutor.course.blocks import Heading, ListBlock, ListItem, ShownCode, Span
from tutor.course.items import Answer, Block, Code, Exercise, Predict, Quiz, Snippet
from tutor.course.model import Page


def opened(page: Page) -> Page:
    """The page with what its items hide written out below each of them."""
    return replace(page, blocks=tuple(_with_hidden(page.blocks)))


def _with_hidden(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Snippet) and block.hidden:
            yield from _titled("Hidden cell", block.code)
            continue
        yield block
        if isinstance(block, Exercise):
            yield from _exercise(block)
        elif isinstance(block, Quiz):
            yield _title("Answer")
            yield ListBlock(
                tuple(ListItem(option.why or option.blocks, checked=option.right) for option in block.options)
            )
            yield from block.more
        elif isinstance(block, Predict):
            yield _title("Answer")
            if block.expected is not None:
                yield ShownCode("text", block.expected)
            yield from block.answer


def _exercise(exercise: Exercise) -> Iterator[Block]:
    yield from _titled("Starter", exercise.starter)
    for test in exercise.tests:
        yield from _titled("Test", test)
    for number, hint in enumerate(exercise.hints, 1):
        yield _title(f"Hint {number} of {len(exercise.hints)}")
        yield from hint.blocks
    yield from _answer("Solution", exercise.solution)
    for alternative in exercise.alternatives:
        yield from _answer(f"Alternative: {alternative.summary}", alternative)
    for mistake in exercise.mistakes:
        yield from _answer(f"Mistake: {mistake.summary}", mistake)


def _answer(title: str, answer: Answer) -> Iterator[Block]:
    yield from _titled(title, answer.code)
    yield from answer.blocks


def _titled(title: str, code: Code) -> Iterator[Block]:
    yield _title(f"{title} · line {code.line}")
    yield ShownCode("python", code.source, code.line)


def _title(words: str) -> Heading:
    return Heading(4, (Span(words),))
