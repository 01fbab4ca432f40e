"""What the learner remembers: each item that is settled tells something about its idea, and each idea has a day on
which it is due."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor.course.items import Exercise, Predict, Quiz
from tutor.course.model import Course, Lesson
from tutor.learning.grading import Behaviour, Grade, grade, told
from tutor.learning.outlook import Outlook, day_of, due_today, in_days, outlook
from tutor.learning.schedule import Review, settle
from tutor.store.database import Store
from tutor.store.reviews import CardRow, ReviewRow, Reviews

Clock = Callable[[], float]
"""Seconds since the epoch."""
Question = Exercise | Quiz | Predict
Note = Callable[[Lesson, Question, Behaviour, str], None]
"""Is told of an item that was settled: how, and under which id, "" for one that happens once."""

KINDS: dict[type[Question], str] = {Exercise: "exercise", Quiz: "quiz", Predict: "predict"}


@dataclass(frozen=True)
class Rating:
    """What one item's work came to. `words` say what happened, `back` when the idea returns: "in 6 days"."""

    concept: str
    grade: Grade
    words: str
    back: str

    @property
    def sentence(self) -> str:
        """Both in one sentence."""
        return f"{self.words[0].upper()}{self.words[1:]}. {self.concept} comes back {self.back}."


class Memory:
    """The ideas of one course, as one learner remembers them."""

    def __init__(self, store: Store, course: Course, clock: Clock = time.time) -> None:
        self._reviews = Reviews(store, course.id, _card)
        self._course = course
        self.clock = clock

    def note(self, lesson: Lesson, item: Question, did: Behaviour, name: str = "") -> None:
        """Keep what the work on an item of a lesson says about its idea."""
        self.rate(lesson.id, item, concept_of(lesson, item), did, name, again=False)

    def rate(
        self, lesson_id: str, item: Question, concept: str, did: Behaviour, name: str = "", *, again: bool = True
    ) -> Rating | None:
        """Keep the outcome of a review; None where one of that name is known already."""
        given, now = grade(did), self.clock()
        row = ReviewRow(name or uuid.uuid4().hex, lesson_id, item.key, concept, given, told(did), now, again)
        card = self._reviews.add(row)
        return None if card is None else Rating(concept, given, told(did), in_days(card.due, now))

    def due(self) -> list[str]:
        """The ideas that are due today, what has waited longest first."""
        return due_today(self._dues(), self.clock())

    def outlook(self) -> Outlook:
        """What is due when, and the days in a row."""
        days = {day_of(time) for time in self._reviews.times()}
        return outlook(self._dues().values(), days, self.clock())

    def last_of(self, concept: str) -> dict[str, tuple[float, int]]:
        """Item key -> time and grade of its newest review for this idea."""
        return self._reviews.last_of(concept)

    def count(self, key: str) -> int:
        """How often an item was settled, in its lesson and in reviews."""
        return self._reviews.count(key)

    def reset(self, lesson_id: str | None) -> None:
        """Forget what is remembered of a lesson's items, or of all."""
        self._reviews.reset(lesson_id)

    def _dues(self) -> dict[str, float]:
        """Idea -> when it is due, for the ideas that the course teaches now."""
        known = {name for entry in self._course.lessons() for name in (entry.front.id, *entry.front.concepts)}
        return {concept: card.due for concept, card in self._reviews.cards().items() if concept in known}


def refold(store: Store, course: str) -> None:
    """Make the cards of a course anew, after reviews have come from elsewhere."""
    Reviews(store, course, _card).refold()


def concept_of(lesson: Lesson, item: Question) -> str:
    """The idea that an item asks for; the lesson itself where it names none."""
    return item.concept or lesson.id


def _card(history: Sequence[tuple[float, int]]) -> CardRow:
    card = settle(Review(time, given) for time, given in history)
    return CardRow(card.due, card.last, card.stability, card.difficulty, card.reviews, card.lapses)
