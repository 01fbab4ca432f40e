"""A review: what is due comes back, one question after the other, without touching anything that was done before.

Each question is a small lesson of its own: the page it stands on down to the question, with the cells above it hidden.
Whoever reviews works through these as through any lesson, in a study whose store ends with the review. Only the rating
reaches the learner's own store.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tutor.course.fresh import fresh_exercise, fresh_predict
from tutor.course.items import Block, Exercise, Item, Predict, Quiz, Snippet
from tutor.course.model import Course, Lesson, LessonEntry, Module, Page
from tutor.course.needs import needed, sources_of
from tutor.course.order import cells_above
from tutor.learning.grading import Behaviour
from tutor.store.database import Store
from tutor.study.memory import KINDS, Question, Rating, concept_of
from tutor.study.study import Study
from tutor.study.tags import PART

MOST = 20
"""So many questions make one review; what is left stays due."""


@dataclass(frozen=True)
class Due:
    """A question that is due: an item of a lesson, and the idea that it asks for. `title` is the lesson's."""

    concept: str
    lesson_id: str
    title: str
    item: Question

    @property
    def kind(self) -> str:
        """Quiz, predict or exercise."""
        return KINDS[type(self.item)]


def due_questions(study: Study, most: int = MOST) -> list[Due]:
    """A question for each idea that is due, in the order in which they fell due."""
    found = (_question(study, concept) for concept in study.memory.due())
    return [due for due in found if due is not None][:most]


def _question(study: Study, concept: str) -> Due | None:
    """The question about an idea to ask next: one that was not remembered, else the one not seen for longest."""
    last = study.memory.last_of(concept)
    candidates = [due for due in _about(study, concept) if due.item.key in last]
    if not candidates:
        candidates = list(_about(study, concept))

    def order(due: Due) -> tuple[bool, float]:
        seen, given = last.get(due.item.key, (0.0, 1))
        return given > 1, seen

    return min(candidates, key=order, default=None)


def _about(study: Study, concept: str) -> Iterator[Due]:
    for entry in study.course.lessons():
        if entry.error is None and concept in (entry.front.id, *entry.front.concepts):
            lesson = study.lesson(entry.front.id)
            for _, item in lesson.items():
                if isinstance(item, Exercise | Quiz | Predict) and concept_of(lesson, item) == concept:
                    yield Due(concept, lesson.id, lesson.title, item)


class Review:
    """One review of what is due. `study` is its own; `ratings` holds, by number from 0, what was settled so far.

    `seed` chooses the fresh numbers of the first question, the next one those of the second. Where none is given each
    question has other ones than in its last review, as far as there are others.
    """

    def __init__(self, learner: Study, questions: list[Due], seed: int | None = None) -> None:
        self.questions = questions
        self.ratings: dict[int, Rating] = {}
        self.told: Callable[[int, Rating], None] = lambda number, rating: None
        """Is called with the number of a question when it has been rated."""
        self._memory = learner.memory
        self._begun: dict[int, float] = {}
        mark = secrets.token_hex(4)
        lessons = []
        for at, due in enumerate(questions):
            numbers = learner.memory.count(due.item.key) if seed is None else seed + at
            lessons.append(_small_lesson(learner, due, f"review-{at + 1}", mark, numbers))
        self._lessons = {Path(lesson.id): lesson for lesson in lessons}
        entries = tuple(LessonEntry(Path(lesson.id), lesson.front) for lesson in lessons)
        course = Course(learner.course.root, learner.course.id, "Review", (Module("review", "Review", entries),))
        self.study = Study(
            course,
            Store.in_memory(),
            threads=learner.threads,
            time_limit=learner.time_limit,
            folder=learner.folder,
            parse=self._lessons.__getitem__,
            note=self._settled,
            leaves_nothing=True,
        )

    def number(self, lesson: Lesson) -> int:
        """The number, from 0, of the question that a lesson of this review is about."""
        return list(self._lessons).index(Path(lesson.id))

    def begin(self, number: int) -> None:
        """The question is seen: its time begins, unless it has begun before."""
        self._begun.setdefault(number, self._memory.clock())

    def item(self, number: int) -> Item:
        """The item of a question, as it stands in the small lesson."""
        return list(self._lessons.values())[number].pages[0].items[-1]

    @property
    def words(self) -> str:
        """What this review came to, in one sentence."""
        done, good = len(self.ratings), sum(rating.grade > 1 for rating in self.ratings.values())
        if not done:
            return "Nothing was reviewed; what is due stays due."
        left = len(self.questions) - done
        kept = f"{left} stay{'s' if left == 1 else ''} due." if left else "Nothing of it is left for today."
        return f"Reviewed {done}, remembered {good}. {kept}"

    def _settled(self, lesson: Lesson, item: Question, did: Behaviour, name: str) -> None:
        """Rate a question once, by its first outcome."""
        number = self.number(lesson)
        if number in self.ratings:
            return
        began = self._begun.get(number)
        seconds = None if began is None else max(0.0, self._memory.clock() - began)
        due = self.questions[number]
        rating = self._memory.rate(due.lesson_id, due.item, due.concept, replace(did, seconds=seconds), name)
        if rating is not None:
            self.ratings[number] = rating
            self.told(number, rating)


def _small_lesson(learner: Study, due: Due, name: str, mark: str, seed: int) -> Lesson:
    """A lesson of one page with one question, at the end of what its own page says above it.

    `mark` tells its runs from those of other reviews. Where the lesson gives a generator the question has the numbers
    of `seed`. Of the cells above, which run for each
    check, only those are kept on which the question may stand.
    """
    lesson = learner.lesson(due.lesson_id)
    page = next(page for page, item in lesson.items() if item.key == due.item.key)
    above = page.blocks[: page.blocks.index(due.item)]
    here = {block.key for block in above if isinstance(block, Snippet | Exercise)}
    cells = [_hidden(cell) for cell in cells_above(lesson, due.item.key)]
    seen = [cell.code.source for cell in cells if cell.key in here]
    wanted = needed([cell.code.source for cell in cells], [*seen, *sources_of(due.item)])
    hidden = [cell for cell, want in zip(cells, wanted, strict=True) if want and cell.key not in here]
    shown: list[Block] = [
        _hidden(block) if isinstance(block, Exercise) else block
        for block in above
        if not isinstance(block, Quiz | Predict)
    ]
    asked = _renamed(_again(due.item, seed), f"{due.item.key}{PART}review-{mark}-{name}")
    front = replace(lesson.front, id=name, title=lesson.title)
    return Lesson(lesson.path, front, (Page(1, page.title, (*hidden, *shown, asked), page.line),))


def _again(item: Question, seed: int) -> Question:
    """The item with fresh numbers where it has a generator."""
    if isinstance(item, Exercise):
        return fresh_exercise(item, seed)
    return fresh_predict(item, seed) if isinstance(item, Predict) else item


def _hidden(cell: Snippet | Exercise) -> Snippet:
    """A cell that runs and is not shown; an exercise stands there solved."""
    code = cell.solution.code if isinstance(cell, Exercise) else cell.code
    return Snippet(replace(code, key=cell.key, tags=code.tags | {"hide-cell"}))


def _renamed(item: Question, key: str) -> Question:
    """The item under a key of its own, so that nobody takes its runs for those of the lesson."""
    if isinstance(item, Exercise):
        return replace(item, key=key, starter=replace(item.starter, key=key))
    if isinstance(item, Predict):
        return replace(item, key=key, code=replace(item.code, key=key))
    return replace(item, key=key)
