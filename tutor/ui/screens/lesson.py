"""The lesson screen: the page, the editor, and what came of running it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.course.model import Exercise, Item, Predict, Quiz
from tutor.errors import TutorError
from tutor.learning.state import Status
from tutor.runner.protocol import Answer
from tutor.runner.transcript import RunRecord
from tutor.study import Study
from tutor.ui.coach import Coach
from tutor.ui.commands import bindings
from tutor.ui.desk import Desk, WithCode
from tutor.ui.drafts import DraftKeeper
from tutor.ui.frame.editor import Editor
from tutor.ui.frame.header import LessonHeader
from tutor.ui.frame.key_bar import KeyBar
from tutor.ui.frame.tabs import TabBar, tab_line
from tutor.ui.frame.trouble import TroubleLine, trouble_of
from tutor.ui.kernel_state import kernel_state, place_words
from tutor.ui.panes import PANES, RESULTS, WIDE, Panes
from tutor.ui.results import Results
from tutor.ui.screens.base import TutorScreen
from tutor.ui.session import Changes, SessionReader
from tutor.ui.visible import visible_line
from tutor.ui.widgets.card import ItemSelected
from tutor.ui.widgets.checks import ChecksPane
from tutor.ui.widgets.output import InputGiven, OutputPane
from tutor.ui.widgets.page import PageView
from tutor.ui.widgets.plot import PlotPane
from tutor.ui.widgets.predict_card import PredictionLocked
from tutor.ui.widgets.quiz_card import QuizAnswered
from tutor.ui.workbench import Workbench


class LessonScreen(TutorScreen):
    """Routes: what was pressed goes to desk, coach and workbench; what came back goes to the panes."""

    scope: ClassVar[str] = "lesson"
    CSS_PATH = "lesson.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("lesson")
    AUTO_FOCUS: ClassVar[str | None] = ""

    panes: reactive[Panes] = reactive(Panes(), init=False)
    marked: reactive[frozenset[str]] = reactive(frozenset(), init=False)

    def __init__(self, study: Study, reader: SessionReader, desk: Desk, *, ascii_plots: bool = False) -> None:
        super().__init__()
        self._study = study
        self._reader = reader
        self.desk = desk
        self.header = LessonHeader(id="header")
        self.tabs = TabBar(id="tabs")
        self.page = PageView(id="page")
        self.editor = Editor(id="code")
        self.output, self.plot, self.checks = (
            OutputPane(id="output"),
            PlotPane(ascii=ascii_plots, id="plot"),
            ChecksPane(id="checks"),
        )
        self.trouble = TroubleLine(id="trouble")
        self.results_box = Vertical(self.trouble, self.output, self.plot, self.checks, id="results")
        self.coach = Coach(study, desk, self.page, self.say)
        self.workbench = Workbench(study, desk, reader, self.say)
        self.results = Results(
            reader, (self.output, self.plot, self.checks), self.workbench.settle, self._offer, self._mark
        )
        self.drafts: DraftKeeper[WithCode] = DraftKeeper(self._save_draft, self.set_timer)
        self._when_attached: str = ""
        self._stored = ""
        """The text of the editor's item as this window knows it to be stored."""
        self._typed = False
        """Whether the learner has typed since something was asked to run: then no pane comes over the editor."""

    def content(self) -> Iterable[Widget]:
        """Header, tabs for narrow screens, and the panes."""
        yield self.header
        yield self.tabs
        yield Horizontal(self.page, Vertical(self.editor, self.results_box, id="right"), id="workbench")

    async def on_mount(self) -> None:
        """Show where the learner is; the session is looked for after that."""
        self.set_interval(1.0, self._tick)
        self.watch_panes(self.panes)
        await self.show_page()

    # Where we are

    async def open(self, lesson_id: str, page: int | None = None, item_key: str = "") -> None:
        """Go to a lesson. Raises `TutorError` when it cannot be shown."""
        self.drafts.flush()
        self.desk.open(lesson_id, page, item_key)
        await self.show_page()

    async def show_page(self) -> None:
        """Show the page that the desk is at."""
        lesson, page = self.desk.lesson, self.desk.page
        self.header.title = lesson.title
        self.header.page = f"page {page.number} of {len(lesson.pages)}"
        await self.page.show(lesson, page, self._study.states(lesson))
        self.coach.recall()
        self._show_item()
        if self.desk.item is not None:
            self.page.select(self.desk.item.key)
        self._focus(self.panes.shown if self.panes.single else "page")
        self._show_kernel()

    def _show_item(self) -> None:
        """The editor and the results belong to another item now."""
        item = self.desk.with_code
        self.editor.read_only = item is None
        self._stored = self._study.code_for(self.desk.lesson, item) if item is not None else ""
        self.editor.show_code(self._stored)
        name = getattr(item, "name", "") or getattr(getattr(item, "code", None), "name", "")
        self.editor.border_title = Content(f" Code · {visible_line(name)} " if name else " Code ")
        self.marked = frozenset()
        self.results.show(self.desk.tag)
        self.refresh_bindings()

    @on(ItemSelected)
    def _item_selected(self, message: ItemSelected) -> None:
        if message.item is not self.desk.item and self.desk.lesson.item(message.item.key) is message.item:
            self.drafts.flush()
            if self.desk.select(message.item):
                self._show_item()
            self.refresh_bindings()

    async def _turn(self, by: int) -> None:
        self.drafts.flush()
        try:
            if not self.desk.turn(by):
                self.say("This is the last page of the course." if by > 0 else "This is the first page of the course.")
                return
        except TutorError as error:
            self.say(str(error))
            return
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
        self._typed = True
        if self.desk.with_code is not None:
            self.drafts.changed(self.desk.with_code, message.text)

    @on(Editor.Left)
    def _left_editor(self) -> None:
        if self.panes.single:
            self.panes = self.panes.show("page")
        self._focus("page")

    def _save_draft(self, item: WithCode, text: str) -> None:
        lesson = self.desk.lesson
        stored = self._study.code_for(lesson, item)
        if stored not in (self._stored, text) and item is self.desk.with_code:
            self.editor.keep_in_history(stored)
            self.say("Another window has changed this code too. Yours is kept; ctrl+z in the editor shows the other.")
        self._study.save_draft(lesson, item, text)
        self._stored = text
        self.tutor.say_store_warning()

    def action_reset_code(self) -> None:
        """Put the lesson's code back."""
        item = self.desk.with_code
        if item is not None:
            code = item.starter if isinstance(item, Exercise) else item.code
            self.editor.replace_code(code.source)
            self.say("The lesson's code is back. ctrl+z in the editor brings yours back.")

    def action_edit_outside(self) -> None:
        """Edit in $EDITOR."""
        if self.desk.with_code is None:
            self.say("This page has no code to edit.")
            return
        self.drafts.flush()
        changed = self.tutor.edit_outside(self.editor.text)
        if changed is not None and changed != self.editor.text:
            self.editor.replace_code(changed)

    # Running

    def action_run(self) -> None:
        """Run the selection or everything."""
        item = self.desk.with_code
        if isinstance(item, Predict) and self._study.state(self.desk.lesson, item).status is Status.NEW:
            self.say("First say what you expect: f3 goes to the question. Then it runs.")
            return
        self._when_attached = ""
        if not self._ready("run"):
            return
        self.drafts.flush()
        text, line = self.editor.code_to_run
        self.workbench.run(text, line, selection=text != self.editor.text)

    def action_check(self) -> None:
        """Check the exercise."""
        exercise = self.coach.exercise
        if exercise is None:
            self.say("Nothing to check here: select an exercise. ctrl+r runs this code.")
        elif self._ready("check"):
            self.drafts.flush()
            self.workbench.check(exercise, self.editor.text)

    def _ready(self, action: str) -> bool:
        """Whether requests can be sent; if only the session is not there yet, the action is done when it is."""
        self._typed = False
        if self._reader.attached:
            return True
        if self._reader.trouble is not None:
            self.tutor.say_trouble()
        else:
            self._when_attached = action
            self.say("The session is still starting: this begins as soon as it is there.")
        return False

    @on(InputGiven)
    def _input_given(self, message: InputGiven) -> None:
        self._reader.send(Answer(message.text, message.eof))

    def take_changes(self, changes: Changes) -> None:
        """Show what the session has said."""
        if changes.kernel:
            self._show_kernel()
            self.refresh_bindings()
        self.results.take(changes)
        for run in changes.finished:
            record = self._reader.record(run)
            if record is not None:
                self._finished(record, live=not changes.caught_up)
        if changes.caught_up and self._when_attached:
            action, self._when_attached = self._when_attached, ""
            self.call_later(self.run_action, f"screen.{action}")

    def _finished(self, record: RunRecord, *, live: bool) -> None:
        verdict = self.workbench.settle(record)
        item = self.desk.lesson.item(record.tag)
        if item is None:
            return
        if isinstance(item, Predict):
            self.coach.judge(item, record, self._reader.transcript.session)
        else:
            self.coach.refresh(item)
        if live and isinstance(item, Exercise) and verdict is not None and verdict.passed and record.source:
            self.results.unasked.add(self.workbench.go_on(item, record.source))

    def _show_kernel(self) -> None:
        self.header.kernel = kernel_state(self._reader, time.time())
        self.header.place = place_words(self._reader)
        self.trouble.say(trouble_of(self._reader))

    def _tick(self) -> None:
        if self.header.kernel.ticking:
            self._show_kernel()

    # Help and answers

    async def action_hint(self) -> None:
        """The next hint, then the offer of the solution."""
        exercise = self.coach.exercise
        if exercise is None:
            self.say("Hints belong to exercises: select one on the page.")
        elif self.coach.hint(exercise):
            self._show_page_pane()
        else:
            self._offer_solution(exercise, "There is no further hint. Show the solution with its why?")

    def action_solution(self) -> None:
        """Show the solution."""
        exercise = self.coach.exercise
        if exercise is None:
            self.say("There is a solution for exercises: select one on the page.")
        elif self.coach.tried(exercise):
            self._show_solution(exercise)
        else:
            self._offer_solution(
                exercise, "You have not checked an answer of your own yet. Show the solution all the same?"
            )

    def _offer_solution(self, exercise: Exercise, question: str) -> None:
        from tutor.ui.screens.confirm import Confirm

        def answered(yes: bool | None) -> None:
            if yes:
                self._show_solution(exercise)

        self.app.push_screen(Confirm(question, "Show it", "Not yet"), answered)

    def _show_solution(self, exercise: Exercise) -> None:
        self.coach.solution(exercise)
        self._show_page_pane()

    def _show_page_pane(self) -> None:
        if self.panes.single:
            self.panes = self.panes.show("page")
            self._focus("page")

    def action_skip(self) -> None:
        """Skip the exercise."""
        exercise = self.coach.exercise
        if exercise is None:
            self.say("Only an exercise can be skipped: select one on the page.")
        else:
            self.coach.skip(exercise)
            self.say("Skipped; it stays marked on the page and you can come back to it.")

    def action_answer(self) -> None:
        """Go to the question."""
        question = self.coach.next_question()
        if question is None:
            self.say("This page asks nothing.")
            return
        self._show_page_pane()
        self.page.select(question.key, focus=True)

    @on(QuizAnswered)
    def _quiz_answered(self, message: QuizAnswered) -> None:
        self.coach.quiz(message.quiz, message.chosen)

    @on(PredictionLocked)
    def _prediction_locked(self, message: PredictionLocked) -> None:
        if self.coach.lock(message.predict, message.text):
            self.action_run()

    # Panes

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or one at a time."""
        super().on_resize(event)
        self.panes = self.panes.resized(narrow=event.size.width < WIDE)

    def watch_panes(self, panes: Panes) -> None:
        """Let the style sheet show what is to be seen."""
        self.set_class(panes.single, "-single")
        for name in PANES:
            self.set_class(panes.shown == name, f"-shown-{name}")
        for name in RESULTS:
            self.set_class(panes.result == name, f"-result-{name}")
        self.marked = self.marked - {name for name in PANES if panes.visible(name)}
        self._show_tabs()

    def watch_marked(self) -> None:
        """Say in the tabs where something is new."""
        self._show_tabs()

    def _show_tabs(self) -> None:
        self.tabs.active, self.tabs.marked = self.panes.shown, self.marked
        self.results_box.border_title = tab_line(RESULTS, self.panes.result, self.marked)

    def _offer(self, pane: str) -> None:
        typing = self.editor.has_focus and self._typed
        self.panes = self.panes.offer(pane, typing=typing)
        if self.panes.single and not typing:
            self._focus(pane)

    def _mark(self, pane: str) -> None:
        if not self.panes.visible(pane):
            self.marked = self.marked | {pane}

    def _show(self, pane: str) -> None:
        self.panes = self.panes.show(pane)
        self._focus(pane)

    def _focus(self, pane: str) -> None:
        """Give the keyboard to a pane."""
        if pane == "page":
            if self.desk.item is not None:
                self.page.select(self.desk.item.key, focus=not isinstance(self.desk.item, Predict))
            else:
                self.page.focus()
            return
        widget: Widget = self.editor if pane == "code" else self.query_one(f"#{pane}")
        target = widget if widget.focusable else next((one for one in widget.query("*") if one.focusable), None)
        if target is not None:
            target.focus()

    def action_show_page(self) -> None:
        """Go to the page."""
        self._show("page")

    def action_show_code(self) -> None:
        """Go to the editor."""
        self._show("code")

    def action_show_output(self) -> None:
        """Go to the output."""
        self._show("output")

    def action_show_plot(self) -> None:
        """Go to the plot."""
        self._show("plot")

    def action_show_checks(self) -> None:
        """Go to the checks."""
        self._show("checks")

    def action_next_tab(self) -> None:
        """The next tab."""
        self.panes = self.panes.next_tab()
        if self.panes.single:
            self._focus(self.panes.shown)

    def action_enlarge(self) -> None:
        """Enlarge the focused pane, and back."""
        if self.panes.narrow:
            self.say("Each pane has the whole screen already: f9 goes on to the next one.")
            return
        self.panes = self.panes.enlarge(self._focused_pane())

    def _focused_pane(self) -> str:
        nodes = self.focused.ancestors_with_self if self.focused is not None else ()
        return next((node.id for node in nodes if node.id in PANES), "page")

    # What can be done now

    def offers(self, command: str) -> bool:
        """Whether a command makes sense now: others are left out of the key bar, and pressed all the same say why."""
        if command in ("check", "hint"):
            return self.coach.exercise is not None
        if command == "answer":
            return any(isinstance(item, Quiz | Predict) for item in self.desk.page.items)
        if command in ("run", "show_code"):
            return self.desk.with_code is not None and not (command == "show_code" and self.editor.has_focus)
        return True

    def say(self, sentence: str) -> None:
        """Tell the learner one sentence."""
        self.tutor.say(sentence)

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self.query_one(KeyBar).note = "esc leaves the editor" if self.editor.has_focus else ""
        if not self.panes.narrow:
            return
        self.panes = self.panes.show(self._focused_pane())

    @property
    def selected(self) -> Item | None:
        """The item that is selected on the page."""
        return self.desk.item
