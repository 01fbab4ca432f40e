"""What the learner has made of a lesson's items: where each stands, and which code it holds."""

from __future__ import annotations

from dataclasses import replace

from tutor.course.items import Code, Exercise, Item, Predict, Quiz, Snippet
from tutor.course.model import Lesson
from tutor.learning.state import ItemState, Status
from tutor.runner.transcript import source_hash
from tutor.store.drafts import Drafts
from tutor.store.progress import ItemRow, Progress


def content_hash(item: Item) -> str:
    """Hash of what an item asks: when it differs, the item has changed since it was done."""
    return source_hash(item.code.source) if isinstance(item, Snippet) else item.hash


def own_code(item: Item) -> str:
    """The code the lesson gives: of a snippet, a starter, a predict; "" for a quiz."""
    return "" if isinstance(item, Quiz) else item.code.source


class Work:
    """Reads and writes the learner's work in one course."""

    def __init__(self, progress: Progress, drafts: Drafts) -> None:
        self._progress = progress
        self._drafts = drafts

    def states(self, lesson: Lesson) -> dict[str, ItemState]:
        """Where every item of the lesson stands, by key."""
        rows = self._progress.items(lesson.id)
        return {item.key: _state(item, rows.get(item.key)) for _, item in lesson.items()}

    def state(self, lesson: Lesson, item: Item) -> ItemState:
        """Where one item stands."""
        return _state(item, self._progress.items(lesson.id).get(item.key))

    def code_for(self, lesson: Lesson, item: Item) -> str:
        """What the editor shows: the draft, else the code that passed, else what the lesson gives."""
        draft = self._drafts.get(lesson.id, item.key)
        return self._without_draft(lesson, item) if draft is None else draft

    def save_draft(self, lesson: Lesson, item: Item, text: str) -> None:
        """Keep what was typed. Text that is what the item would show anyway needs no draft."""
        if text == self._without_draft(lesson, item):
            self._drafts.forget(lesson.id, item.key)
        else:
            self._drafts.save(lesson.id, item.key, text)

    def forget_draft(self, lesson: Lesson, item: Item) -> None:
        """Go back to what the item shows without it."""
        self._drafts.forget(lesson.id, item.key)

    def edited(self, lesson: Lesson) -> frozenset[str]:
        """Keys of the items that have a draft."""
        return frozenset(self._drafts.of(lesson.id))

    def contributions(self, lesson: Lesson) -> dict[str, Code]:
        """What each snippet and exercise puts into the namespace for the cells below, by key.

        An exercise: the code that passed as it stands now, else the solution. A snippet that the learner has changed:
        their text if it has run without an error, else the lesson's, so that a half-typed line above blocks nothing.
        """
        states, drafts = self.states(lesson), self._drafts.of(lesson.id)
        found: dict[str, Code] = {}
        for _, item in lesson.items():
            state = states[item.key]
            passed = state.answer if state.status is Status.PASSED else ""
            if isinstance(item, Exercise):
                found[item.key] = replace(item.starter, source=passed) if passed else item.solution.code
            elif isinstance(item, Snippet):
                mine = passed if item.key in drafts else ""
                found[item.key] = replace(item.code, source=mine) if mine else item.code
        return found

    def _without_draft(self, lesson: Lesson, item: Item) -> str:
        state = self.state(lesson, item)
        if isinstance(item, Exercise) and state.status in (Status.PASSED, Status.CHANGED) and state.answer:
            return state.answer
        return own_code(item)


def counted(lesson: Lesson) -> dict[str, str]:
    """What makes up a lesson's progress, key -> hash: exercises, quizzes and predicts; snippets where it has none."""
    items = [item for _, item in lesson.items()]
    asked: list[Item] = [item for item in items if isinstance(item, Exercise | Quiz | Predict)]
    shown = asked or [item for item in items if isinstance(item, Snippet) and not item.hidden]
    return {item.key: content_hash(item) for item in shown}


def _state(item: Item, row: ItemRow | None) -> ItemState:
    if row is None:
        return ItemState(item.key)
    status = Status(row.status)
    if status is Status.PASSED and row.hash != content_hash(item):
        status = Status.CHANGED
    return ItemState(item.key, status, row.attempts, row.hints, row.solution, row.answer, row.rung)
