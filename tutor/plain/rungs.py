"""The rungs between hints and solution, in lines: lines to put in order, gaps to fill."""

from __future__ import annotations

from tutor.course.items import Exercise
from tutor.course.text import lines
from tutor.errors import TutorError
from tutor.learning.blanks import Blanks
from tutor.learning.comparison import Comparison, compare
from tutor.learning.parsons import Arrangement, Puzzle, Row, judge_arrangement
from tutor.learning.state import Status
from tutor.plain.page import WIDTH, indented
from tutor.plain.place import Place
from tutor.plain.typed import Command, whole_number
from tutor.printable import printable


class Rungs:
    """The commands that lead from the last hint to the solution."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def commands(self) -> dict[str, Command]:
        """Name -> what it does with the words behind it."""
        return {"more": self._more, "order": self._order, "fill": self._fill, "compare": self._compare}

    async def _more(self, words: list[str]) -> None:
        exercise = self._place.item(words, Exercise)
        lesson, ladder = self._place.lesson, self._place.study.ladder
        rung = ladder.next(lesson, exercise)
        if rung.kind == "hint":
            raise TutorError("There is a hint left", f"hint shows {rung.label}.")
        task = ladder.use(lesson, exercise, rung.scaffold) if rung.scaffold is not None else None
        if task is None:
            raise TutorError("No further help", "what is left is the solution.", "solution shows it with its why.")
        known = self._known(exercise, task) if isinstance(task, Blanks) else {}
        print("\n".join(map(printable, _told(task, exercise, known))))

    def _known(self, exercise: Exercise, task: Blanks) -> dict[int, str]:
        """What was written into the gaps of the task that is open."""
        lesson, ladder = self._place.lesson, self._place.study.ladder
        scaffold = ladder.current(lesson, exercise)
        return {} if scaffold is None else ladder.answers(lesson, exercise, scaffold, task)

    async def _order(self, words: list[str]) -> None:
        exercise, task = self._open(words)
        if not isinstance(task, Puzzle):
            raise TutorError("No lines to order", "here are gaps to fill.", "Say: fill N GAP TEXT.")
        found = task.shuffled(exercise.key)
        rows = [_placed(word, found.rows) for word in words[1:]]
        if len({id(row.piece) for row in rows}) < len(rows):
            raise TutorError("A line twice", "name each line once.")
        arrangement = Arrangement(tuple(rows))
        finding = judge_arrangement(task, arrangement)
        print(finding.words)
        if finding.right:
            self._keep(exercise, arrangement.code)

    async def _fill(self, words: list[str]) -> None:
        exercise, task = self._open(words)
        if not isinstance(task, Blanks):
            raise TutorError("No gaps", "here are lines to put in order.", "Say: order N 3 1:1 2:1.")
        if len(words) < 3:
            raise TutorError("Fill what?", "say: fill N GAP TEXT.")
        gap = whole_number(words[1:2], "fill N GAP TEXT")
        if not 1 <= gap <= len(task.gaps):
            raise TutorError("No such gap", f"the gaps are 1 to {len(task.gaps)}.")
        answers = self._known(exercise, task)
        answers[gap - 1] = " ".join(words[2:])
        self._keep_answers(exercise, task, answers)
        wrong = [index + 1 for index in range(len(task.gaps)) if not task.right(index, answers.get(index, ""))]
        print("\n".join(map(printable, _gap_lines(task, answers))))
        if not wrong:
            print("That is it.")
            self._keep(exercise, task.filled(answers))
        elif gap in wrong:
            print(f"Gap {gap} differs from the lesson's. If you think it works too, write it and check it.")
        else:
            print(f"Gap {gap} is right.")

    async def _compare(self, words: list[str]) -> None:
        exercise = self._place.item(words, Exercise)
        lesson, study = self._place.lesson, self._place.study
        mine = study.state(lesson, exercise)
        if mine.status is not Status.PASSED or not mine.answer:
            raise TutorError("Nothing to compare yet", "solve it first; check tries your code.")
        for answer in (exercise.solution, *study.alternatives(lesson, exercise)):
            found = compare(mine.answer, answer.code.source)
            print(printable(f"{answer.summary}: {found.words}", one_line=True))
            print("\n".join(map(printable, _compared(found))))
            print("\n".join(map(printable, lines(answer.blocks, WIDTH))))

    def _open(self, words: list[str]) -> tuple[Exercise, Puzzle | Blanks]:
        exercise = self._place.item(words[:1], Exercise)
        ladder = self._place.study.ladder
        scaffold = ladder.current(self._place.lesson, exercise)
        task = ladder.use(self._place.lesson, exercise, scaffold) if scaffold is not None else None
        if task is None:
            raise TutorError("Nothing to do yet", "more N gives the lines of the solution, or gaps in it.")
        return exercise, task

    def _keep_answers(self, exercise: Exercise, task: Blanks, answers: dict[int, str]) -> None:
        lesson, ladder = self._place.lesson, self._place.study.ladder
        if (scaffold := ladder.current(lesson, exercise)) is not None:
            ladder.keep_answers(lesson, exercise, scaffold, task, answers)

    def _keep(self, exercise: Exercise, code: str) -> None:
        self._place.study.save_draft(self._place.lesson, exercise, code)
        print("It is kept as your code: check tries it.")


def _compared(found: Comparison) -> list[str]:
    """Both programs in one: lines of one's own alone with -, those of the other with +."""
    out = []
    for pair in found.pairs:
        if pair.same and pair.mine is not None:
            out.append(f"    {pair.mine.text}")
            continue
        out += [f"  - {pair.mine.text}"] if pair.mine is not None else []
        out += [f"  + {pair.theirs.text}"] if pair.theirs is not None else []
    return out


def _told(task: Puzzle | Blanks, exercise: Exercise, answers: dict[int, str]) -> list[str]:
    if isinstance(task, Blanks):
        return ["The solution with gaps. Fill them: fill N GAP TEXT.", *_gap_lines(task, answers)]
    strangers = len(task.lookalikes)
    said = f" {strangers} of them {'does' if strangers == 1 else 'do'} not belong." if strangers else ""
    rows = task.shuffled(exercise.key).rows
    out = [
        f"The lines of the solution, out of order.{said} Name them from top to bottom, with how many",
        "steps each stands to the right: order N 3 1:1 2:1.",
    ]
    for number, row in enumerate(rows, 1):
        first, *rest = row.piece.text.split("\n")
        out += [f"{number:>3}  {first}", *(f"     {line}" for line in rest)]
    return out


def _gap_lines(task: Blanks, answers: dict[int, str]) -> list[str]:
    marks = [
        f"[{index + 1}: {answers[index]}]" if index in answers else f"[{index + 1}]____"
        for index in range(len(task.gaps))
    ]
    return indented(task.around(marks))


def _placed(word: str, rows: tuple[Row, ...]) -> Row:
    """A row from "3" or "3:1": line 3, one step to the right."""
    number, _, depth = word.partition(":")
    if not number.isdecimal() or not (depth or "0").isdecimal() or not 1 <= int(number) <= len(rows):
        raise TutorError("Which line?", f"{word!r} is none.", f"Lines are 1 to {len(rows)}, such as 3 or 3:1.")
    return Row(rows[int(number) - 1].piece, int(depth or 0))
