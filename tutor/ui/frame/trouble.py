"""What is wrong, and what to do about it: one sentence above the results, or above a lesson."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from tutor.course.model import Lesson
from tutor.ui.session import SessionReader
from tutor.ui.visible import visible, visible_line


class TroubleLine(Static):
    """Hidden as long as all is well."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.display = False

    def say(self, sentence: str, below: Sequence[str] = ()) -> None:
        """Show a sentence and the lines `below` it, which stand in columns; or nothing for ""."""
        self.display = bool(sentence)
        if sentence:
            words = Content.styled("✗ ", "bold $text-error") + Content(visible_line(sentence))
            self.update(Content("\n").join([words, *(Content(f"  {visible(line)}") for line in below)]))


def flaw_of(lesson: Lesson) -> str:
    """What is wrong with a lesson that is shown all the same; "" when nothing is."""
    if not lesson.errors:
        return ""
    first, more = lesson.errors[0], len(lesson.errors) - 1
    others = f" And {more} more: `pytutor check` lists them." if more else ""
    return f"This lesson has an error. {first.path.name}, line {first.line}: {first.message.rstrip('.')}.{others}"


def trouble_of(reader: SessionReader) -> str:
    """Why no code can run now; "" when it can, or will be able to in a moment."""
    if reader.trouble is not None:
        return f"{reader.trouble} Once that is put right, ctrl+p and “Start another session” try again."
    transcript = reader.transcript
    if transcript.kernel is not None and not transcript.kernel.torch:
        lacks = f"{transcript.kernel.executable} has no torch: start `pytutor --python PATH` with a Python that has it."
        return f"{transcript.kernel.problem or lacks} `pytutor doctor` shows what is there."
    if transcript.kernel is None and transcript.kernel_death is not None:
        return f"The kernel died: {transcript.kernel_death.cause} ctrl+p and “Stop hard” start another one."
    return ""
