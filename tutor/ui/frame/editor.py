"""The code editor of the lesson screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tutor.ui.frame.highlighting import PYTHON
from tutor.ui.frame.indenting import STEP, begin_after, dedented, indented
from tutor.ui.themes import EDITOR_ANSI, EDITOR_DARK, EDITOR_LIGHT, editor_theme

BURST = 0.03
"""Keys that follow each other within so many seconds are pasted, not typed: their indentation is theirs."""


class Editor(TextArea):
    """Python with highlighting. Tab indents, escape leaves; posts `Left` then and `Edited` when the learner types."""

    key_help = (
        ("esc", "Leave the editor."),
        ("tab shift+tab", "Indent the line or the selected lines; take it back."),
        ("ctrl+z ctrl+y", "Undo; redo."),
        ("shift+arrows", "Select; ctrl+r then runs only the selected lines."),
        ("ctrl+a", "Select all of it, to write something else in its place."),
        ("ctrl+x ctrl+v", "Cut; paste."),
        ("ctrl+k ctrl+u", "Delete to the end of the line; to its beginning."),
    )
    """What the help says while the editor has the focus."""

    # Textual's own key for it, f7, turns the page here; its ctrl+a goes to the beginning of the line, as home does.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+a", "select_all", "Select all", show=False, tooltip="Select all of the code", id="editor.all")
    ]

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
            placeholder="This page has no code to run.",
        )
        self._loaded = ""
        self._last_key = 0.0

    def on_mount(self) -> None:
        """Take the colours of the app, now and whenever they change."""
        for theme in (EDITOR_DARK, EDITOR_LIGHT, EDITOR_ANSI):
            self.register_theme(theme)
        self.watch(self.app, "theme", self._follow_theme)

    def _follow_theme(self) -> None:
        self.theme = editor_theme(self.app.current_theme).name

    def show_code(self, text: str, first_line: int = 1) -> None:
        """Show other code, with a new undo history; lines are numbered from `first_line`."""
        self.line_number_start = first_line
        # Highlighting comes with the first code and not with an empty editor: a page without code need not pay for it.
        if self.language is None and text:
            self.update_highlight_query("python", PYTHON)
            self.set_reactive(TextArea.language, "python")  # loading the text takes it up: once, and not twice
        self._loaded = text
        self.load_text(text)

    def replace_code(self, text: str) -> None:
        """Change all of the text as if it had been typed: undo brings the former text back."""
        self.replace(text, (0, 0), self.document.end)

    def keep_in_history(self, text: str) -> None:
        """Make `text` what undo brings back next; the text that is shown and the cursor stay."""
        mine, selection = self.text, self.selection
        self._loaded = mine
        self.history.checkpoint()
        self.replace_code(text)
        self.history.checkpoint()
        self.replace_code(mine)
        self.selection = selection

    @property
    def code_to_run(self) -> tuple[str, int]:
        """The selected lines, or everything, and the 1-based line on which that begins."""
        if self.selected_text.strip() and self.selected_text != self.text:
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
        typed = event.time - self._last_key > BURST
        self._last_key = event.time
        if not self.read_only and self._indent(event.key, typed=typed):
            event.stop()
            event.prevent_default()
            return
        if (bound := self._bindings.key_to_bindings.get(event.key)) is not None:
            # At once, and not when the key has bubbled up: in a burst, as a slow connection delivers it, the letters
            # behind a key would otherwise overtake it.
            event.stop()
            event.prevent_default()
            await self.run_action(bound[0].action)
            return
        await super()._on_key(event)

    def _indent(self, key: str, *, typed: bool) -> bool:
        """Do what a key does to the indentation; False when that is nothing special."""
        (row, column), (last, _) = sorted((self.selection.start, self.selection.end))
        if key == "enter" and typed and self.selection.is_empty:
            self.insert("\n" + begin_after(self.document[row][:column]))
            return True
        if key == "shift+tab":
            self._change_lines(row, last, dedented)
            return True
        if key == "tab" and row != last:
            self._change_lines(row, last, indented)
            return True
        if key == "backspace" and self.selection.is_empty and column and not self.document[row][:column].strip(" "):
            self.delete((row, (column - 1) // len(STEP) * len(STEP)), (row, column))
            return True
        return False

    def _change_lines(self, first: int, last: int, change: Callable[[str], str]) -> None:
        """Change whole lines; cursor and selection stay at their text."""
        lines = [self.document[row] for row in range(first, last + 1)]
        changed = [change(line) for line in lines]
        if changed == lines:
            return
        (row, column), (end_row, end_column) = self.selection
        self.replace("\n".join(changed), (first, 0), (last, len(lines[-1])), maintain_selection_offset=False)
        moved = [len(after) - len(before) for before, after in zip(lines, changed, strict=True)]
        self.selection = Selection(
            (row, max(0, column + moved[row - first])), (end_row, max(0, end_column + moved[end_row - first]))
        )
