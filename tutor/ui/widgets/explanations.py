"""An error or a training in plain words, as lines: behind a bar, with the code in it set apart."""

from __future__ import annotations

from textual.content import Content

from tutor.study.autopsy import Remark
from tutor.study.explaining import Explained
from tutor.ui.visible import visible_line
from tutor.ui.widgets.layout import EMPTY, barred, hang, styled


def explanation_lines(explained: Explained | None, width: int) -> list[Content]:
    """What happened, what to do, and where it is taught; [] for an error that nobody explains."""
    if explained is None:
        return []
    lines = [*hang(marked(explained.what), width - 2)]
    if explained.repair:
        lines += hang(marked(explained.repair), width - 2, styled("→ ", ".flow--tip"))
    if explained.lesson:
        lines += hang(styled(f"Taught in {visible_line(explained.lesson)}", ".flow--muted"), width - 2)
    return [EMPTY, *barred(lines, ".flow--note")]


def remark_lines(remarks: tuple[Remark, ...], width: int, *, whole: bool = False, key: str = "w") -> list[Content]:
    """What was seen of a training: a line for each, with `whole` what to do about it and where it is taught too.

    `key` is the key that switches between the two, "" where there is none.
    """
    lines: list[Content] = []
    for number, remark in enumerate(remarks):
        if whole and number:
            lines.append(EMPTY)
        place = styled(remark.place, ".flow--muted")
        lines += hang(place + marked(remark.what), width - 2)
        if whole:
            lines += hang(marked(remark.remedy), width - 2, styled("→ ", ".flow--tip"))
            if remark.lesson:
                lines += hang(styled(f"Taught in {visible_line(remark.lesson)}", ".flow--muted"), width - 2)
    if not lines:
        return []
    if key:
        lines += hang(styled(f"{key} {'hides' if whole else 'says'} what to do", ".flow--muted"), width - 2)
    title = styled("Seen in this training", ".flow--warning").stylize("bold")
    return [EMPTY, *barred([title, *lines], ".flow--warning")]


def marked(text: str) -> Content:
    """Text in which code stands between backticks."""
    parts = []
    for number, part in enumerate(visible_line(text).split("`")):
        parts.append(styled(part, ".flow--inline") if number % 2 else Content(part))
    return Content("").join(parts)
