"""What can be done with a kept run: draw it, compare it, take its code back, name, pin and delete it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.screen import Screen

from tutor.errors import TutorError, headed
from tutor.store.runs import RunRow
from tutor.study import Study
from tutor.ui.desk import Desk
from tutor.ui.frame.editor import Editor
from tutor.ui.gallery import Entry, Gallery
from tutor.ui.panes import KEYS
from tutor.ui.visible import visible_line

Say = Callable[[str], None]


class RunActions:
    """Does what the Runs pane asks for. `changed` is called when the gallery is to be drawn again."""

    def __init__(
        self,
        study: Study,
        desk: Desk,
        gallery: Gallery,
        editor: Editor,
        screen: Screen[None],
        say: Say,
        changed: Callable[[], None],
    ) -> None:
        self._study = study
        self._desk = desk
        self._gallery = gallery
        self._editor = editor
        self._screen = screen
        self._say = say
        self._changed = changed
        self._other: RunRow | None = None

    def do(self, what: str, entry: Entry) -> None:
        """Do it."""
        if what == "sort":
            self._say(f"Sorted: the {self._gallery.sort()} first.")
        elif what == "toggle":
            if sentence := self._gallery.toggle(entry.run):
                self._say(sentence)
        else:
            self._with_kept(what, entry)
        self._changed()

    def _with_kept(self, what: str, entry: Entry) -> None:
        runs = self._study.runs.of(self._desk.lesson.id, self._desk.tag)
        row = next((one for one in runs if one.run == entry.run), None)
        if row is None:
            self._say("This run has not ended yet: it is kept when it has.")
            return
        {
            "compare": self._compare,
            "restore": self._restore,
            "name": self._name,
            "pin": self._pin,
            "delete": self._delete,
        }[what](row)
        self._gallery.refresh()

    def toggle_reference(self) -> str:
        """Show or hide the lesson's own curve; what to say."""
        shown, self._gallery.with_reference = self._gallery.with_reference, True
        if not self._gallery.reference():
            return "This code has no curve of the lesson."
        self._gallery.with_reference = not shown
        return "The lesson's curve is drawn dim." if self._gallery.with_reference else "The lesson's curve is hidden."

    def export(self, kind: str) -> None:
        """Write the runs that are drawn into the current folder, and say where."""
        from tutor.commands.run_files import text_of, write_beside

        lesson = self._desk.lesson
        drawn = {entry.run for entry, _ in self._gallery.shown()}
        runs = [one for one in self._study.runs.of(lesson.id, self._desk.tag) if one.run in drawn]
        if not runs:
            self._say(f"No run is drawn: the Runs tab ({KEYS['runs']}) shows which are, and space draws one.")
            return
        text = text_of(
            kind,
            runs,
            self._study.runs.series,
            headed(lesson.title, runs[0].label) if runs[0].label != lesson.title else lesson.title,
        )
        try:
            path = write_beside(Path.cwd(), f"pytutor-{lesson.path.stem}-runs", kind, text)
        except (TutorError, OSError) as error:
            self._say(str(error))
            return
        self._say(f"{len(runs)} {'run' if len(runs) == 1 else 'runs'} written to {path}")

    def _compare(self, row: RunRow) -> None:
        from tutor.ui.screens.compare import Compare

        other, self._other = self._other, None
        if other is None or other.run == row.run or other.key != row.key:
            self._other = row
            self._say(f"Run {row.number} with which one? Choose it and press c.")
            return
        self._screen.app.push_screen(Compare(other, row))

    def _restore(self, row: RunRow) -> None:
        if not row.code:
            self._say("The code of this run was too long to be kept.")
        elif row.code == self._editor.text:
            self._say("This code is in the editor already.")
        else:
            self._editor.replace_code(row.code)
            self._say(f"The code of run {row.number} is in the editor. ctrl+z there brings yours back.")

    def _name(self, row: RunRow) -> None:
        from tutor.ui.screens.ask import Ask

        def named(name: str | None) -> None:
            if name is not None:
                self._study.runs.rename(row.run, name)
                self._gallery.refresh()
                self._changed()

        question = f"A name for run {row.number}. Named runs stay however many follow."
        self._screen.app.push_screen(Ask(question, visible_line(row.name)), named)

    def _pin(self, row: RunRow) -> None:
        self._study.runs.pin(row.run, not row.pinned)
        self._say(f"Run {row.number} stays however many follow." if not row.pinned else f"Run {row.number} may go.")

    def _delete(self, row: RunRow) -> None:
        from tutor.ui.screens.confirm import Confirm

        def answered(yes: bool | None) -> None:
            if yes:
                self._study.runs.delete(row.run)
                self._gallery.refresh()
                self._changed()

        question = f"Delete run {row.number}{f' ({visible_line(row.name)})' if row.name else ''} with its curve?"
        self._screen.app.push_screen(Confirm(question, "Delete", "Keep"), answered)
