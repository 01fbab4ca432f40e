"""Any file that can be walked through, as a lesson: ours as it is, others converted."""

from __future__ import annotations

from pathlib import Path

from tutor.course.front_matter import head
from tutor.exchange.formats import as_notebook, read_document, read_text
from tutor.exchange.lesson_text import Converted, as_lesson


def convert(path: Path) -> Converted:
    """The lesson that a file is, or is turned into.

    Raises `TutorError` for a file that cannot be read, is no notebook, or would not keep its code.
    """
    text = read_text(path)
    own = _own(path, text)
    return Converted(own, ()) if own is not None else as_lesson(read_document(path, text), path)


def _own(path: Path, text: str) -> str | None:
    """The text of a lesson of ours, also where it was exported to a notebook; None for other files."""
    if path.suffix == ".md":
        return text if _is_lesson(text) else None
    if '"id: ' not in text and "\\nid: " not in text and "# id: " not in text:
        return None
    import jupytext

    back: str = jupytext.writes(as_notebook(path, text), "md")
    return back if _is_lesson(back) else None


def _is_lesson(text: str) -> bool:
    """Whether the front matter has what every lesson has and other Markdown has not."""
    fields = {line.partition(":")[0] for line in (head(text) or "").split("\n")}
    return {"id", "title"} <= fields
