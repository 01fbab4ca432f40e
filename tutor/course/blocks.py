"""What the prose of a page is made of: frozen values, all text of them plain data without markup or terminal codes.

`line` is everywhere the 1-based line of the lesson file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.course.items import Block


@dataclass(frozen=True)
class Span:
    """A run of text with one style. `math` text is already Unicode; `source` then holds the LaTeX."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    strike: bool = False
    math: bool = False
    link: str = ""
    source: str = ""


Spans = tuple[Span, ...]


def plain(spans: Spans) -> str:
    """The text of spans without their styles."""
    return "".join(span.text for span in spans)


@dataclass(frozen=True)
class Heading:
    """A heading inside a page, level 3 to 6 (a level-2 heading begins a page)."""

    level: int
    spans: Spans
    line: int = 0


@dataclass(frozen=True)
class Paragraph:
    """Running text. A hard line break is a "\\n" inside a span's text."""

    spans: Spans
    line: int = 0


@dataclass(frozen=True)
class ListItem:
    """One item of a list; `checked` is None for an ordinary item, else the state of its task box."""

    blocks: tuple[Block, ...]
    checked: bool | None = None


@dataclass(frozen=True)
class ListBlock:
    """A list; `start` is the first number of an ordered one, None for bullets."""

    items: tuple[ListItem, ...]
    start: int | None = None
    line: int = 0


@dataclass(frozen=True)
class Quote:
    """A block quote."""

    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True)
class Callout:
    """A GitHub alert; `kind` is note, tip, important, warning or caution."""

    kind: str
    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True)
class Aside:
    """A `<details class="note">`, or one without a class: shown folded under `summary`."""

    summary: str
    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True)
class Table:
    """A pipe table. `align` holds "left", "right", "center" or "" per column; every row has as many cells."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    align: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True)
class Formula:
    """A displayed formula: Unicode text and the LaTeX it came from."""

    text: str
    latex: str
    line: int = 0


@dataclass(frozen=True)
class Image:
    """A picture, shown by its alt text."""

    alt: str
    source: str
    line: int = 0


@dataclass(frozen=True)
class ShownCode:
    """Code or text that is shown and never run. `language` is the fence's word ("" for none)."""

    language: str
    source: str
    line: int = 0


@dataclass(frozen=True)
class Rule:
    """A thematic break."""

    line: int = 0


Prose = Heading | Paragraph | ListBlock | Quote | Callout | Aside | Table | Formula | Image | ShownCode | Rule
