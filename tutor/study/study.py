"""One learner in one course: the single object that a user interface talks to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.course.items import Answer, Exercise, Hint, Item, Predict, Quiz
from tutor.course.model import Course, Lesson, LessonEntry
from tutor.course.parser import parse_lesson
from tutor.learning.certificate import Certificate
from tutor.learning.prediction import PredictionResult
from tutor.learning.quiz import QuizResult
from tutor.learning.state import ItemState
from tutor.metrics.board import Board
from tutor.runner.transcript import RunRecord
from tutor.store.database import Store
from tutor.store.drafts import Drafts
from tutor.store.outlines import Outlines
from tutor.store.progress import PlaceRow, Progress
from tutor.store.runs import Runs
from tutor.store.spent import Spent
from tutor.study.answers import Answers
from tutor.study.autopsy import Autopsy, autopsy
from tutor.study.completion import certificate, missing
from tutor.study.explaining import Explain, explained
from tutor.study.help import Help, NextHint
from tutor.study.memory import Clock, Memory, Note
from tutor.study.pace import Pace
from tutor.study.places import Place
from tutor.study.progress import CourseMap, LessonProgress
from tutor.study.recording import CheckResult, Recorder
from tutor.study.runs import RunBook
from tutor.study.shelf import Shelf
from tutor.study.tags import foreign
from tutor.study.work import Work

if TYPE_CHECKING:
    from tutor.runner.protocol.requests import Check, Run
    from tutor.study.ladder import Ladder
    from tutor.study.requests import Requests
    from tutor.study.suspicion import Suspicion


class Study:
    """A course as one learner works through it.

    It runs nothing itself: it makes requests for the runner and takes in the records of what has ended. Everything it
    is told is kept in `store` at once. `threads` is torch's thread count for lesson cells, `time_limit` the seconds
    that each may take (None: what the lesson says), `folder` where they run (None: where the session was started).
    `note` is told of every item that was settled; without one, `memory` keeps what that says about its idea. With
    `leaves_nothing` the runner's namespace stays as it is, whatever is run: for work beside a lesson. With `lenient`
    cells above that fail stop nothing: for files that nobody has checked.
    """

    def __init__(
        self,
        course: Course,
        store: Store,
        *,
        threads: int = 1,
        time_limit: float | None = None,
        folder: Path | None = None,
        parse: Callable[[Path], Lesson] = parse_lesson,
        clock: Clock = time.time,
        note: Note | None = None,
        leaves_nothing: bool = False,
        lenient: bool = False,
    ) -> None:
        self.course = course
        self.store = store
        self.threads = threads
        self.time_limit = time_limit
        self.folder = folder
        self._leaves_nothing = leaves_nothing
        self._lenient = lenient
        self.memory = Memory(store, course, clock)
        self._progress = Progress(store, course.id)
        spent = Spent(store, course.id)
        self._pace = Pace(spent, clock)
        self._map = CourseMap(course, self._progress, Outlines(store, course.id), spent, self.memory)
        self._shelf = Shelf(course, parse, self._map.note)
        self._drafts = Drafts(store, course.id)
        self._work = Work(self._progress, self._drafts)
        self.explain: Explain = partial(explained, course=course)
        """An exception in words, with the lesson of this course that teaches what is behind it."""
        self.autopsy: Autopsy = partial(autopsy, course=course)
        """What was seen of a run, in words."""
        note = note or self.memory.note
        self._recorder = Recorder(self._progress, note, self.explain)
        self._answers = Answers(self._progress, self._work, note)
        self._help = Help(self._progress, self._work, note)
        self.runs = RunBook(Runs(store, course.id))
        """The learner's runs, with their curves."""

    # What the first page can do without is imported and made when it is asked for.

    @cached_property
    def _requests(self) -> Requests:
        from tutor.study.requests import Requests

        place = str(self.folder) if self.folder is not None else None
        return Requests(self._work, self.threads, place, self._leaves_nothing, self.time_limit, self._lenient)

    @cached_property
    def ladder(self) -> Ladder:
        """The rungs between hints and solution."""
        from tutor.study.ladder import Ladder

        return Ladder(self._progress, self._work, self._drafts)

    @cached_property
    def suspicion(self) -> Suspicion:
        """Recognises typical mistakes by what they do."""
        from tutor.study.suspicion import Suspicion

        return Suspicion(self._requests)

    @property
    def warning(self) -> str:
        """One sentence when what is done is not saved, "" when it is. It can come at any time: the disk may fill."""
        return self.store.warning

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    # Lessons and places

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson with this id, number ("03"), file name, or unique beginning of one; read again when changed.

        Raises `TutorError` for a name that is none of these, with the nearest one.
        """
        return self._shelf.lesson(lesson_id)

    def read_again(self) -> None:
        """Read lessons anew from now on, for whoever knows that they have changed."""
        self._shelf.forget()

    def entry(self, lesson_id: str) -> LessonEntry:
        """What the catalog knows of a lesson, without reading it. Names and errors as in `lesson`."""
        return self._shelf.entry(lesson_id)

    def next_lesson(self, lesson_id: str) -> LessonEntry | None:
        """The lesson after this one, None after the last."""
        entries = list(self.course.lessons())
        index = entries.index(self.entry(lesson_id))
        return entries[index + 1] if index + 1 < len(entries) else None

    def progress(self, *, read: bool = True) -> Mapping[str, LessonProgress]:
        """Lesson id -> progress, in the order of the course.

        Lessons that are new or have changed are read for it; with `read` false nothing is, for a first picture.
        """
        return self._map.lessons(self._shelf, read)

    def missing(self) -> str:
        """What is missing to a complete course, in words; "" when it is complete."""
        return missing(self.progress())

    def certificate(self, name: str) -> Certificate:
        """The certificate of a complete course, for somebody of this name."""
        return certificate(self.course, self._map, self.progress(), name)

    def place(self, lesson_id: str | None = None) -> Place | None:
        """Where the learner was last, in the course or in one lesson; None where the course has no such lesson now."""
        row = self._progress.place(lesson_id)
        known = {entry.front.id for entry in self.course.lessons()}
        return Place(row.lesson, row.page, row.item) if row is not None and row.lesson in known else None

    def remember_place(self, lesson_id: str, page: int, item_key: str = "") -> None:
        """The learner is on this page now (from 1), with this item in focus."""
        self._pace.act(lesson_id)
        self._progress.remember_place(PlaceRow(lesson_id, page, item_key))

    # The learner's work

    def states(self, lesson: Lesson) -> dict[str, ItemState]:
        """Where every item of the lesson stands, by key."""
        return self._work.states(lesson)

    def state(self, lesson: Lesson, item: Item) -> ItemState:
        """Where one item stands."""
        return self._work.state(lesson, item)

    def code_for(self, lesson: Lesson, item: Item) -> str:
        """What the editor shows for an item: the draft, else the code that passed, else the lesson's own."""
        return self._work.code_for(lesson, item)

    def save_draft(self, lesson: Lesson, item: Item, text: str) -> None:
        """Keep what was typed."""
        self._pace.act(lesson.id)
        self._work.save_draft(lesson, item, text)

    def forget_draft(self, lesson: Lesson, item: Item) -> None:
        """Give up what was typed."""
        self._work.forget_draft(lesson, item)

    def reset(self, lesson_id: str | None = None) -> None:
        """Forget progress, answers, drafts, place and reviews of a lesson, or of the whole course."""
        name = lesson_id and self.entry(lesson_id).front.id
        self._progress.reset(name)
        self.memory.reset(name)

    # Running and checking. `executed` is `Transcript.executed`: what the runner's namespace holds.

    def run_request(self, lesson: Lesson, item: Item, text: str, executed: Mapping[str, str]) -> Run:
        """Run an item's code as it stands in the editor, after the cells above that the namespace lacks.

        Raises `TutorError` for what cannot be run here: a quiz, a cell of several processes.
        """
        self._pace.act(lesson.id)
        return self._requests.run(lesson, item, text, executed)

    def run_selection_request(
        self, lesson: Lesson, item: Item, text: str, executed: Mapping[str, str], line: int = 1
    ) -> Run:
        """Run the selected `text`, which begins on line `line` of the editor, counted from 1."""
        return self._requests.run_selection(lesson, item, text, executed, line)

    def check_request(self, lesson: Lesson, exercise: Exercise, text: str, executed: Mapping[str, str]) -> Check:
        """Check `text` as the answer to an exercise."""
        self._pace.act(lesson.id)
        return self._requests.check(lesson, exercise, text, executed)

    def continue_request(self, lesson: Lesson, exercise: Exercise, text: str, executed: Mapping[str, str]) -> Run:
        """To be sent after a pass: the namespace goes on with the learner's code."""
        return self._requests.go_on(lesson, exercise, text, executed)

    def needs_fresh_kernel(self, lesson: Lesson, executed: Mapping[str, str]) -> bool:
        """Whether the namespace holds another lesson's cells: restart when a lesson is opened and this is true."""
        return foreign(lesson, executed) and not self._leaves_nothing

    def take(self, lesson: Lesson, record: RunRecord, session: str, text: str | None = None) -> CheckResult | None:
        """Take in a run or a check that has ended; the result of a check.

        Safe to call again with the same record: it is recorded once per session and run. `text` is what was checked,
        None takes it from the record, which has it after a crash too.
        """
        result = self._recorder.take(lesson, record, session, text)
        if result is not None and result.passed:
            self.ladder.passed(lesson, record.tag)
        return result

    # Help

    def next_hint(self, lesson: Lesson, exercise: Exercise) -> NextHint | None:
        """Show one hint more: (hint, number, total); None when all are shown."""
        return self._help.next_hint(lesson, exercise)

    def hints_shown(self, lesson: Lesson, exercise: Exercise) -> tuple[Hint, ...]:
        """The hints shown so far."""
        return self._help.hints_shown(lesson, exercise)

    def solution_offered(self, lesson: Lesson, exercise: Exercise) -> bool:
        """Whether to offer the solution unasked; whoever asks gets it at any time."""
        return self._help.solution_offered(lesson, exercise)

    def show_solution(self, lesson: Lesson, exercise: Exercise) -> Answer:
        """The solution; that it was seen before a pass is kept."""
        return self._help.show_solution(lesson, exercise)

    def alternatives(self, lesson: Lesson, exercise: Exercise) -> tuple[Answer, ...]:
        """Other right answers, after a pass."""
        return self._help.alternatives(lesson, exercise)

    def skip(self, lesson: Lesson, exercise: Exercise) -> None:
        """Go on without solving an exercise; the cells below then stand on the lesson's solution."""
        self._help.skip(lesson, exercise)

    # Quizzes and predictions

    def answer_quiz(self, lesson: Lesson, quiz: Quiz, chosen: frozenset[int]) -> QuizResult:
        """Grade the chosen options, counted from 0. Raises `TutorError` for none."""
        self._pace.act(lesson.id)
        return self._answers.quiz(lesson, quiz, chosen)

    def quiz_result(self, lesson: Lesson, quiz: Quiz) -> QuizResult | None:
        """The result that stands, None before the first answer."""
        return self._answers.last_quiz(lesson, quiz)

    def lock_prediction(self, lesson: Lesson, predict: Predict, text: str) -> None:
        """Keep a prediction; now its code may run. Raises `TutorError` for an empty one."""
        self._pace.act(lesson.id)
        self._answers.lock(lesson, predict, text)

    def judge_prediction(
        self, lesson: Lesson, predict: Predict, record: RunRecord, session: str = "", *, board: Board | None = None
    ) -> PredictionResult | None:
        """Compare the locked prediction with the ended run of its code; None when there is nothing to compare.

        `board` has the curves of the run, which a prediction of a curve is compared with.
        """
        return self._answers.judge(lesson, predict, record, session, board)

    def prediction_result(self, lesson: Lesson, predict: Predict) -> PredictionResult | None:
        """The result that stands, None before the first; nothing is run for it."""
        return self._answers.last_prediction(lesson, predict)
