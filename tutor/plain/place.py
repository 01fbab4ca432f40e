"""Where the learner is: a lesson, a page of it, and what its items are called there."""

from __future__ import annotations

from typing import TypeVar

from tutor.course.items import Exercise, Item, Predict, Quiz, Snippet
from tutor.course.model import Lesson, Page
from tutor.errors import TutorError
from tutor.plain.typed import whole_number
from tutor.study import Study

Kind = TypeVar("Kind", Snippet, Exercise, Quiz, Predict)


class Place:
    """A page of a lesson; `number` counts pages from 1 and is kept inside the lesson."""

    def __init__(self, study: Study, lesson: Lesson, number: int) -> None:
        self.study = study
        self.lesson = lesson
        self.number = min(max(number, 1), len(lesson.pages))

    @property
    def page(self) -> Page:
        """The page itself."""
        return self.lesson.pages[self.number - 1]

    def item(self, words: list[str], kind: type[Kind]) -> Kind:
        """The item of this page that `words` name by number, or the only one of its kind."""
        found = self.any_item(words, kind)
        if not isinstance(found, kind):
            raise TutorError("Not that one", f"item {words[0]} is no {kind.__name__.lower()}.")
        return found

    def any_item(self, words: list[str], preferred: type[Item] | None = None) -> Item:
        """The item with the number that `words` begin with; without words the only one, or the only `preferred` one.

        Raises `TutorError` where that names none.
        """
        items = self.page.items
        if words:
            place = whole_number(words[:1], "a number of this page")
            if not 1 <= place <= len(items):
                raise TutorError("No such item", f"this page has {len(items) or 'no'} items.")
            return items[place - 1]
        fitting = [item for item in items if preferred is None or isinstance(item, preferred)]
        if len(fitting) != 1:
            raise TutorError("Which one?", "say its number on this page.")
        return fitting[0]
