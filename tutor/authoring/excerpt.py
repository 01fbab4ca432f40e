"""The source line of a problem with a caret below its column."""

from __future__ import annotations

from tutor.course.characters import visible
from tutor.course.text import cell_width


def excerpt(line: str, column: int, width: int) -> tuple[str, str]:
    """The line, and the line with the caret; of a line longer than `width` the part around `column`, from 1.

    Both are safe for a terminal, and as wide in its cells as they look.
    """
    shown, at = visible(line).replace("\t", " ").rstrip(), column - 1
    start = max(0, at - width + 20) if len(shown) > width else 0
    return shown[start : start + width], f"{' ' * cell_width(shown[start:at])}^"
