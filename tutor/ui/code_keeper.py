"""The code of the desk in the editor: shown, kept while it is typed, and changed so that undo brings it back."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from tutor.course.items import Exercise
from tutor.study import Study
from tutor.ui.desk import Desk, WithCode
from tutor.ui.drafts import After, DraftKeeper
from tutor.ui.frame.editor import Editor
from tutor.ui.visible import visible_line


class CodeKeeper(DraftKeeper[WithCode]):
    """Keeps editor and store at one another. `saved` is called after a text was written to the store."""

    def __init__(
        self,
        study: Study,
        desk: Desk,
        editor: Editor,
        say: Callable[[str], None],
        saved: Callable[[], None],
        after: After,
    ) -> None:
        super().__init__(self._write, after)
        self._study = study
        self._desk = desk
        self._editor = editor
        self._say = say
        self._saved = saved
        self._stored = ""
        """The text of the editor's item as this window knows it to be stored."""

    def show(self) -> None:
        """The editor belongs to another item now."""
        item = self._desk.with_code
        self._editor.read_only = item is None
        self._stored = self._study.code_for(self._desk.lesson, item) if item is not None else ""
        # Numbered as in the lesson's file, which is how tracebacks and checks speak of lines.
        self._editor.show_code(self._stored, item.code.line if item is not None else 1)
        name = getattr(item, "name", "") or getattr(getattr(item, "code", None), "name", "")
        self._editor.border_title = Content(f" Code · {visible_line(name)} " if name else " Code ")

    def typed(self, text: str) -> None:
        """The text of the editor has changed."""
        if self._desk.with_code is not None:
            self.changed(self._desk.with_code, text)

    def _write(self, item: WithCode, text: str) -> None:
        lesson = self._desk.lesson
        stored = self._study.code_for(lesson, item)
        if stored not in (self._stored, text) and item is self._desk.with_code:
            self._editor.keep_in_history(stored)
            self._say("Another window has changed this code too. Yours is kept; ctrl+z in the editor shows the other.")
        self._study.save_draft(lesson, item, text)
        self._stored = text
        self._saved()

    def reset(self) -> None:
        """Put the lesson's own code back."""
        item = self._desk.with_code
        if item is not None:
            code = item.starter if isinstance(item, Exercise) else item.code
            self._editor.replace_code(code.source)
            self._say("The lesson's code is back. ctrl+z in the editor brings yours back.")

    def edit(self, elsewhere: Callable[[str], str | None]) -> None:
        """Have the code edited elsewhere; None from there leaves it as it is."""
        if self._desk.with_code is None:
            self._say("This page has no code to edit.")
            return
        self.flush()
        changed = elsewhere(self._editor.text)
        if changed is not None and changed != self._editor.text:
            self._editor.replace_code(changed)
