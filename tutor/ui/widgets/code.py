"""Code as coloured lines."""

from __future__ import annotations

from functools import lru_cache

from textual.content import Content, Span

from tutor.ui.visible import visible
from tutor.ui.widgets.layout import filled, folded
from tutor.ui.widgets.python_code import python_spans


@lru_cache(maxsize=512)
def highlighted(source: str, language: str = "python") -> tuple[Content, ...]:
    """The lines of `source`; an unknown language leaves them plain."""
    text = visible(source).rstrip("\n")
    return tuple(Content(text, _spans(text, language)).split("\n", allow_blank=True))


def _spans(text: str, language: str) -> list[Span]:
    if language in ("", "text", "output"):
        return []
    if language == "python":
        return list(python_spans(text))
    from tutor.ui.widgets.other_code import spans  # slow to import, and most code is Python

    return spans(text, language)


def code_lines(source: str, language: str, width: int, *, indent: int = 1) -> list[Content]:
    """A block of code on its own background, `width` cells wide; long lines go on behind a mark."""
    room = width - 2 * indent
    lines: list[Content] = []
    for line in highlighted(source, language):
        hanging = len(line.plain) - len(line.plain.lstrip(" ")) + 2
        lines += (part.pad_left(indent) for part in folded(line, room, hanging))
    return filled(lines, width, ".flow--code")
