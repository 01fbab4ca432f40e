"""A review as lines of text: one question after the other, with the commands of the plain tutor."""

from __future__ import annotations

from tutor.commands.headless import Headless
from tutor.plain.answers import Answers
from tutor.plain.code import Code
from tutor.plain.conversation import converse
from tutor.plain.page import page_lines
from tutor.plain.place import Place
from tutor.plain.teller import Teller
from tutor.plain.typed import Command
from tutor.printable import printable
from tutor.study.memory import Rating
from tutor.study.review import Review

HELP = """\
answer N TEXT             answer question or prediction N (options by number: 1 or 1,3)
write N, edit N           type the code of item N; the same in $EDITOR;  load N FILE: from a file
check [N]                 check exercise N;  hint, solution, skip [N]: help with it
next                      the next question; the last one ends the review
show                      this question again
quit                      leave; what was not answered stays due
"""


class PlainReview:
    """Asks the questions of a review, one at a time."""

    def __init__(self, review: Review, headless: Headless) -> None:
        self._review = review
        self._lessons = [entry.front.id for entry in review.study.course.lessons()]
        self._place = Place(review.study, review.study.lesson(self._lessons[0]), 1)
        teller = Teller(self._place, headless)
        self._number = 0
        self._commands: dict[str, Command] = {
            **Code(self._place, teller).commands(),
            **Answers(self._place, teller).commands(),
            "next": self._next,
            "show": self._show,
            "help": self._help,
        }
        review.told = self._rated

    async def talk(self) -> None:
        """Ask until the last question, `quit` or the end of the input."""
        self._say()
        await converse(self._commands, lambda: self._number < len(self._lessons))
        print(self._review.words)

    def _say(self) -> None:
        place = self._place
        place.lesson, place.number = self._review.study.lesson(self._lessons[self._number]), 1
        self._review.begin(self._number)
        print(f"Question {self._number + 1} of {len(self._lessons)}")
        print("\n".join(map(printable, page_lines(place.lesson, place.page, place.study.states(place.lesson)))))

    def _rated(self, number: int, rating: Rating) -> None:
        print(printable(rating.sentence, one_line=True))

    async def _next(self, words: list[str]) -> None:
        self._number += 1
        if self._number < len(self._lessons):
            self._say()

    async def _show(self, words: list[str]) -> None:
        self._say()

    async def _help(self, words: list[str]) -> None:
        print(HELP, end="")
