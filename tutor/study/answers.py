"""Answers that are given and not run: quizzes, and predictions before a run."""

from __future__ import annotations

from tutor.course.items import Predict, Quiz
from tutor.course.model import Lesson
from tutor.errors import TutorError
from tutor.learning.grading import Behaviour
from tutor.learning.prediction import CURVES, PredictionResult, judge_curve, judge_output, judge_shape, parse_curve
from tutor.learning.quiz import TRIES, QuizResult, grade, pack, unpack
from tutor.learning.state import Status
from tutor.metrics.board import Board
from tutor.metrics.shape import shape_of
from tutor.runner.transcript import RunRecord
from tutor.store.progress import Attempt, Progress
from tutor.study.memory import Note
from tutor.study.recording import printed
from tutor.study.tags import new_run
from tutor.study.work import Work, content_hash


class Answers:
    """Grades answers and keeps them; `note` is told of each question that was settled."""

    def __init__(self, progress: Progress, work: Work, note: Note) -> None:
        self._progress = progress
        self._work = work
        self._note = note

    def quiz(self, lesson: Lesson, quiz: Quiz, chosen: frozenset[int]) -> QuizResult:
        """Grade the chosen options (0-based). Raises `TutorError` when nothing was chosen, which is no answer."""
        if not chosen:
            raise TutorError("No answer yet", "choose an option first.")
        state = self._work.state(lesson, quiz)
        result = _grade(quiz, chosen, state.attempts + 1)
        attempt = Attempt("", new_run(), "quiz", result.passed, pack(chosen), pack(chosen))
        self._progress.attempt(lesson.id, quiz.key, content_hash(quiz), attempt)
        if result.revealed and not state.status.done and state.attempts < TRIES:
            self._note(lesson, quiz, Behaviour("quiz", result.passed, result.attempt), attempt.run)
        return result

    def last_quiz(self, lesson: Lesson, quiz: Quiz) -> QuizResult | None:
        """The result that stands: of the answer that was right, else of the last one.

        None before any, and when the question has changed since."""
        state = self._work.state(lesson, quiz)
        if not state.answer or state.status is Status.CHANGED:
            return None
        return _grade(quiz, unpack(state.answer), state.attempts)

    def lock(self, lesson: Lesson, predict: Predict, text: str) -> None:
        """Keep a prediction; after this its code may run. Raises `TutorError` for an empty one."""
        if not text.strip():
            raise TutorError("No prediction yet", "type what you expect first; a guess is fine.")
        if predict.ask == "curve":
            kind = parse_curve(text)
            if kind is None:
                raise TutorError("No prediction yet", f"a curve {', '.join(CURVES[:-1])} or stays {CURVES[-1]}.")
            text = kind
        self._progress.update(lesson.id, predict.key, content_hash(predict), status="tried", answer=text)

    def judge(
        self, lesson: Lesson, predict: Predict, record: RunRecord, session: str, board: Board | None = None
    ) -> PredictionResult | None:
        """Compare the locked prediction with an ended run of its code, and keep the outcome.

        None without a locked prediction, and when the run did not end as the lesson means it to.
        """
        before = self._work.state(lesson, predict)
        locked = before.answer
        wanted = "error" if "raises-exception" in predict.code.tags else "ok"
        if not locked or record.tag != predict.key or record.outcome != wanted:
            return None
        outcome = _outcome(predict, record, board)
        if outcome is None:
            return None
        result = _compare(predict, locked, outcome)
        # Done when it was answered and run, right or wrong: there is no second guess once the outcome is known.
        attempt = Attempt(session, record.run, "predict", True, outcome, locked)
        if self._progress.attempt(lesson.id, predict.key, content_hash(predict), attempt) and not before.status.done:
            self._note(lesson, predict, Behaviour("predict", result.right), f"{session}/{record.run}")
        return result

    def last_prediction(self, lesson: Lesson, predict: Predict) -> PredictionResult | None:
        """The result that stands, without running anything.

        None before the first, and when the question has changed since."""
        state = self._work.state(lesson, predict)
        found = self._progress.latest(lesson.id, predict.key, "predict")
        if found is None or not state.answer or state.status is Status.CHANGED:
            return None
        return _compare(predict, state.answer, found.text)


def _grade(quiz: Quiz, chosen: frozenset[int], attempt: int) -> QuizResult:
    right = frozenset(index for index, option in enumerate(quiz.options) if option.right)
    return grade(chosen, right, len(quiz.options), attempt)


def _compare(predict: Predict, text: str, actual: str) -> PredictionResult:
    return {"shape": judge_shape, "curve": judge_curve}.get(predict.ask, judge_output)(text, actual)


def _outcome(predict: Predict, record: RunRecord, board: Board | None) -> str | None:
    """What came out, as it is kept; None where that cannot be told. Of a curve: its kind, and on a second line why."""
    if predict.ask == "curve":
        series = None if board is None else board.series.get(predict.of) if predict.of else board.main
        found = shape_of(series) if series is not None else None
        return None if found is None else f"{found.kind}\n{found.why}"
    if predict.ask == "shape":
        return record.text("result").strip()
    # The lesson's own answer, which the linter has compared with a run: a record also holds what cells above printed.
    return printed(record) if predict.expected is None else predict.expected
