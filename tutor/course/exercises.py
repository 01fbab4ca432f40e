"""Exercises: a starter and everything below it that belongs to it, by position."""

from __future__ import annotations

from dataclasses import dataclass, field

from tutor.course.cells import check_python, is_python, source_of
from tutor.course.findings import Findings
from tutor.course.fresh import TOO_MANY, read_generator
from tutor.course.items import Answer, Code, Exercise, Hint, Knob
from tutor.course.keys import chained, content_hash
from tutor.course.prose import prose
from tutor.course.tree import Box, Element

_SUMMARIES = {
    "hint": "Hint",
    "solution": "Solution",
    "alternative": "Another right answer",
    "mistake": "A typical mistake",
    "generator": "Fresh numbers",
}


@dataclass
class ExerciseDraft:
    """An exercise whose end has not been reached. `place` is where among its page's blocks it stands."""

    starter: Code
    place: int
    tests: list[Code] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=lambda: {"solution": [], "alternative": [], "mistake": []})
    generator: tuple[Knob, ...] = ()
    _last_key: str = ""

    def child_key(self, source: str) -> str:
        """Key of a cell inside the exercise; these make a chain of their own, so that a new hint moves no key."""
        self._last_key = chained(self._last_key or self.starter.key, source)
        return self._last_key

    def attach(self, box: Box, findings: Findings) -> None:
        """Take in a hint, a solution, an alternative, a mistake or a generator."""
        summary = box.summary or _SUMMARIES[box.role]
        if box.role == "hint":
            self.hints.append(Hint(summary, prose(box.children), box.line))
            return
        if box.role == "generator":
            if self.generator:
                findings.add("E133", TOO_MANY, box.line)
            self.generator = self.generator or read_generator(box, self.starter, findings)
            return
        answer = self._answer(box, summary, findings)
        if answer is not None:
            self.answers[box.role].append(answer)

    def _answer(self, box: Box, summary: str, findings: Findings) -> Answer | None:
        fences = [node for node in box.children if isinstance(node, Element) and is_python(node)]
        if len(fences) != 1:
            article = "an" if box.role[0] in "aeiou" else "a"
            message = f"{article} {box.role} needs exactly one ```python .noeval fence, and here are {len(fences)}"
            findings.add("E119", message, box.line)
            return None
        source, line = source_of(fences[0]), fences[0].line + 1
        check_python(source, line, findings)
        code = Code(self.child_key(source), source, line)
        blocks = prose([node for node in box.children if node is not fences[0]])
        return Answer(summary, code, blocks, box.line)

    def finish(self, findings: Findings) -> Exercise:
        """The exercise; what it lacks is told. One without a solution gets an empty one, so that it can be shown."""
        starter = self.starter
        above = starter.line - 1
        if not starter.name:
            findings.add("E112", 'an exercise needs a name, as in name="row-softmax": progress is stored by it', above)
        if not self.tests:
            findings.add("E118", 'this exercise has no check: add a ```python tags=["test"] cell below it', above)
        solutions = self.answers["solution"]
        if len(solutions) != 1:
            found = "none" if not solutions else f"{len(solutions)} of them"
            message = f'an exercise needs exactly one <details class="solution">, and here is {found}'
            findings.add("E119", message, above if not solutions else solutions[1].line)
        empty = Answer("Solution", Code(self.child_key(""), "", starter.line), (), starter.line)
        solution = solutions[0] if solutions else empty
        return Exercise(
            key=starter.key,
            name=starter.name,
            starter=starter,
            tests=tuple(self.tests),
            hints=tuple(self.hints),
            solution=solution,
            alternatives=tuple(self.answers["alternative"]),
            mistakes=tuple(self.answers["mistake"]),
            hash=content_hash(starter.source, *(test.source for test in self.tests), solution.code.source),
            generator=self.generator,
        )
