"""The lesson screen: the page, the editor, and what came of running it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.screen import Screen

from tutor.course.items import Item, Predict, Quiz
from tutor.course.model import Page
from tutor.errors import TutorError
from tutor.learning.state import Status
from tutor.settings import Settings
from tutor.study import Study
from tutor.ui.aftermath import Aftermath
from tutor.ui.coach import Coach
from tutor.ui.code_keeper import CodeKeeper
from tutor.ui.desk import Desk
from tutor.ui.frame.editor import Editor
from tutor.ui.frame.trouble import flaw_of, trouble_of
from tutor.ui.gallery import Gallery
from tutor.ui.kernel_state import kernel_state, place_words
from tutor.ui.keys import bindings
from tutor.ui.knobs import KnobTurner
from tutor.ui.replay import Replayer
from tutor.ui.results import Results
from tutor.ui.run_actions import RunActions
from tutor.ui.scaffolding import Scaffolding
from tutor.ui.screens.rung import Left
from tutor.ui.screens.with_runs import ScreenWithRuns
from tutor.ui.session import Changes, SessionReader
from tutor.ui.widgets.card import ItemSelected
from tutor.ui.widgets.predict_card import PredictionLocked
from tutor.ui.widgets.quiz_card import QuizAnswered
from tutor.ui.workbench import Workbench


class LessonScreen(ScreenWithRuns):
    """Routes: what was pressed goes to desk, coach and workbench; what came back goes to the panes."""

    scope: ClassVar[str] = "lesson"
    CSS_PATH = "lesson.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("lesson")
    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self, study: Study, reader: SessionReader, desk: Desk, settings: Settings) -> None:
        super().__init__(reader, settings)
        self._study = study
        self.desk = desk
        self.coach = Coach(study, desk, self.page, self.say, self._ask, self.bring_page)
        self.coach.scaffolding = Scaffolding(
            study, self._open_rung, self._put_code, self.action_check, self.coach.beyond, self.say
        )
        self.workbench = self.make_workbench()
        self.output.explain = self.checks.text.explain = study.explain
        self.output.autopsy = self.checks.text.autopsy = lambda record, loss=None: study.autopsy(
            record, loss or reader.main_series(record.run)
        )
        self.gallery = self.runs.gallery = Gallery(study, desk, reader)
        self.results = Results(
            reader, (self.output, self.plot, self.checks), self.workbench.settle, self.offer, self.mark, self.gallery
        )
        self.results.instead = lambda: self.panes.result if self.panes.result in ("xray", "runs") else ""
        self.replayer = Replayer(self.plot, self.results.redraw, self.set_interval)
        self.run_actions = RunActions(study, desk, self.gallery, self.editor, self, self.say, self.runs.update)
        self.turner = KnobTurner(
            study, desk, self.editor, self.knobs, lambda: reader.transcript.busy, self._run_knobs, self.set_timer
        )
        self.drafts = CodeKeeper(
            study, desk, self.editor, self.say, lambda: self.tutor.say_store_warning(), self.set_timer
        )
        self.aftermath = Aftermath(reader, desk, self.workbench, self.coach, self.results, self.output, self.say)
        self._when_attached = ""
        """The action that was asked for before the session was there."""

    def make_workbench(self) -> Workbench:
        """What runs and checks the code of the desk."""
        return Workbench(self._study, self.desk, self._reader, self.say, self.output.fitted)

    async def on_mount(self) -> None:
        """Show where the learner is; the session is looked for after that."""
        self.look()
        await self.show_page()

    # Where we are

    async def open(self, lesson_id: str, page: int | None = None, item_key: str = "") -> None:
        """Go to a lesson. Raises `TutorError` when it cannot be shown."""
        self.drafts.flush()
        self.desk.open(lesson_id, page, item_key)
        self._page_left()
        await self.show_page()

    async def show_page(self) -> None:
        """Show the page that the desk is at."""
        lesson, page = self.desk.lesson, self.desk.page
        self.header.title = lesson.title
        self.flaw.say(flaw_of(lesson))
        self.header.page = f"page {page.number} of {len(lesson.pages)}"
        await self.page.show(lesson, self.shown_page(), self._study.states(lesson))
        if lesson.trains:
            self._reader.prepare()
        self.coach.recall()
        self._show_item()
        if self.desk.item is not None:
            self.page.select(self.desk.item.key)
        self.focus_pane(self.panes.shown if self.panes.single else "page")
        self.show_state()

    def shown_page(self) -> Page:
        """The page of the desk as it is shown."""
        return self.desk.page

    def _show_item(self) -> None:
        """The editor and the results belong to another item now."""
        self.drafts.show()
        self.marked = frozenset()
        self.turner.show()
        self.gallery.open()
        self.runs.update()
        self.results.show(self.desk.tag)
        self.refresh_bindings()

    @on(ItemSelected)
    def _item_selected(self, message: ItemSelected) -> None:
        here = any(item is message.item for item in self.desk.page.items)  # else it is news of a page turned meanwhile
        if here and message.item is not self.desk.item:
            self.drafts.flush()
            if self.desk.select(message.item):
                self._show_item()
            self.refresh_bindings()

    def _page_left(self) -> None:
        """What was said of the page before, and asked for there, does not go along to this one."""
        self._when_attached = ""
        self.tutor.page_left()

    async def _turn(self, by: int) -> None:
        self.drafts.flush()
        try:
            if not self.desk.turn(by):
                self.say("This is the last page of the course." if by > 0 else "This is the first page of the course.")
                return
        except TutorError as error:
            self.say(str(error))
            return
        self._page_left()
        if self.panes.single:
            self.panes = self.panes.show("page")
        await self.show_page()

    async def action_next_page(self) -> None:
        """Next page."""
        await self._turn(1)

    async def action_previous_page(self) -> None:
        """Previous page."""
        await self._turn(-1)

    # The editor

    @on(Editor.Edited)
    def _edited(self, message: Editor.Edited) -> None:
        self.typed = True
        self.drafts.typed(message.text)
        self.turner.follow()

    @on(Editor.Left)
    def _left_editor(self) -> None:
        self.go_to("page")

    def action_reset_code(self) -> None:
        """Put the lesson's code back."""
        self.drafts.reset()

    def _put_code(self, code: str) -> None:
        """Make `code` the draft; undo brings back what stood there."""
        self.editor.replace_code(code)
        self.go_to("code")

    def _open_rung(self, screen: Screen[Any], then: Callable[[Left | None], None] | None = None) -> None:
        self.app.push_screen(screen, then)

    def action_edit_outside(self) -> None:
        """Edit in $EDITOR."""
        self.drafts.edit(self.tutor.edit_outside)

    # Running

    def action_run(self) -> None:
        """Run the selection or everything."""
        item = self.desk.with_code
        if isinstance(item, Predict) and self._study.state(self.desk.lesson, item).status is Status.NEW:
            self.say("First say what you expect: f3 goes to the question. Then it runs.")
            return
        self._when_attached = ""
        if self._ready("run"):
            self._run()

    def _run(self) -> str:
        self.drafts.flush()
        text, line = self.editor.code_to_run
        return self.workbench.run(text, line, selection=text != self.editor.text)

    def _run_knobs(self) -> None:
        if self._ready("run"):
            self.drafts.flush()
            self.workbench.run(self.editor.text, 1, selection=False)

    def action_check(self) -> None:
        """Check the exercise."""
        exercise = self.coach.exercise
        if exercise is None:
            self.say(self.coach.no_exercise("Only an exercise can be checked"))
        elif self._ready("check"):
            self.drafts.flush()
            self.workbench.check(exercise, self.editor.text)

    def _ready(self, action: str) -> bool:
        """Whether requests can be sent; if only the session is not there yet, the action is done when it is."""
        self.typed = False
        if self._reader.attached:
            return True
        if self._reader.trouble is not None:
            self.tutor.say_trouble()
        else:
            self._when_attached = action
            self.say("The session is still starting: this begins as soon as it is there.")
        return False

    def take_changes(self, changes: Changes) -> None:
        """Show what the session has said."""
        if changes.kernel:
            self.show_state()
            self.refresh_bindings()
        self.results.take(changes)
        self.xray.take(changes)
        for run in changes.finished:
            record = self._reader.record(run)
            if record is not None:
                self.aftermath.take(record, live=not changes.caught_up)
        if changes.finished:
            self.gallery.refresh()
            self.runs.update()
        self.turner.session_rests()
        if changes.caught_up and self._when_attached:
            action, self._when_attached = self._when_attached, ""
            self.call_later(self.run_action, f"screen.{action}")

    def show_state(self) -> None:
        """Say in the header how the session is."""
        self.header.kernel = kernel_state(self._reader, time.time())
        self.header.place = place_words(self._reader)
        self.trouble.say(trouble_of(self._reader))

    # Help and answers

    def action_hint(self) -> None:
        """The next hint, then the offer of the solution."""
        self.coach.help()

    def action_solution(self) -> None:
        """Show the solution."""
        self.coach.show_solution()

    def action_skip(self) -> None:
        """Skip the exercise."""
        self.coach.skip()

    def action_answer(self) -> None:
        """Go to the question."""
        question = self.coach.next_question()
        if question is None:
            self.say("This page asks nothing.")
            return
        self.bring_page()
        self.page.ask(question.key)

    def _ask(self, question: str, yes: str, no: str, then: Callable[[], None]) -> None:
        from tutor.ui.screens.confirm import Confirm

        self.app.push_screen(Confirm(question, yes, no), lambda answer: then() if answer else None)

    @on(QuizAnswered)
    def _quiz_answered(self, message: QuizAnswered) -> None:
        self.coach.quiz(message.quiz, message.chosen)

    @on(PredictionLocked)
    def _prediction_locked(self, message: PredictionLocked) -> None:
        locked = self.coach.lock(message.predict, message.text)
        self.turner.show()
        if locked and self._ready("run"):
            run = self._run()
            if self.panes.single:
                self.results.unasked.add(run)  # what it came to is said on the page, beside what was predicted

    # What can be done now

    def offers(self, command: str) -> bool:
        """Whether a command makes sense now: others are left out of the key bar, and pressed all the same say why."""
        if command in ("check", "hint"):
            return self.coach.exercise is not None
        if command == "answer":
            return any(isinstance(item, Quiz | Predict) for item in self.desk.page.items)
        typing = self.editor.has_focus or self.knobs.has_focus_within  # there a digit or a letter is written
        if command == "show_knobs":
            return bool(self.turner.knobs) and not self.knobs.has_focus_within
        if command == "show_page":
            return self.panes.single and self.panes.shown != "page" and not typing
        if command in ("run", "show_code"):
            return self.desk.with_code is not None and not (command == "show_code" and typing)
        return True

    @property
    def selected(self) -> Item | None:
        """The item that is selected on the page."""
        return self.desk.item
