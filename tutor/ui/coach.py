"""Help and answers: hints, the solution, skipping, quizzes and predictions, between the study and the page."""

from __future__ import annotations

from collections.abc import Callable

from tutor.course.items import Exercise, Item, Predict, Quiz
from tutor.errors import TutorError
from tutor.learning.state import Status
from tutor.metrics.board import Board
from tutor.runner.transcript import RunRecord
from tutor.study import Study
from tutor.ui.desk import Desk
from tutor.ui.scaffolding import Scaffolding
from tutor.ui.widgets.page import PageView

Say = Callable[[str], None]
Ask = Callable[[str, str, str, Callable[[], None]], None]
"""Takes a question, the words for yes and for no, and what to do when the answer is yes."""


class Coach:
    """Does what the learner asked for with an item of the page, and shows it there.

    `say` tells one sentence, `ask` puts a question and goes on when the answer is yes, `bring` makes the page seen.
    """

    def __init__(self, study: Study, desk: Desk, page: PageView, say: Say, ask: Ask, bring: Callable[[], None]) -> None:
        self._study = study
        self._desk = desk
        self._page = page
        self._say = say
        self._ask = ask
        self._bring = bring
        self.scaffolding: Scaffolding | None = None
        """Leads over the rungs between hints and solution."""

    @property
    def exercise(self) -> Exercise | None:
        """The selected exercise."""
        item = self._desk.with_code
        return item if isinstance(item, Exercise) else None

    def no_exercise(self, rule: str) -> str:
        """Why nothing is done while no exercise is selected, and how to come to the one of this page."""
        here = any(isinstance(item, Exercise) for item in self._desk.page.items)
        return f"{rule}: {'on the page, tab goes on to it' if here else 'this page has none'}."

    def next_question(self) -> Item | None:
        """The prediction or quiz to answer next: the first of the page that is open, else the one after this."""
        questions = [item for item in self._desk.page.items if isinstance(item, Quiz | Predict)]
        here = self._desk.item
        at = questions.index(here) + 1 if isinstance(here, Quiz | Predict) and here in questions else 0
        after = [*questions[at:], *questions[:at]]
        return next((item for item in questions if self._open(item)), after[0] if after else None)

    def _open(self, question: Quiz | Predict) -> bool:
        """Whether it can still be answered: not when it is done, nor when the quiz has been explained."""
        lesson = self._desk.lesson
        if self._study.state(lesson, question).status.done:
            return False
        graded = self._study.quiz_result(lesson, question) if isinstance(question, Quiz) else None
        return graded is None or not graded.revealed

    def help(self) -> None:
        """Show the next hint of the selected exercise; after the last one go on to the rungs up to the solution.

        Whoever has solved it needs no hint: how the lesson's own solution differs from theirs is of interest then.
        """
        exercise = self.exercise
        if exercise is None:
            self._say(self.no_exercise("Hints belong to exercises"))
            return
        if self._study.state(self._desk.lesson, exercise).status is Status.PASSED:
            self._compare(exercise)
            return
        found = self._study.next_hint(self._desk.lesson, exercise)
        if found is None:
            if self.scaffolding is not None and not self._study.state(self._desk.lesson, exercise).solution:
                self.scaffolding.help(self._desk.lesson, exercise)
                self.refresh(exercise)
            else:
                self.beyond(exercise)
            return
        self._page.show_hint(exercise.key, found.hint, found.number, found.total)
        self.refresh(exercise)
        self._bring()

    def show_solution(self) -> None:
        """Show the solution of the selected exercise; before an attempt, ask first."""
        exercise = self.exercise
        if exercise is None:
            self._say(self.no_exercise("Solutions belong to exercises"))
            return
        state = self._study.state(self._desk.lesson, exercise)
        if state.attempts or state.solution or state.status is Status.PASSED:
            self._reveal(exercise)
        else:
            self._offer_solution(
                exercise, "You have not checked an answer of your own yet. Show the solution all the same?"
            )

    def skip(self) -> None:
        """Mark the selected exercise as skipped."""
        exercise = self.exercise
        if exercise is None:
            self._say(self.no_exercise("Only an exercise can be skipped"))
            return
        self._study.skip(self._desk.lesson, exercise)
        self.refresh(exercise)
        self._say("Skipped: it stays marked, comes back as due, and the cells below use the lesson's solution.")

    def beyond(self, exercise: Exercise) -> None:
        """Offer the solution, which is all the help that is left."""
        if self._study.state(self._desk.lesson, exercise).solution:
            self._reveal(exercise)
        else:
            self._offer_solution(exercise, "There is no further help. Show the solution with its why?")

    def _offer_solution(self, exercise: Exercise, question: str) -> None:
        self._ask(question, "Show it", "Not yet", lambda: self._reveal(exercise))

    def _compare(self, exercise: Exercise) -> None:
        """Lay what passed beside the lesson's solution and the other right answers."""
        lesson = self._desk.lesson
        answers = (self._study.show_solution(lesson, exercise), *self._study.alternatives(lesson, exercise))
        mine = self._study.state(lesson, exercise).answer
        if self.scaffolding is not None and mine:
            self.scaffolding.compare(mine, answers)
        else:
            self._reveal(exercise)

    def _reveal(self, exercise: Exercise) -> None:
        """Show the solution, and after a pass the alternatives."""
        answer = self._study.show_solution(self._desk.lesson, exercise)
        self._page.show_solution(exercise.key, answer, self._study.alternatives(self._desk.lesson, exercise))
        self.refresh(exercise)
        self._bring()

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

    def judge(self, predict: Predict, record: RunRecord, session: str, board: Board | None) -> None:
        """Compare a locked prediction with the run of its code."""
        result = self._study.judge_prediction(self._desk.lesson, predict, record, session, board=board)
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
