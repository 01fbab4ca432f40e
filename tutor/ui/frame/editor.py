"""The code editor of the lesson screen."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from tutor.ui.themes import EDITOR_ANSI, EDITOR_DARK, EDITOR_LIGHT, editor_theme


class Editor(TextArea):
    """Python with highlighting. Tab indents, escape leaves; posts `Left` then and `Edited` when the learner types."""

    key_help = (
        ("esc", "Leave the editor."),
        ("tab", "Indent."),
        ("ctrl+z ctrl+y", "Undo; redo."),
        ("shift+arrows", "Select; ctrl+r then runs only the selected lines."),
        ("ctrl+x ctrl+v", "Cut; paste."),
        ("ctrl+k ctrl+u", "Delete to the end of the line; to its beginning."),
    )
    """What the help says while the editor has the focus."""

    class Left(Message):
        """The learner pressed escape."""

    class Edited(Message):
        """The learner changed the text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            id=id,
            soft_wrap=False,
            tab_behavior="indent",
            show_line_numbers=True,
            line_number_start=1,
            max_checkpoints=200,
            placeholder="Nothing to run on this page. Try something of your own: ctrl+r runs it.",
        )
        self._loaded = ""

    def on_mount(self) -> None:
        """Take the colours of the app, now and whenever they change."""
        for theme in (EDITOR_DARK, EDITOR_LIGHT, EDITOR_ANSI):
            self.register_theme(theme)
        self.watch(self.app, "theme", self._follow_theme)

    def _follow_theme(self) -> None:
        self.theme = editor_theme(self.app.current_theme).name

    def show_code(self, text: str) -> None:
        """Show other code, with a new undo history."""
        # Highlighting comes with the first code and not with an empty editor: a page without code need not pay for it.
        if self.language is None and text:
            self.language = "python"
        self._loaded = text
        self.load_text(text)

    def replace_code(self, text: str) -> None:
        """Change all of the text as if it had been typed: undo brings the former text back."""
        self.replace(text, (0, 0), self.document.end)

    @property
    def code_to_run(self) -> tuple[str, int]:
        """The selected lines, or everything, and the 1-based line on which that begins."""
        if self.selected_text.strip():
            first, last = sorted((self.selection.start, self.selection.end))
            stop = last[0] if last[1] or last[0] == first[0] else last[0] - 1
            lines = self.text.split("\n")[first[0] : stop + 1]
            return "\n".join(lines), first[0] + 1
        return self.text, 1

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell of what was typed, not of what was loaded."""
        event.stop()
        if self.text != self._loaded:
            self._loaded = self.text
            self.post_message(self.Edited(self.text))

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.post_message(self.Left())
            return
        await super()._on_key(event)
