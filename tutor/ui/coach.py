"""Help and answers: hints, the solution, skipping, quizzes and predictions, between the study and the page."""

from __future__ import annotations

from collections.abc import Callable

from tutor.course.model import Exercise, Item, Predict, Quiz
from tutor.errors import TutorError
from tutor.learning.state import Status
from tutor.runner.transcript import RunRecord
from tutor.study import Study
from tutor.ui.desk import Desk
from tutor.ui.widgets.page import PageView

Say = Callable[[str], None]


class Coach:
    """Does what the learner asked for with an item of the page, and shows it there. `say` is for one sentence."""

    def __init__(self, study: Study, desk: Desk, page: PageView, say: Say) -> None:
        self._study = study
        self._desk = desk
        self._page = page
        self._say = say

    @property
    def exercise(self) -> Exercise | None:
        """The selected exercise."""
        item = self._desk.with_code
        return item if isinstance(item, Exercise) else None

    def next_question(self) -> Item | None:
        """The prediction or quiz to answer next: the first open one of the page, else the first one."""
        questions = [item for item in self._desk.page.items if isinstance(item, Quiz | Predict)]
        states = self._study.states(self._desk.lesson)
        unanswered = (item for item in questions if not states[item.key].status.done)
        return next(unanswered, questions[0] if questions else None)

    def hint(self, exercise: Exercise) -> bool:
        """Show the next hint; False when there is none left."""
        found = self._study.next_hint(self._desk.lesson, exercise)
        if found is None:
            return False
        self._page.show_hint(exercise.key, found.hint, found.number, found.total)
        self.refresh(exercise)
        return True

    def tried(self, exercise: Exercise) -> bool:
        """Whether the solution may be shown without asking first."""
        state = self._study.state(self._desk.lesson, exercise)
        return state.attempts > 0 or state.solution or state.status is Status.PASSED

    def solution(self, exercise: Exercise) -> None:
        """Show the solution, and after a pass the alternatives."""
        answer = self._study.show_solution(self._desk.lesson, exercise)
        self._page.show_solution(exercise.key, answer, self._study.alternatives(self._desk.lesson, exercise))
        self.refresh(exercise)

    def skip(self, exercise: Exercise) -> None:
        """Mark as skipped."""
        self._study.skip(self._desk.lesson, exercise)
        self.refresh(exercise)

    def quiz(self, quiz: Quiz, chosen: frozenset[int]) -> None:
        """Grade an answer."""
        try:
            result = self._study.answer_quiz(self._desk.lesson, quiz, chosen)
        except TutorError as error:
            self._say(str(error))
            return
        self.refresh(quiz)
        self._page.show_quiz_result(quiz.key, result)

    def lock(self, predict: Predict, text: str) -> bool:
        """Keep a prediction; True when its code may now run."""
        try:
            self._study.lock_prediction(self._desk.lesson, predict, text)
        except TutorError as error:
            self._say(str(error))
            return False
        self.refresh(predict)
        return True

    def judge(self, predict: Predict, record: RunRecord, session: str) -> None:
        """Compare a locked prediction with the run of its code."""
        result = self._study.judge_prediction(self._desk.lesson, predict, record, session)
        if result is not None:
            self._page.show_prediction_result(predict.key, result)
        self.refresh(predict)

    def recall(self) -> None:
        """Show on a page that was just opened which answers stand."""
        lesson = self._desk.lesson
        for item in self._desk.page.items:
            if isinstance(item, Quiz) and (graded := self._study.quiz_result(lesson, item)) is not None:
                self._page.show_quiz_result(item.key, graded)
            elif isinstance(item, Predict) and (judged := self._study.prediction_result(lesson, item)) is not None:
                self._page.show_prediction_result(item.key, judged)

    def refresh(self, item: Item) -> None:
        """Show the state that an item now has."""
        self._page.update_state(item.key, self._study.state(self._desk.lesson, item))
