"""Lines of text as `Content`: wrapped with hanging indents, put behind bars, into boxes and onto backgrounds.

Everything here takes a width in cells and returns single-line contents of at most that width. Styles are names of the
component classes that `Flow` declares, written with a leading dot.
"""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content, Span

CONTINUED = "↳"
"""Begins what is left of a code line that was too long; `joined` takes it out again when text is copied."""

EMPTY = Content("")


def styled(text: str, style: str) -> Content:
    """`text` in one style; the text is data, never markup."""
    return Content(text, [Span(0, len(text), style)]) if text and style else Content(text)


def tick(right: bool) -> Content:
    """The mark before what was right, or wrong."""
    return styled("✓ ", ".flow--right") if right else styled("✗ ", ".flow--wrong")


def joined(lines: list[Content]) -> Content:
    """Lines as one content."""
    return Content("\n").join(lines)


def hang(content: Content, width: int, first: Content = EMPTY, rest: Content | None = None) -> list[Content]:
    """`content` wrapped at words to `width`, its first line behind `first`, the others behind `rest`.

    `rest` is as many blanks as `first` has cells, unless given. A word that is longer than the line is folded.
    """
    if rest is None:
        rest = Content(" " * first.cell_length)
    lines = content.wrap(max(4, width - max(first.cell_length, rest.cell_length)))
    return [(rest if number else first) + line for number, line in enumerate(lines)]


def behind(lines: list[Content], first: Content, rest: Content | None = None) -> list[Content]:
    """`lines`, each behind a prefix; blank lines keep it without its trailing blanks."""
    rest = Content(" " * first.cell_length) if rest is None else rest
    marks = [rest if number else first for number in range(len(lines))]
    return [mark + line if line else mark.rstrip() for mark, line in zip(marks, lines, strict=True)]


def barred(lines: list[Content], style: str) -> list[Content]:
    """`lines` (made for `width - 2` cells), each behind a bar."""
    bar = styled("▌ ", style)
    return behind(lines, bar, bar)


def filled(lines: list[Content], width: int, style: str) -> list[Content]:
    """`lines` padded to `width` on a background."""
    return [line.pad_right(max(0, width - line.cell_length)).stylize_before(style) for line in lines]


def boxed(lines: list[Content], width: int, title: str, style: str) -> list[Content]:
    """`lines` (made for `width - 4` cells) in a round frame with a title."""
    head = f"─ {title} " if cell_len(title) + 6 <= width else ""
    top = styled("╭" + head + "─" * (width - 2 - cell_len(head)) + "╮", style)
    side = styled("│", style)
    middle = [
        side + Content(" ") + line.pad_right(max(0, width - 4 - line.cell_length)) + Content(" ") + side
        for line in lines
    ]
    return [top, *middle, styled("╰" + "─" * (width - 2) + "╯", style)]


def folded(line: Content, width: int, hanging: int = 0) -> list[Content]:
    """One line cut to `width` cells, before a blank where one is near, else anywhere.

    Nothing is taken away: what is left goes on behind `CONTINUED`, `hanging` cells in.
    """
    mark = Content(" " * min(hanging, width // 2)) + styled(CONTINUED, ".flow--muted")
    lines: list[Content] = []
    room = max(2, width)
    while line.cell_length > room:
        head = line.fold(room)[0].plain
        blank = head.rfind(" ")
        indent = len(head) - len(head.lstrip(" "))
        cut = blank if blank > max(indent, len(head) // 2) else len(head)
        lines.append(mark + line[:cut] if lines else line[:cut])
        line, room = line[cut:], max(2, width - mark.cell_length)
    return [*lines, mark + line if lines else line]


def rejoined(text: str) -> str:
    """Copied text with folded lines put together again."""
    whole: list[str] = []
    for part in text.split("\n"):
        if whole and part.lstrip(" ").startswith(CONTINUED):
            whole[-1] += part.lstrip(" ")[len(CONTINUED) :].rstrip()
        else:
            whole.append(part.rstrip())
    return "\n".join(whole)
