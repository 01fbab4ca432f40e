"""The lesson screen for its author: shows each save, runs what changed, and has the author's keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual.app import SuspendNotSupported
from textual.binding import BindingType

from tutor.authoring.changes import Place
from tutor.authoring.comparing import same_output, shown
from tutor.authoring.everything import opened
from tutor.authoring.lesson_run import line_of
from tutor.authoring.outputs import with_outputs
from tutor.course.items import Exercise, Predict, Snippet
from tutor.course.model import Page
from tutor.errors import TutorError
from tutor.runner.protocol.requests import Interrupt
from tutor.runner.transcript import RunRecord
from tutor.settings import Settings
from tutor.study import Study
from tutor.ui.desk import Desk
from tutor.ui.keys import bindings
from tutor.ui.panes import WIDE
from tutor.ui.preview.answers import Answers
from tutor.ui.preview.manuscript import Manuscript
from tutor.ui.preview.runs import Rerun
from tutor.ui.preview.watch import saves
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.session import Changes, SessionReader
from tutor.ui.workbench import Workbench

WIDTHS = (0, 80, 100, 120)
"""Columns at which the lesson is looked at; 0 is the whole terminal."""


class PreviewBench(Workbench):
    """Keeps the namespace from save to save: cells that the file no longer has are no other lesson's."""

    @property
    def executed(self) -> Mapping[str, str]:
        """What the namespace holds of the lesson as it is now."""
        own = {item.key for _, item in self._desk.lesson.items()}
        return {key: text for key, text in super().executed.items() if key.partition("#")[0] in own}

    def try_answer(self, exercise: Exercise, text: str) -> str:
        """Check an answer without taking it for the author's own; the check's id, "" when it could not be sent."""
        request = self._study.check_request(self._desk.lesson, exercise, text, self.executed)
        return request.run if self._send(replace(request, tag=f"{exercise.key}#answers")) else ""


class PreviewScreen(LessonScreen):
    """A lesson screen over a manuscript."""

    scopes: ClassVar[tuple[str, ...]] = ("lesson", "preview")
    CSS_PATH = "../screens/lesson.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("preview")

    def __init__(
        self, study: Study, reader: SessionReader, desk: Desk, settings: Settings, manuscript: Manuscript
    ) -> None:
        super().__init__(study, reader, desk, settings)
        self.workbench: PreviewBench
        self._manuscript = manuscript
        self._rerun = Rerun(self._run_snippet, lambda: reader.send(Interrupt()))
        self._everything = False
        self._width = 0
        self._differs: dict[int, str] = {}
        """First line of an output that is out of date -> what the cell prints now."""

    def make_workbench(self) -> PreviewBench:
        """The one that keeps the namespace.

        Its code draws at the size that it has in `pytutor check`, with which the outputs in the file are compared.
        """
        return PreviewBench(self._study, self.desk, self._reader, self.say, lambda request: request)

    async def on_mount(self) -> None:
        """Look at the file from now on; the page is shown by the base's own, which Textual calls too."""
        self.run_worker(self._follow(), name="watch", group="watch", exclusive=True, exit_on_error=False)

    async def _follow(self) -> None:
        async for _ in saves(self._manuscript.path):
            await self._take_save()

    # A save

    async def _take_save(self) -> None:
        reading = self._manuscript.take_save()
        self._show_problem()
        if reading.place is None and not reading.cells and self._manuscript.problem is not None:
            return
        scrolled, number = self.page.scroll_y, self.desk.page.number
        item = self.desk.item.key if self.desk.item is not None else ""
        self.drafts.drop()
        self._study.read_again()
        self.desk.open(self._manuscript.path.stem, number, item)
        self._forget_drafts()
        if reading.place is not None and reading.place.page != self.desk.page.number:
            self.desk.open(self._manuscript.path.stem, reading.place.page)
            scrolled = 0.0
        self._differs.clear()
        await self.show_page()
        self.page.scroll_to(y=scrolled, animate=False, force=True, immediate=True)
        if reading.place is not None and reading.place.page == self.desk.page.number:
            self.call_after_refresh(self._bring, reading.place)
        self._rerun.replace(reading.cells)

    def _forget_drafts(self) -> None:
        """The file is the truth: what was tried out in the editor gives way to what was saved."""
        lesson = self.desk.lesson
        for _, item in lesson.items():
            if isinstance(item, Snippet | Exercise | Predict):
                self._study.forget_draft(lesson, item)

    def _bring(self, place: Place) -> None:
        blocks = self.shown_page().blocks
        if place.block < len(self.desk.page.blocks):
            wanted = self.desk.page.blocks[place.block]
            if wanted in blocks:
                self.page.bring_block(blocks.index(wanted))

    def _show_problem(self) -> None:
        problem = self._manuscript.problem
        if problem is None:
            self.flaw.say(self._stale())
            return
        line, caret = self._manuscript.excerpt
        words = problem.message if problem.message.endswith(("?", ".")) else f"{problem.message}."
        more = self._manuscript.more_problems
        rest = f" ({more} more: pytutor check names them.)" if more else ""
        self.flaw.say(
            f"{problem.line}:{problem.column}: {words}{rest} Shown is the last good page.",
            (line, caret) if line.strip() else (),
        )

    def _stale(self) -> str:
        """What the newest runs say about the outputs in the file."""
        if not self._differs:
            return ""
        lines = sorted(self._differs)
        where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"
        return f"What is shown as output on {where} is out of date: w writes what was printed now."

    def shown_page(self) -> Page:
        """The page, with everything that it hides when the author wants that."""
        return opened(self.desk.page) if self._everything else self.desk.page

    async def show_page(self) -> None:
        """Show the page that the desk is at."""
        await super().show_page()
        self.header.page += " · preview"
        self._show_problem()

    # Runs

    def _run_snippet(self, snippet: Snippet) -> str:
        return self.workbench.run_item(snippet, snippet.code.source)

    def take_changes(self, changes: Changes) -> None:
        """Show what the session has said, and go on with the cells that wait."""
        super().take_changes(changes)
        for run in changes.finished:
            record = self._reader.record(run)
            if record is None:
                continue
            self._rerun.ended(record)
            self._compare(record)
            for screen in self.app.screen_stack:
                if isinstance(screen, Answers):
                    screen.ended(record)

    def _compare(self, record: RunRecord) -> None:
        """Look at whether the output in the file is what was printed now."""
        item = self.desk.lesson.item(record.tag)
        if isinstance(item, Snippet) and item.output is not None:
            written, line = item.output, item.output_line
        elif isinstance(item, Predict) and item.expected is not None:
            written, line = item.expected, item.expected_line
        else:
            return
        if record.outcome not in ("ok", "error") or record.source.strip() != item.code.source.strip():
            return
        if same_output(shown(record), written):
            self._differs.pop(line, None)
        else:
            self._differs[line] = shown(record)
        self._show_problem()

    # The author's keys

    async def action_everything(self) -> None:
        """Show what the page hides, and hide it again."""
        self._everything = not self._everything
        scrolled = self.page.scroll_y
        await self.show_page()
        self.page.scroll_to(y=scrolled, animate=False, force=True, immediate=True)
        self.say("Everything is shown." if self._everything else "Shown as learners see it.")

    def action_answers(self) -> None:
        """Check every answer of the selected exercise."""
        exercise = self.coach.exercise
        if exercise is None:
            self.say("Only an exercise has answers to check: select one on the page.")
        elif self._ready("answers"):
            self.app.push_screen(Answers(exercise, lambda source: self.workbench.try_answer(exercise, source)))

    def action_accept(self) -> None:
        """Write the newest outputs into the file."""
        if not self._differs:
            self.say("No output is out of date: run a cell with an output below it first.")
            return
        try:
            text = with_outputs(self._manuscript.text, self._differs)
            self._manuscript.path.write_text(text, encoding="utf-8", newline="\n")
        except (OSError, UnicodeDecodeError) as error:
            self.say(f"The file could not be written: {error}.")
            return
        self.say("Written. The file is read again.")

    def action_edit_outside(self) -> None:
        """Open the lesson file in $EDITOR at the selected item."""
        from tutor.ui.external_editor import editor_command, open_at

        line = line_of(self.desk.item) if self.desk.item is not None else self.desk.page.line
        try:
            command = editor_command()
            with self.app.suspend():
                open_at(self._manuscript.path, line, command)
        except TutorError as error:
            self.say(str(error))
        except SuspendNotSupported:
            self.say("This terminal cannot be lent to another program.")

    def action_width(self) -> None:
        """Look at it at another width."""
        room = self.size.width
        fitting = [width for width in WIDTHS if width < room]
        after = [width for width in fitting if width > self._width]
        self._width = after[0] if after else 0
        for widget in (self.header, self.tabs, self.flaw, self.query_one("#workbench")):
            widget.styles.width = self._width or "1fr"
        self.panes = self.panes.resized(narrow=(self._width or room) < WIDE)
        self.say(f"{self._width} columns." if self._width else f"The whole terminal: {room} columns.")

    def offers(self, command: str) -> bool:
        """Whether a command makes sense now."""
        if command == "answers":
            return self.coach.exercise is not None
        return bool(self._differs) if command == "accept" else super().offers(command)
