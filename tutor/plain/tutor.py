"""The plain tutor's conversation: one command a line, answered in lines.

It stands on the same core (`tutor.study`) and the same sessions as the app, so that one can go on where the other was.
"""

from __future__ import annotations

from tutor.commands.headless import Headless
from tutor.course.model import Lesson
from tutor.plain.answers import Answers
from tutor.plain.code import Code
from tutor.plain.conversation import converse
from tutor.plain.pages import Pages
from tutor.plain.place import Place
from tutor.plain.rungs import Rungs
from tutor.plain.teller import Teller
from tutor.plain.typed import Command
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
more [N]                  after the hints: the solution's lines out of order, or with gaps
order N 3 1:1 2:1         the lines in order, with the steps each stands to the right
fill N GAP TEXT           what belongs into a gap
compare [N]               your solution beside the lesson's
answer N TEXT             answer question or prediction N (options by number: 1 or 1,3)
runs [N]                  the runs that are kept of snippet N, or of this lesson, with their values
                          (a knob is turned by editing its line: edit N, then run N)
restart                   a new kernel with an empty namespace
quit                      leave; a running training goes on
"""


class PlainTutor:
    """One learner, one lesson at a time, one line at a time."""

    def __init__(self, study: Study, headless: Headless, lesson: Lesson, page: int) -> None:
        place = Place(study, lesson, page)
        self._outlook = study.memory.outlook()
        self._teller = Teller(place, headless)
        self._pages = Pages(place, self._teller.prepare)
        self._commands: dict[str, Command] = {
            **self._pages.commands(),
            **Code(place, self._teller).commands(),
            **Answers(place, self._teller).commands(),
            **Rungs(place).commands(),
            "help": self._help,
        }

    async def talk(self) -> int:
        """Read commands until `quit` or the end of the input. A mistake gets one sentence and costs nothing."""
        if self._outlook.due:
            print(f"Review: {self._outlook.words} `pytutor review --plain` asks.")
        self._pages.say_page()
        await converse(self._commands)
        if self._teller.busy:
            print("What runs goes on; pytutor comes back to it.")
        return 0

    async def _help(self, words: list[str]) -> None:
        print(HELP, end="")
