"""What keeps code from running, and what to do about it: one sentence above the results."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tutor.ui.session import SessionReader
from tutor.ui.visible import visible_line


class TroubleLine(Static):
    """Hidden as long as code can run."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.display = False

    def say(self, sentence: str) -> None:
        """Show a sentence, or nothing for ""."""
        self.display = bool(sentence)
        if sentence:
            self.update(Content.styled("✗ ", "bold $text-error") + Content(visible_line(sentence)))


def trouble_of(reader: SessionReader) -> str:
    """Why no code can run now; "" when it can, or will be able to in a moment."""
    if reader.trouble is not None:
        return f"{reader.trouble} Once that is put right, ctrl+p and “Start another session” try again."
    transcript = reader.transcript
    if transcript.kernel is not None and not transcript.kernel.torch:
        problem = transcript.kernel.problem or f"{transcript.kernel.executable} has no torch."
        return f"No torch: {problem} Start `pytutor --python PATH` with a Python that has it; `pytutor doctor` helps."
    if transcript.kernel is None and transcript.kernel_death is not None:
        return f"The kernel died: {transcript.kernel_death.cause} ctrl+p and “Stop hard” start another one."
    return ""
