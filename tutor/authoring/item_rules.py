"""Rules about exercises and quizzes that can be judged without running them."""

from __future__ import annotations

import ast

from tutor.authoring.blocks import spans_of, walk
from tutor.course.blocks import ShownCode
from tutor.course.cells import syntax_error
from tutor.course.findings import Findings, did_you_mean
from tutor.course.items import Exercise, Hint, Predict, Quiz
from tutor.course.model import Lesson
from tutor.course.text import lines

MOST_HINTS = 4
_TELLING_QUIZZES = 3
_ANY_WIDTH = 10_000


def check_items(lesson: Lesson, findings: Findings) -> None:
    """Tell of everything about exercises and quizzes that can be seen without running code."""
    items = [item for _, item in lesson.items()]
    for item in items:
        if isinstance(item, Exercise):
            _check_exercise(item, findings)
        if isinstance(item, Exercise | Quiz | Predict):
            _check_concept(item, lesson, findings)
    quizzes = [item for item in items if isinstance(item, Quiz)]
    for quiz in quizzes:
        for number, option in enumerate(quiz.options, 1):
            if not option.why:
                findings.add("W213", f"option {number} of this quiz has no explanation in the answer", quiz.line)
    _check_giveaways(quizzes, findings)


def _check_concept(item: Exercise | Quiz | Predict, lesson: Lesson, findings: Findings) -> None:
    concept = item.concept
    if concept and concept not in lesson.front.concepts:
        line = item.line if isinstance(item, Quiz | Predict) else item.code.line - 1
        hint = did_you_mean(concept, lesson.front.concepts)
        message = f"the concept {concept!r} is none of those in the front matter: {hint}"
        findings.add("E131", message, line, findings.column_of(line, concept))


def _check_exercise(exercise: Exercise, findings: Findings) -> None:
    line = exercise.starter.line - 1
    if "TODO" not in exercise.starter.source:
        findings.add("W207", "the starter has no TODO that says where to write", line)
    if not exercise.hints:
        findings.add("W208", "this exercise has no hint", line)
    if len(exercise.hints) > MOST_HINTS:
        message = f"this exercise has {len(exercise.hints)} hints, more than {MOST_HINTS}"
        findings.add("W209", message, exercise.hints[MOST_HINTS].line)
    if not exercise.mistakes:
        findings.add("W217", "this exercise has no mistake: add a typical wrong answer that a check rejects", line)
    for hint in exercise.hints:
        if _gives_away(hint, exercise):
            findings.add("W210", "this hint holds the whole solution", hint.line)
    _check_asserts(exercise, findings)


def _gives_away(hint: Hint, exercise: Exercise) -> bool:
    """Whether every line that the solution has and the starter lacks stands as code in the hint."""
    shown = [block.source for block in walk(hint.blocks) if isinstance(block, ShownCode)]
    shown += [span.text for block in walk(hint.blocks) for span in spans_of(block) if span.code]
    written = {_bare(line) for text in shown for line in text.split("\n")}
    given = {_bare(line) for line in exercise.starter.source.split("\n")}
    new = {_bare(line) for line in exercise.solution.code.source.split("\n")} - given - {""}
    return bool(new) and new <= written


def _bare(line: str) -> str:
    """A line of code without its spaces and its comment, so that only what it does is compared."""
    return "".join(line.partition("#")[0].split())


def _check_asserts(exercise: Exercise, findings: Findings) -> None:
    checks = 0
    for test in exercise.tests:
        if syntax_error(test.source) is not None:
            return
        for statement in ast.parse(test.source).body:
            if isinstance(statement, ast.Assert):
                checks += 1
                if statement.msg is None:
                    message = "this assert has no message: it is the feedback that the learner reads"
                    findings.add("W211", message, test.line + statement.lineno - 1)
    if exercise.tests and not checks:
        message = "this test cell has no top-level assert: each of them is one check"
        findings.add("E118", message, exercise.tests[0].line - 1)


def _check_giveaways(quizzes: list[Quiz], findings: Findings) -> None:
    """Right options that a learner can find without reading the question."""
    single = [quiz for quiz in quizzes if sum(option.right for option in quiz.options) == 1]
    if len(single) < _TELLING_QUIZZES:
        return
    places = {next(index for index, option in enumerate(quiz.options) if option.right) for quiz in single}
    if len(places) == 1:
        message = f"in all {len(single)} quizzes the right answer is option {places.pop() + 1}: move some"
        findings.add("W212", message, single[0].line)
    if all(_right_is_longest(quiz) for quiz in single):
        message = f"in all {len(single)} quizzes the right answer is the longest: give the wrong ones as much care"
        findings.add("W212", message, single[0].line)


def _right_is_longest(quiz: Quiz) -> bool:
    lengths = [(len(" ".join(lines(option.blocks, _ANY_WIDTH))), option.right) for option in quiz.options]
    right = next(length for length, is_right in lengths if is_right)
    return all(length < right for length, is_right in lengths if not is_right)
