"""The lines of the course map: lessons with a mark, a bar, percent and minutes."""

from __future__ import annotations

from textual.content import Content

from tutor.course.model import LessonEntry
from tutor.learning.outlook import Outlook
from tutor.study import LessonProgress
from tutor.ui.visible import visible_line

BAR = 10
"""Cells of a progress bar."""


def lesson_line(number: int, entry: LessonEntry, progress: LessonProgress | None, here: bool, width: int) -> Content:
    """A lesson as one line of `width` cells, with the minutes spent of those it takes; what is broken says where."""
    title = f"{number:02d}  {visible_line(entry.front.title or entry.path.stem)}"
    if entry.error is not None:
        why = f"  line {entry.error.line}: {visible_line(entry.error.message)}"
        line = Content.styled(f" ✗ {title}", "$text-error") + Content.styled(why, "$text-error")
        return line.truncate(width, ellipsis=True)
    mark, style = _mark(progress)
    right = _right(entry, progress) + Content(" ")
    room = max(8, width - right.cell_length - 4)
    notes = _notes(progress)
    name = Content(title).stylize("bold" if here else "").truncate(max(8, room - notes.cell_length), ellipsis=True)
    left = Content.styled(f" {mark} ", style) + name + notes
    return left.pad_right(max(1, width - left.cell_length - right.cell_length)) + right


def continue_line(entry: LessonEntry, page: int) -> Content:
    """The first line for somebody who has been here before."""
    title = visible_line(entry.front.title)
    return Content.styled(" ▶ Continue: ", "bold $text-accent") + Content.styled(f"{title}, page {page}", "bold")


def start_line(entry: LessonEntry) -> Content:
    """The first line for somebody who is new."""
    return Content.styled(" ▶ Start: ", "bold $text-accent") + Content.styled(visible_line(entry.front.title), "bold")


def review_line(outlook: Outlook) -> Content:
    """The line that begins a review."""
    count = "1 idea is" if outlook.due == 1 else f"{outlook.due} ideas are"
    line = Content.styled(" ↻ Review: ", "bold $text-warning") + Content.styled(f"{count} due", "bold")
    return line + Content.styled(outlook.ahead, "$foreground 65%")


def module_line(title: str, done: int, total: int) -> Content:
    """The heading of a part of the course."""
    line = Content.styled(f" {visible_line(title)}", "bold $text-primary")
    return line + Content.styled(f"  {done} of {total}", "$foreground 65%") if total else line


def bar(percent: int) -> str:
    """A bar of `BAR` cells; full only at 100, and never empty once something is done."""
    full = min(BAR, max(percent * BAR // 100, 1 if percent else 0))
    return "━" * full + "─" * (BAR - full)


def _notes(progress: LessonProgress | None) -> Content:
    """What wants to be looked at again, in words beside the title."""
    notes = Content("")
    if progress is not None and progress.changed:
        notes += Content.styled(f"  ↻ {progress.changed} changed", "$text-warning")
    if progress is not None and progress.due:
        notes += Content.styled(f"  {progress.due} due", "$text-warning")
    return notes


def _mark(progress: LessonProgress | None) -> tuple[str, str]:
    if progress is None or not progress.started:
        return "○", "$foreground 65%"
    return ("✓", "$text-success") if progress.total and progress.done == progress.total else ("●", "$text-warning")


def _right(entry: LessonEntry, progress: LessonProgress | None) -> Content:
    percent = progress.percent if progress is not None else 0
    empty = progress is not None and not progress.total
    spent = round(progress.seconds / 60) if progress is not None else 0
    minutes = f"{f'{spent}/' if spent else ''}{entry.front.minutes} min" if entry.front.minutes else ""
    style = "$text-success" if percent == 100 else "$text-primary"
    parts = [
        Content.styled(" " * BAR if empty else bar(percent), style if percent else "$foreground 35%"),
        Content(" " * 6 if empty else f" {percent:3d} %"),
        Content.styled(f" {minutes:>9}", "$foreground 65%"),
    ]
    return Content("").join(parts)
