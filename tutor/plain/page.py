"""A lesson page as lines of text, its items numbered so that a command can name them."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.course.items import Block, Exercise, Predict, Quiz, Snippet
from tutor.course.model import Lesson, Page
from tutor.course.text import CURVE_QUESTION, lines
from tutor.errors import headed
from tutor.learning.state import ItemState

WIDTH = 76


def page_lines(lesson: Lesson, page: Page, states: Mapping[str, ItemState]) -> list[str]:
    """The whole page. Items carry the number that `Page.items` gives them, counted from 1."""
    number = {item.key: place for place, item in enumerate(page.items, 1)}
    out = [headed(headed(lesson.title, f"page {page.number} of {len(lesson.pages)}"), page.title), ""]
    prose: list[Block] = []
    for block in page.blocks:
        if isinstance(block, Snippet) and block.hidden:
            continue
        if not isinstance(block, Snippet | Exercise | Quiz | Predict):
            prose.append(block)
            continue
        out += lines(tuple(prose), WIDTH)
        prose.clear()
        if out[-1]:
            out.append("")
        state = states[block.key]
        mark = "" if state.status.value == "new" else f" ({state.status.value})"
        head = f"[{number[block.key]}] "
        if isinstance(block, Snippet):
            out += [f"{head}Snippet{mark}. run {number[block.key]}", *indented(block.code.source)]
            if block.output is not None:
                out += ["It prints:", *indented(block.output)]
        elif isinstance(block, Exercise):
            place = number[block.key]
            out += [f"{head}Exercise {block.name}{mark}. write, edit or load {place}, then check {place}"]
            out += indented(block.code.source)
        elif isinstance(block, Quiz):
            out += [f"{head}Question{mark}. answer {number[block.key]} N", *lines(block.question, WIDTH)]
            for place, option in enumerate(block.options, 1):
                first, *rest = lines(option.blocks, WIDTH - 4) or [""]
                out += [f"  {place}. {first}", *(f"     {line}" for line in rest)]
        else:
            out += [f"{head}Predict{mark}. answer {number[block.key]} TEXT", *lines(block.question, WIDTH)]
            out += indented(block.code.source)
            if block.ask == "shape":
                out.append(f"What is the shape of {block.of}?")
            elif block.ask == "curve":
                out.append(CURVE_QUESTION)
        out.append("")
    return out + lines(tuple(prose), WIDTH)


def indented(text: str) -> list[str]:
    """Code and output, set off by four spaces."""
    return ["    " + line for line in text.rstrip("\n").split("\n")]
