"""Where the learner is: lesson, page, selected item, and the item whose code lies in the editor."""

from __future__ import annotations

from tutor.course.items import Exercise, Item, Predict, Quiz, Snippet
from tutor.course.model import Lesson, Page
from tutor.errors import TutorError
from tutor.study import Study

WithCode = Snippet | Exercise | Predict


class Desk:
    """A place in the course, remembered whenever it changes. Nothing here knows of the screen.

    `with_code` is the item that the editor belongs to: the selected one, or the nearest above it on the page where
    the selected one is a quiz, else the first below; None on a page without code.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._lesson: Lesson | None = None
        self._page: Page | None = None
        self.item: Item | None = None
        self.with_code: WithCode | None = None

    @property
    def lesson(self) -> Lesson:
        """The lesson that is open."""
        assert self._lesson is not None, "no lesson is open"
        return self._lesson

    @property
    def page(self) -> Page:
        """The page that is shown."""
        assert self._page is not None, "no lesson is open"
        return self._page

    @property
    def tag(self) -> str:
        """What runs of the editor's code are tagged with; "" on a page without code."""
        return self.with_code.key if self.with_code is not None else ""

    def open(self, lesson_id: str, page: int | None = None, item_key: str = "") -> None:
        """Take up a lesson, on a page counted from 1, or where it was left.

        Raises `TutorError` when there is no such lesson, or none of its pages can be shown.
        """
        lesson = self._study.lesson(lesson_id)
        if not lesson.pages:
            problem = lesson.errors[0] if lesson.errors else None
            why = f"line {problem.line}: {problem.message.rstrip('.')}." if problem else "it has no pages."
            raise TutorError("This lesson cannot be shown", why, "The other lessons can.")
        if page is None:
            place = self._study.place(lesson.id)
            page, item_key = (place.page, place.item_key) if place else (1, "")
        self._lesson = lesson
        self._go(page, item_key)

    def turn(self, by: int) -> bool:
        """Go so many pages on or back, into the neighbouring lesson at the ends; False where the course ends."""
        number = self.page.number + by
        if 1 <= number <= len(self.lesson.pages):
            self._go(number, "")
            return True
        neighbour = self._neighbour(by)
        if neighbour is None:
            return False
        self.open(neighbour, 1 if by > 0 else len(self._study.lesson(neighbour).pages))
        return True

    def select(self, item: Item) -> bool:
        """Select an item of the page; True when the editor now belongs to another one."""
        self.item = item
        before = self.with_code
        self.with_code = item if not isinstance(item, Quiz) else self._near(item)
        self._study.remember_place(self.lesson.id, self.page.number, item.key)
        return self.with_code is not before

    def _go(self, number: int, item_key: str) -> None:
        number = min(max(1, number), len(self.lesson.pages))
        self._page = self.lesson.pages[number - 1]
        items = self._page.items
        self.item = self.with_code = None
        chosen = next((item for item in items if item.key == item_key), items[0] if items else None)
        if chosen is not None:
            self.select(chosen)
        else:
            self._study.remember_place(self.lesson.id, number)

    def _near(self, item: Item) -> WithCode | None:
        items = self.page.items
        at = items.index(item)
        ordered = (*reversed(items[:at]), *items[at:])
        return next((one for one in ordered if not isinstance(one, Quiz)), None)

    def _neighbour(self, by: int) -> str | None:
        ids = [entry.front.id for entry in self._study.course.lessons() if entry.error is None]
        try:
            at = ids.index(self.lesson.id) + (1 if by > 0 else -1)
        except ValueError:
            return None
        return ids[at] if 0 <= at < len(ids) else None
