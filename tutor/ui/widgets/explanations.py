"""An error or a training in plain words, as lines: behind a bar, with the code in it set apart."""

from __future__ import annotations

from textual.content import Content

from tutor.study.explaining import Explained
from tutor.ui.visible import visible_line
from tutor.ui.widgets.layout import EMPTY, behind, hang, styled


def explanation_lines(explained: Explained | None, width: int) -> list[Content]:
    """What happened, what to do, and where it is taught; [] for an error that nobody explains."""
    if explained is None:
        return []
    lines = [*hang(marked(explained.what), width - 2)]
    if explained.repair:
        lines += hang(marked(explained.repair), width - 2, styled("→ ", ".flow--tip"))
    if explained.lesson:
        lines += hang(styled(f"Taught in {visible_line(explained.lesson)}", ".flow--muted"), width - 2)
    bar = styled("▌ ", ".flow--note")
    return [EMPTY, *behind(lines, bar, bar)]


def marked(text: str) -> Content:
    """Text in which code stands between backticks."""
    parts = []
    for number, part in enumerate(visible_line(text).split("`")):
        parts.append(styled(part, ".flow--inline") if number % 2 else Content(part))
    return Content("").join(parts)
