"""Exercises, quizzes and predictions, and the help with them."""

from __future__ import annotations

from tutor.course.items import Exercise, Predict, Quiz
from tutor.course.text import lines
from tutor.errors import TutorError
from tutor.plain.page import WIDTH, indented
from tutor.plain.place import Place
from tutor.plain.teller import Teller
from tutor.plain.typed import Command, read_line
from tutor.plain.verdict import verdict_lines
from tutor.printable import printable


class Answers:
    """The commands that answer what the page asks."""

    def __init__(self, place: Place, teller: Teller) -> None:
        self._place = place
        self._teller = teller

    def commands(self) -> dict[str, Command]:
        """Name -> what it does with the words behind it."""
        return {
            "check": self._check,
            "hint": self._hint,
            "solution": self._solution,
            "skip": self._skip,
            "answer": self._answer,
        }

    async def _check(self, words: list[str]) -> None:
        exercise = self._place.item(words, Exercise)
        text = self._place.study.code_for(self._place.lesson, exercise)
        if self._place.study.needs_fresh_kernel(self._place.lesson, self._teller.executed):
            await self._teller.restart()  # another lesson's names must not help or disturb
        request = self._place.study.check_request(self._place.lesson, exercise, text, self._teller.executed)
        record = await self._teller.check(request)
        verdict = self._place.study.take(self._place.lesson, record, self._teller.session)
        if verdict is None:
            raise TutorError("No verdict", "the check left none.")
        verdict = await self._teller.suspect(exercise, record, verdict)
        print("\n".join(verdict_lines(verdict, WIDTH)))
        if verdict.passed:
            keep = self._place.study.continue_request(self._place.lesson, exercise, text, self._teller.executed)
            await self._teller.silently(keep)
            for other in self._place.study.alternatives(self._place.lesson, exercise):
                print("Another way:", *map(printable, indented(other.code.source)), sep="\n")

    async def _hint(self, words: list[str]) -> None:
        exercise = self._place.item(words, Exercise)
        found = self._place.study.next_hint(self._place.lesson, exercise)
        if found is None:
            raise TutorError("No more hints", "you have seen them all.", "more goes a step further.")
        hint, number, total = found
        print(f"Hint {number} of {total}")
        print("\n".join(map(printable, lines(hint.blocks, WIDTH))))

    async def _solution(self, words: list[str]) -> None:
        exercise = self._place.item(words, Exercise)
        if not self._place.study.state(self._place.lesson, exercise).attempts:
            sure = await read_line("You have not tried yet. Show the solution all the same? [y/N] ")
            if sure is None or sure.strip().lower() not in ("y", "yes"):
                return
        answer = self._place.study.show_solution(self._place.lesson, exercise)
        print("\n".join(map(printable, [*indented(answer.code.source), "", *lines(answer.blocks, WIDTH)])))

    async def _skip(self, words: list[str]) -> None:
        exercise = self._place.item(words, Exercise)
        self._place.study.skip(self._place.lesson, exercise)
        print("Skipped: it stays marked until you solve it, and comes back as due.")

    async def _answer(self, words: list[str]) -> None:
        if len(words) < 2:
            raise TutorError("Answer what?", "say: answer N TEXT.")
        item = self._place.any_item(words[:1])
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
        result = self._place.study.answer_quiz(self._place.lesson, quiz, frozenset(int(part) - 1 for part in parts))
        print(result.headline)
        for place in sorted(result.explain):
            option = quiz.options[place]
            print(f"{place + 1} is {'right' if option.right else 'wrong'}.")
            print("\n".join(map(printable, lines(option.why, WIDTH))))

    async def _answer_prediction(self, predict: Predict, text: str) -> None:
        self._place.study.lock_prediction(self._place.lesson, predict, text)
        code = self._place.study.code_for(self._place.lesson, predict)
        request = self._place.study.run_request(self._place.lesson, predict, code, self._teller.executed)
        record = await self._teller.run(request)
        result = self._place.study.judge_prediction(
            self._place.lesson, predict, record, board=self._teller.board(record.run)
        )
        if result is not None:
            print(printable(result.headline))
            print("\n".join(map(printable, lines(predict.answer, WIDTH))))
