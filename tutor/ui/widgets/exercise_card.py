"""An exercise on the page: where it stands, the hints shown so far, the solution with its why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.content import Content

from tutor.course.items import Answer, Exercise, Hint
from tutor.learning.state import ItemState, Status
from tutor.ui.visible import visible_line
from tutor.ui.widgets.card import Card
from tutor.ui.widgets.code import code_lines
from tutor.ui.widgets.layout import EMPTY, barred, hang, styled
from tutor.ui.widgets.prose import lay

Part = Callable[[int], list[Content]]


class ExerciseCard(Card):
    """An exercise. What it asks stands in the prose above it, its starter in the editor."""

    kind = "✎ Exercise"
    keys = "ctrl+t check · ctrl+g hint"
    words: ClassVar[dict[Status, str]] = {
        Status.NEW: "not solved yet",
        Status.TRIED: "tried",
        Status.PASSED: "solved",
        Status.SKIPPED: "skipped",
        Status.CHANGED: "changed since you solved it",
    }

    def __init__(self, item: Exercise, state: ItemState) -> None:
        super().__init__(item, state)
        self.exercise = item
        self._hints: dict[int, Part] = {}
        self._solution: Part | None = None
        for number, hint in enumerate(item.hints[: state.hints], 1):
            self._hints[number] = _hint_part(hint, number, len(item.hints))

    def _say(self) -> None:
        solved = self.state.status is Status.PASSED
        self.keys = "ctrl+t check · ctrl+g compare" if solved else type(self).keys
        super()._say()

    def title(self) -> str:
        """Exercises have names: `pytutor try` wants them."""
        return f"{self.kind} {visible_line(self.exercise.name)}"

    def body_lines(self, width: int) -> list[Content]:
        """The call to action, then what was asked for, in the order of the ladder."""
        lines = hang(self._call(), width)
        for part in (*(self._hints[number] for number in sorted(self._hints)), self._solution):
            if part is not None:
                more = part(width)
                self.newest = (len(lines) + 1, len(more))
                lines += [EMPTY, *more]
        return lines

    def add_hint(self, hint: Hint, number: int, total: int) -> None:
        """Show a hint; `number` counts from 1."""
        self._hints[number] = _hint_part(hint, number, total)
        self.body.relay()

    def set_solution(self, answer: Answer, alternatives: Sequence[Answer]) -> None:
        """Show the solution with its why, and other right answers below it."""

        def part(width: int) -> list[Content]:
            lines = _answer_lines("Solution", answer, width)
            for other in alternatives:
                title = visible_line(other.summary) or "Another right answer"
                lines += [EMPTY, *_answer_lines(title, other, width)]
            return lines

        self._solution = part
        self.body.relay()

    def _call(self) -> Content:
        total = len(self.exercise.hints)
        shown = max(len(self._hints), self.state.hints)
        hints = f" ({shown} of {total} hints)" if total else ""
        if self.state.status is Status.PASSED:
            tries = self.state.attempts
            after = "" if tries < 2 else f" at attempt {tries}"
            return Content("").join(
                [
                    styled("✓ ", ".flow--right"),
                    Content(f"Solved{after}. "),
                    styled("f8", ".flow--key"),
                    Content(" goes on; "),
                    styled("ctrl+g", ".flow--key"),
                    Content(" lays the lesson's solution beside yours."),
                ]
            )
        if self.state.status is Status.CHANGED:
            return Content("You solved an earlier version. Check it again: your code is in the editor.")
        return Content("").join(
            [
                Content("Write it in the editor ("),
                styled("2", ".flow--key"),
                Content("). "),
                styled("ctrl+t", ".flow--key"),
                Content(" checks it, "),
                styled("ctrl+g", ".flow--key"),
                Content(f" helps{hints}."),
            ]
        )


def _hint_part(hint: Hint, number: int, total: int) -> Part:
    def part(width: int) -> list[Content]:
        title = styled(f"Hint {number} of {total}", ".flow--tip").stylize("bold")
        return barred([title, *lay(hint.blocks, width - 2)], ".flow--tip")

    return part


def _answer_lines(title: str, answer: Answer, width: int) -> list[Content]:
    why = lay(answer.blocks, width - 2)
    code = code_lines(answer.code.source, "python", width - 2)
    return barred([styled(title, ".flow--note").stylize("bold"), *code, *([EMPTY, *why] if why else [])], ".flow--note")
