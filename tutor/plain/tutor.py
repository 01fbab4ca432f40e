"""The plain tutor's conversation: one command a line, answered in lines.

It stands on the same core (`tutor.study`) and the same sessions as the app, so that one can go on where the other was.
"""

from __future__ import annotations

import shlex

from tutor.commands.headless import Headless
from tutor.course.model import Lesson
from tutor.errors import TutorError
from tutor.plain.answers import Answers
from tutor.plain.code import Code
from tutor.plain.pages import Pages
from tutor.plain.place import Place
from tutor.plain.teller import Teller
from tutor.plain.typed import Command, read_line
from tutor.printable import printable
from tutor.study import Study

HELP = """\
next, back, page N        turn the page
open LESSON, lessons      another lesson; the list of lessons
show                      this page again
run [N]                   run snippet N (or the code of exercise N)
write N                   type the code of item N; a line with a single dot ends it
edit N                    the same in $EDITOR;  load N FILE: from a file
code N, original N        see the code of item N; go back to the lesson's own
check [N]                 check exercise N
hint, solution, skip [N]  help with exercise N, one hint at a time
answer N TEXT             answer question or prediction N (options by number: 1 or 1,3)
restart                   a new kernel with an empty namespace
quit                      leave; a running training goes on
"""


class PlainTutor:
    """One learner, one lesson at a time, one line at a time."""

    def __init__(self, study: Study, headless: Headless, lesson: Lesson, page: int) -> None:
        place = Place(study, lesson, page)
        self._teller = Teller(place, headless)
        self._pages = Pages(place)
        self._commands: dict[str, Command] = {
            **self._pages.commands(),
            **Code(place, self._teller).commands(),
            **Answers(place, self._teller).commands(),
            "help": self._help,
        }

    async def talk(self) -> int:
        """Read commands until `quit` or the end of the input. A mistake gets one sentence and costs nothing."""
        self._pages.say_page()
        while (line := await read_line("> ")) is not None:
            try:
                words = shlex.split(line)
            except ValueError as error:
                print(f"Cannot read that line: {error}.")
                continue
            if not words:
                continue
            name = self._named(words[0].lower())
            if name == "quit":
                break
            if name is None:
                print(f"No command is called {printable(words[0], one_line=True)!r}. help lists them.")
                continue
            try:
                await self._commands[name](words[1:])
            except TutorError as error:
                print(printable(str(error)))
        if self._teller.busy:
            print("What runs goes on; pytutor comes back to it.")
        return 0

    def _named(self, word: str) -> str | None:
        """The command that `word` is or begins."""
        names = [*self._commands, "quit"]
        if word in names:
            return word
        return next((name for name in names if name.startswith(word)), None)

    async def _help(self, words: list[str]) -> None:
        print(HELP, end="")
