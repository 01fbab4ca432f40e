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


def is_lesson(path: Path) -> bool:
    """Whether a file is a lesson of ours as it stands, or one that was exported. Raises `TutorError` as `convert`."""
    return _own(path, read_text(path)) is not None


def _own(path: Path, text: str) -> str | None:
    """The text of a lesson of ours, also where it was exported to a notebook; None for other files."""
    if path.suffix == ".md":
        return text if _has_head(text) else None
    if '"id: ' not in text and "\\nid: " not in text and "# id: " not in text:
        return None
    import jupytext

    back: str = jupytext.writes(as_notebook(path, text), "md")
    return back if _has_head(back) else None


def _has_head(text: str) -> bool:
    """Whether the front matter has what every lesson has and other Markdown has not."""
    fields = {line.partition(":")[0] for line in (head(text) or "").split("\n")}
    return {"id", "title"} <= fields
