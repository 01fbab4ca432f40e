"""An exception as lines: what happened, then the learner's own lines, the frames of libraries folded."""

from __future__ import annotations

from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.study.explaining import Explained
from tutor.ui.visible import visible, visible_line
from tutor.ui.widgets.code import code_lines, highlighted
from tutor.ui.widgets.explanations import explanation_lines
from tutor.ui.widgets.layout import EMPTY, behind, hang, styled

if TYPE_CHECKING:
    from tutor.runner.protocol.parts import Failure, Frame

FIRST, LAST = 4, 8
"""Of a long row of the learner's frames (a recursion) so many are shown from its start and its end."""


def failure_lines(
    failure: Failure, width: int, *, whole: bool = False, key: str = "t", explained: Explained | None = None
) -> list[Content]:
    """Lines for a failure: kind and message, then in words, then where; with `whole`, as Python prints it.

    `key` is the key that switches between the two, "" where there is none.
    """
    lines = [*headline(failure.kind, failure.message, width), *explanation_lines(explained, width)]
    if whole:
        return [*lines, EMPTY, *code_lines(failure.text or "(no traceback)", "text", width), *_key(key, "short", width)]
    body: list[Content] = []
    for learner, group in groupby(failure.frames, key=lambda frame: frame.learner):
        frames = list(group)
        if not learner:
            body += hang(styled(f"… {_folded(frames)}", ".flow--muted"), width)
            continue
        for number, frame in enumerate(frames):
            if len(frames) > FIRST + LAST and number == FIRST:
                left_out = len(frames) - FIRST - LAST
                body += hang(styled(f"… {left_out} more of your calls …", ".flow--muted"), width)
            if number < FIRST or number >= len(frames) - LAST:
                body += _frame(frame, width)
    return [*lines, *([EMPTY, *body] if body else []), *(_key(key, "whole", width) if failure.text else [])]


def headline(kind: str, message: str, width: int) -> list[Content]:
    """Kind and message of an exception; the message may have several lines."""
    title = styled(visible_line(kind) or "Error", ".flow--wrong").stylize("bold")
    text = visible(message).strip("\n")
    said = title + (Content(": ") + Content(text) if text else EMPTY)
    return hang(said, width, styled("✗ ", ".flow--wrong"))


def _key(key: str, what: str, width: int) -> list[Content]:
    return [EMPTY, *hang(styled(f"{key} shows the {what} traceback", ".flow--muted"), width)] if key else []


def _frame(frame: Frame, width: int) -> list[Content]:
    where = Content.assemble(
        (f"line {frame.line}", "bold"),
        f" of {visible_line(PurePath(frame.filename).name) or 'your code'}",
        "" if frame.function in ("", "<module>") else f", in {visible_line(frame.function)}",
    )
    lines = hang(where, width, styled("▸ ", ".flow--marker"))
    source = visible(frame.source).split("\n")[0]
    stripped = source.lstrip(" ")
    if stripped:
        cut = len(source) - len(stripped)
        lines += behind(code_lines(stripped, "python", width - 2), Content("  "))
        start, end = frame.column - cut, frame.end_column - cut
        fits = highlighted(stripped)[0].cell_length <= width - 4
        if frame.column >= 0 and 0 <= start < end <= len(stripped) and fits and (start, end) != (0, len(stripped)):
            left = Content(stripped[:start]).cell_length
            carets = "^" * max(1, Content(stripped[start:end]).cell_length)
            lines.append(Content(" " * (3 + left)) + styled(carets, ".flow--wrong"))
    return lines


def _folded(frames: list[Frame]) -> str:
    names = list(dict.fromkeys(_package(frame.filename) for frame in frames))
    count = f"{len(frames)} frame" + ("s" if len(frames) > 1 else "")
    return f"{count} in {', '.join(names[:3])}" + (" and others" if len(names) > 3 else "")


def _package(filename: str) -> str:
    parts = PurePath(filename).parts
    for anchor in ("site-packages", "dist-packages"):
        if anchor in parts[:-1]:
            return visible_line(PurePath(parts[parts.index(anchor) + 1]).stem)
    return "Python" if any(part.startswith("python3") for part in parts) else visible_line(PurePath(filename).stem)
