"""The plain tutor's conversation: one command a line, answered in lines.

It stands on the same core (`tutor.study`) and the same sessions as the app, so that one can go on where the other was.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from tutor.commands.headless import Headless
from tutor.commands.sources import read_source
from tutor.course.model import Exercise, Item, Lesson, Page, Predict, Quiz, Snippet
from tutor.course.text import lines
from tutor.errors import TutorError
from tutor.metrics.words import summary
from tutor.plain.page import WIDTH, indented, page_lines
from tutor.plain.verdict import verdict_lines
from tutor.plot.text import plain_chart
from tutor.printable import printable
from tutor.runner.protocol import CheckVerdict, Event, Notice, Output, OutputSkipped, Points, Result, Run
from tutor.runner.transcript import RunRecord
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

_POINTS_EVERY = 1.0
"""Seconds between two lines about a loss that moves."""

Kind = TypeVar("Kind", Snippet, Exercise, Quiz, Predict)


class PlainTutor:
    """One learner, one lesson at a time, one line at a time."""

    def __init__(self, study: Study, headless: Headless, lesson: Lesson, page: int) -> None:
        self._study = study
        self._headless = headless
        self._lesson = lesson
        self._page = min(max(page, 1), len(lesson.pages))
        self._last_points = 0.0
        self._commands: dict[str, Callable[[list[str]], Awaitable[None]]] = {
            "next": self._next,
            "back": self._back,
            "page": self._go,
            "open": self._open,
            "lessons": self._lessons,
            "show": self._show,
            "run": self._run,
            "write": self._write,
            "edit": self._edit,
            "load": self._load,
            "code": self._code,
            "original": self._original,
            "check": self._check,
            "hint": self._hint,
            "solution": self._solution,
            "skip": self._skip,
            "answer": self._answer,
            "restart": self._restart,
            "help": self._help,
        }

    async def talk(self) -> int:
        """Read commands until `quit` or the end of the input. A mistake gets one sentence and costs nothing."""
        self._say_page()
        while (line := await _read_line("> ")) is not None:
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
        if self._headless.transcript.busy:
            print("What runs goes on; pytutor comes back to it.")
        return 0

    def _named(self, word: str) -> str | None:
        """The command that `word` is or begins."""
        names = [*self._commands, "quit"]
        if word in names:
            return word
        return next((name for name in names if name.startswith(word)), None)

    # -- pages ---------------------------------------------------------------------------------------

    @property
    def _current(self) -> Page:
        return self._lesson.pages[self._page - 1]

    def _say_page(self) -> None:
        self._study.remember_place(self._lesson.id, self._page)
        print("\n".join(map(printable, page_lines(self._lesson, self._current, self._study.states(self._lesson)))))

    async def _turn(self, page: int) -> None:
        if not 1 <= page <= len(self._lesson.pages):
            raise TutorError("No such page", f"this lesson has pages 1 to {len(self._lesson.pages)}.")
        self._page = page
        self._say_page()

    async def _next(self, words: list[str]) -> None:
        await self._turn(self._page + 1)

    async def _back(self, words: list[str]) -> None:
        await self._turn(self._page - 1)

    async def _go(self, words: list[str]) -> None:
        await self._turn(_whole_number(words, "page N"))

    async def _show(self, words: list[str]) -> None:
        self._say_page()

    async def _open(self, words: list[str]) -> None:
        if len(words) != 1:
            raise TutorError("Open what?", "say: open LESSON.")
        self._lesson, self._page = self._study.lesson(words[0]), 1
        self._say_page()

    async def _lessons(self, words: list[str]) -> None:
        progress = self._study.progress()
        for entry in self._study.course.lessons():
            if entry.error is not None:
                print(printable(f"  ! {entry.path.name}: {entry.error.message}", one_line=True))
            else:
                share = progress[entry.front.id].percent
                print(printable(f"{entry.front.id}: {entry.front.title}, {share} percent done", one_line=True))

    async def _help(self, words: list[str]) -> None:
        print(HELP, end="")

    # -- code ----------------------------------------------------------------------------------------

    def _item(self, words: list[str], kind: type[Kind]) -> Kind:
        """The item of this page that `words` name by number, or the only one of its kind."""
        found = self._any_item(words, kind)
        if not isinstance(found, kind):
            raise TutorError("Not that one", f"item {words[0]} is no {kind.__name__.lower()}.")
        return found

    def _any_item(self, words: list[str], preferred: type[Item] | None = None) -> Item:
        items = self._current.items
        if words:
            place = _whole_number(words[:1], "a number of this page")
            if not 1 <= place <= len(items):
                raise TutorError("No such item", f"this page has {len(items) or 'no'} items.")
            return items[place - 1]
        fitting = [item for item in items if preferred is None or isinstance(item, preferred)]
        if len(fitting) != 1:
            raise TutorError("Which one?", "say its number on this page.")
        return fitting[0]

    async def _run(self, words: list[str]) -> None:
        item = self._any_item(words, Snippet)
        if isinstance(item, Quiz):
            raise TutorError("Nothing to run", "a question is answered: answer N.")
        if isinstance(item, Predict) and not self._study.states(self._lesson)[item.key].answer:
            raise TutorError("Predict first", "the result is shown once you have said: answer N TEXT.")
        text = self._study.code_for(self._lesson, item)
        await self._send(self._study.run_request(self._lesson, item, text, self._headless.transcript.executed))

    async def _send(self, request: Run) -> RunRecord:
        """Run, tell what comes, and record it."""
        self._last_points = time.monotonic()
        record = await self._headless.run(request, self._tell)
        self._study.take(self._lesson, record, self._headless.transcript.session)
        board = self._headless.board(record.run)
        if board.series:
            print("\n".join(printable(line) for line in plain_chart(list(board.series.values()), WIDTH, 14)))
            print(printable(summary(board)))
        if record.failure is not None:
            print(printable(record.failure.text).rstrip())
        if record.words:
            print(printable(record.words))
        return record

    def _tell(self, event: Event) -> None:
        if isinstance(event, Output):
            print(printable(event.text), end="", flush=True)
        elif isinstance(event, Result | Notice):
            print(printable(event.text), flush=True)
        elif isinstance(event, OutputSkipped):
            print(f"({event.count:,} bytes of {event.stream} not kept)")
        elif isinstance(event, Points) and time.monotonic() - self._last_points >= _POINTS_EVERY:
            self._last_points = time.monotonic()
            print(printable(summary(self._headless.board(event.run))), flush=True)

    async def _code(self, words: list[str]) -> None:
        item = self._any_item(words)
        if isinstance(item, Quiz):
            raise TutorError("No code", "that is a question.")
        print("\n".join(map(printable, indented(self._study.code_for(self._lesson, item)))))

    async def _original(self, words: list[str]) -> None:
        self._study.forget_draft(self._lesson, self._any_item(words))
        await self._code(words)

    async def _write(self, words: list[str]) -> None:
        item = self._any_item(words)
        print("Type the code; a line with a single dot ends it.")
        typed: list[str] = []
        while (line := await _read_line("")) is not None and line != ".":
            typed.append(line)
        self._keep(item, "\n".join(typed) + "\n")

    async def _load(self, words: list[str]) -> None:
        if len(words) != 2:
            raise TutorError("Load what?", "say: load N FILE.")
        text = read_source(Path(words[1]))
        self._keep(self._any_item(words[:1]), text)

    async def _edit(self, words: list[str]) -> None:
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            raise TutorError("No editor", "the variable EDITOR is not set.", "Use write N, or load N FILE.")
        item = self._any_item(words)
        with tempfile.NamedTemporaryFile("w+", suffix=".py", encoding="utf-8") as file:
            file.write(self._study.code_for(self._lesson, item))
            file.flush()
            try:
                done = subprocess.run([*shlex.split(editor), file.name], check=False)
            except OSError as error:
                raise TutorError("No editor", f"{editor}: {error.strerror}.") from None
            if done.returncode:
                raise TutorError("Not taken", f"the editor ended with exit code {done.returncode}.")
            text = Path(file.name).read_text(encoding="utf-8", errors="replace")
        self._keep(item, text)

    def _keep(self, item: Item, text: str) -> None:
        self._study.save_draft(self._lesson, item, text)
        print(f"{len(text.splitlines())} lines kept. {'check' if isinstance(item, Exercise) else 'run'} tries them.")

    # -- exercises -----------------------------------------------------------------------------------

    async def _check(self, words: list[str]) -> None:
        exercise = self._item(words, Exercise)
        text = self._study.code_for(self._lesson, exercise)
        request = self._study.check_request(self._lesson, exercise, text, self._headless.transcript.executed)
        record = await self._headless.run(
            request, lambda event: None if isinstance(event, CheckVerdict) else self._tell(event)
        )
        verdict = self._study.take(self._lesson, record, self._headless.transcript.session)
        if verdict is None:
            raise TutorError("No verdict", "the check left none.")
        print("\n".join(verdict_lines(verdict, WIDTH)))
        if verdict.passed:
            keep = self._study.continue_request(self._lesson, exercise, text, self._headless.transcript.executed)
            await self._headless.run(keep)
            for other in self._study.alternatives(self._lesson, exercise):
                print("Another way:", *map(printable, indented(other.code.source)), sep="\n")

    async def _hint(self, words: list[str]) -> None:
        exercise = self._item(words, Exercise)
        found = self._study.next_hint(self._lesson, exercise)
        if found is None:
            raise TutorError("No more hints", "you have seen them all.", "solution shows the way.")
        hint, number, total = found
        print(f"Hint {number} of {total}")
        print("\n".join(map(printable, lines(hint.blocks, WIDTH))))

    async def _solution(self, words: list[str]) -> None:
        exercise = self._item(words, Exercise)
        if not self._study.state(self._lesson, exercise).attempts:
            sure = await _read_line("You have not tried yet. Show the solution all the same? [y/N] ")
            if sure is None or sure.strip().lower() not in ("y", "yes"):
                return
        answer = self._study.show_solution(self._lesson, exercise)
        print("\n".join(map(printable, [*indented(answer.code.source), "", *lines(answer.blocks, WIDTH)])))

    async def _skip(self, words: list[str]) -> None:
        exercise = self._item(words, Exercise)
        self._study.skip(self._lesson, exercise)
        print("Skipped; it stays marked as skipped until you solve it.")

    # -- questions -----------------------------------------------------------------------------------

    async def _answer(self, words: list[str]) -> None:
        if len(words) < 2:
            raise TutorError("Answer what?", "say: answer N TEXT.")
        item = self._any_item(words[:1])
        if isinstance(item, Quiz):
            self._answer_quiz(item, words[1:])
        elif isinstance(item, Predict):
            await self._answer_prediction(item, " ".join(words[1:]))
        else:
            raise TutorError("No question", f"item {words[0]} asks nothing.")

    def _answer_quiz(self, quiz: Quiz, words: list[str]) -> None:
        parts = [part for word in words for part in word.split(",") if part]
        if not all(part.isdecimal() and 1 <= int(part) <= len(quiz.options) for part in parts):
            raise TutorError("Which option?", f"say numbers from 1 to {len(quiz.options)}, such as 1 or 1,3.")
        result = self._study.answer_quiz(self._lesson, quiz, frozenset(int(part) - 1 for part in parts))
        print(result.headline)
        for place in sorted(result.explain):
            option = quiz.options[place]
            print(f"{place + 1} is {'right' if option.right else 'wrong'}.")
            print("\n".join(map(printable, lines(option.why, WIDTH))))

    async def _answer_prediction(self, predict: Predict, text: str) -> None:
        self._study.lock_prediction(self._lesson, predict, text)
        code = self._study.code_for(self._lesson, predict)
        request = self._study.run_request(self._lesson, predict, code, self._headless.transcript.executed)
        record = await self._send(request)
        result = self._study.judge_prediction(self._lesson, predict, record)
        if result is not None:
            print(printable(result.headline))
            print("\n".join(map(printable, lines(predict.answer, WIDTH))))

    async def _restart(self, words: list[str]) -> None:
        await self._headless.restart()
        print("A new kernel with an empty namespace. Cells above run again when something needs them.")


def _whole_number(words: list[str], usage: str) -> int:
    if len(words) != 1 or not words[0].isdecimal():
        raise TutorError("A number, please", f"say: {usage}.")
    return int(words[0])


async def _read_line(prompt: str) -> str | None:
    """A line of standard input without its end, None at its end. The event loop goes on meanwhile."""
    print(prompt, end="", flush=True)
    line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    return line.rstrip("\n") if line else None
