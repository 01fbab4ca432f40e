"""The review: what is due comes back, one question on each page."""

from __future__ import annotations

from tutor.learning.grading import Grade
from tutor.settings import Settings
from tutor.study.memory import Rating
from tutor.study.review import Review
from tutor.ui.desk import Desk
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.session import SessionReader

WORDS = {Grade.AGAIN: "✗ not remembered", Grade.HARD: "✓ with trouble", Grade.GOOD: "✓ good", Grade.EASY: "✓ easily"}


class ReviewScreen(LessonScreen):
    """A lesson screen over the small lessons of a review: all keys and panes are the same.

    f8 goes to the next question, after the last one back to where the review was begun.
    """

    def __init__(self, review: Review, reader: SessionReader, settings: Settings) -> None:
        desk = Desk(review.study)
        desk.open(next(review.study.course.lessons()).front.id)
        super().__init__(review.study, reader, desk, settings)
        self._review = review
        review.told = self._rated

    async def show_page(self) -> None:
        """Show a question; the time for it begins."""
        number = self._review.number(self.desk.lesson)
        self.desk.select(self._review.item(number))
        await super().show_page()
        self._review.begin(number)
        self._show_number(number)

    async def _turn(self, by: int) -> None:
        number = self._review.number(self.desk.lesson) + by
        if number >= len(self._review.questions):
            self.drafts.flush()
            self.tutor.reviewing.end()
        elif number < 0:
            self.say("This is the first question of the review.")
        else:
            await super()._turn(by)

    def _rated(self, number: int, rating: Rating) -> None:
        # Said in the header: a toast would lie over the explanation, which is what is to be read now.
        self._show_number(self._review.number(self.desk.lesson))

    def _show_number(self, number: int) -> None:
        self.header.title = f"Review: {self.desk.lesson.title}"
        rating = self._review.ratings.get(number)
        said = f" · {WORDS[rating.grade]}, back {rating.back}; f8 goes on" if rating is not None else ""
        self.header.page = f"question {number + 1} of {len(self._review.questions)}{said}"
