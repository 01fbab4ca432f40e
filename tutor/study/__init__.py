"""The headless tutor: what a learner can do with a course, without a screen. `Study` is the way in.

Both the Textual screens and `--plain` stand on it. It starts nothing: it makes requests for the runner, and takes in
the records of runs that have ended.
"""

from tutor.learning.prediction import PredictionResult
from tutor.learning.quiz import QuizResult
from tutor.study.help import NextHint
from tutor.study.places import Place
from tutor.study.progress import LessonProgress
from tutor.study.recording import CheckResult
from tutor.study.study import Study

__all__ = ["CheckResult", "LessonProgress", "NextHint", "Place", "PredictionResult", "QuizResult", "Study"]
