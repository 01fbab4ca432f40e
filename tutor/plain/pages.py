"""Turning pages and opening lessons."""

from __future__ import annotations

from collections.abc import Callable

from tutor.errors import TutorError
from tutor.plain.page import page_lines
from tutor.plain.place import Place
from tutor.plain.typed import Command, whole_number
from tutor.printable import printable


class Pages:
    """The commands that move the learner; `shown` is called with each page that is said."""

    def __init__(self, place: Place, shown: Callable[[], None]) -> None:
        self._place = place
        self._shown = shown

    def commands(self) -> dict[str, Command]:
        """Name -> what it does with the words behind it."""
        return {
            "next": self._next,
            "back": self._back,
            "page": self._go,
            "show": self._show,
            "open": self._open,
            "lessons": self._lessons,
        }

    def say_page(self) -> None:
        """Say the page, and remember that the learner is there."""
        place = self._place
        self._shown()
        place.study.remember_place(place.lesson.id, place.number)
        print("\n".join(map(printable, page_lines(place.lesson, place.page, place.study.states(place.lesson)))))

    async def _turn(self, page: int) -> None:
        if not 1 <= page <= len(self._place.lesson.pages):
            raise TutorError("No such page", f"this lesson has pages 1 to {len(self._place.lesson.pages)}.")
        self._place.number = page
        self.say_page()

    async def _next(self, words: list[str]) -> None:
        await self._turn(self._place.number + 1)

    async def _back(self, words: list[str]) -> None:
        await self._turn(self._place.number - 1)

    async def _go(self, words: list[str]) -> None:
        await self._turn(whole_number(words, "page N"))

    async def _show(self, words: list[str]) -> None:
        self.say_page()

    async def _open(self, words: list[str]) -> None:
        if len(words) != 1:
            raise TutorError("Open what?", "say: open LESSON.")
        self._place.lesson, self._place.number = self._place.study.lesson(words[0]), 1
        self.say_page()

    async def _lessons(self, words: list[str]) -> None:
        progress = self._place.study.progress()
        for number, entry in self._place.study.course.numbered():
            if entry.error is not None:
                print(printable(f"{number:02d} ! {entry.path.name}: {entry.error.message}", one_line=True))
            else:
                share = progress[entry.front.id].percent
                print(
                    printable(
                        f"{number:02d} {entry.front.id}: {entry.front.title}, {share} percent done", one_line=True
                    )
                )
