"""A question with options on the page, answered by keys or the mouse, with a second try."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from tutor.course.items import Quiz
from tutor.learning.quiz import QuizResult, grade, unpack
from tutor.learning.state import ItemState, Status
from tutor.ui.widgets.card import Card, CardMoved
from tutor.ui.widgets.layout import EMPTY, behind, hang, styled, tick
from tutor.ui.widgets.prose import lay


class QuizAnswered(Message):
    """The learner has answered a quiz; `chosen` holds the 0-based indices of the options."""

    def __init__(self, quiz: Quiz, chosen: frozenset[int]) -> None:
        super().__init__()
        self.quiz = quiz
        self.chosen = chosen


class QuizCard(Card):
    """A quiz. Where one option is right the marks are radio buttons, else check boxes."""

    kind = "? Quiz"
    words: ClassVar[dict[Status, str]] = {
        Status.NEW: "not answered yet",
        Status.TRIED: "not right yet",
        Status.PASSED: "answered",
        Status.SKIPPED: "skipped",
        Status.CHANGED: "changed since you answered",
    }

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Option above", show=False, id="quiz.up"),
        Binding("down,j", "move(1)", "Option below", show=False, id="quiz.down"),
        Binding("space", "mark", "Mark", tooltip="Mark or unmark the option under the cursor", id="quiz.mark"),
        Binding("enter", "answer", "Answer", tooltip="Answer with what is marked", id="quiz.answer"),
        *(Binding(str(number), f"pick({number - 1})", f"Option {number}", show=False) for number in range(1, 10)),
    ]

    def __init__(self, item: Quiz, state: ItemState) -> None:
        super().__init__(item, state)
        self.quiz = item
        self.right = frozenset(index for index, option in enumerate(item.options) if option.right)
        self.cursor = 0
        self.chosen: frozenset[int] = frozenset()
        self.result: QuizResult | None = None
        self._rows: list[range] = []
        if state.attempts and state.answer:
            self.chosen = unpack(state.answer) & frozenset(range(len(item.options)))
            self.result = grade(self.chosen, self.right, len(item.options), state.attempts)

    @property
    def open(self) -> bool:
        """Whether it can still be answered."""
        return self.result is None or not self.result.revealed

    def body_lines(self, width: int) -> list[Content]:
        """Question, options, and what the answer was worth."""
        lines = lay(self.quiz.question, width)
        self._rows = []
        options = [self._option(index, width) for index in range(len(self.quiz.options))]
        spaced = any(len(option) > 1 for option in options)
        for number, option in enumerate(options):
            if spaced or not number:
                lines.append(EMPTY)
            self._rows.append(range(len(lines), len(lines) + len(option)))
            lines += option
        lines.append(EMPTY)
        start = len(lines)
        lines += self._verdict_lines(width)
        self.newest = (start, len(lines) - start)
        return lines

    def set_result(self, result: QuizResult) -> None:
        """Show what the answer was worth."""
        self.result, self.chosen = result, result.chosen
        self.body.relay()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that have nothing to do here go on to the page, which scrolls."""
        if action == "move":
            return self.open and 0 <= self.cursor + int(str(parameters[0])) < len(self.quiz.options)
        return self.open if action in ("mark", "answer", "pick") else super().check_action(action, parameters)

    def action_move(self, by: int) -> None:
        """Move the cursor over the options."""
        self.cursor += by
        self.body.relay()
        self.post_message(CardMoved(self, self._rows[self.cursor]))

    def action_mark(self) -> None:
        """Mark the option under the cursor; a radio button takes the mark from the others."""
        self._again()
        here = frozenset((self.cursor,))
        self.chosen = self.chosen ^ here if len(self.right) > 1 else here
        self.body.relay()

    def action_pick(self, index: int) -> None:
        """Mark an option by its number."""
        if index < len(self.quiz.options):
            self.cursor = index
            self.action_mark()

    def action_answer(self) -> None:
        """Answer with what is marked; with nothing marked, a radio quiz takes the option under the cursor."""
        self._again()
        if not self.chosen and len(self.right) <= 1:
            self.action_mark()
        if self.chosen:
            self.post_message(QuizAnswered(self.quiz, self.chosen))

    def on_focus(self) -> None:
        """The cursor is seen while it can be moved."""
        self.body.relay()

    def on_blur(self) -> None:
        """The cursor is seen while it can be moved."""
        self.body.relay()

    def on_click(self, event: events.Click) -> None:
        """A click on an option marks it."""
        offset = event.get_content_offset(self.body)
        if offset is not None and self.open:
            for index, rows in enumerate(self._rows):
                if offset.y in rows:
                    self.action_pick(index)

    def _again(self) -> None:
        """A wrong answer is withdrawn as soon as another is made, and its explanation stays until then."""
        if self.result is not None:
            self.result, self.chosen = None, frozenset()

    def _option(self, index: int, width: int) -> list[Content]:
        option, result = self.quiz.options[index], self.result
        on = index in self.chosen
        box = ("[x]" if on else "[ ]") if len(self.right) > 1 else ("(•)" if on else "( )")
        here = self.has_focus and self.open and index == self.cursor
        prefix = (
            styled("▸" if here else " ", ".flow--marker")
            + Content(f"{box} ")
            + styled(f"{index + 1} ", ".flow--marker")
        )
        lines = behind(lay(option.blocks, width - prefix.cell_length) or [EMPTY], prefix)
        if here:
            lines[0] = lines[0].pad_right(max(0, width - lines[0].cell_length)).stylize_before(".flow--cursor")
        if result is not None and index in result.explain:
            style, word = (".flow--right", "✓ right") if option.right else (".flow--wrong", "✗ wrong")
            bar = Content(" " * prefix.cell_length) + styled("│ ", style)
            why = lay(option.why, width - bar.cell_length)
            lines += behind([styled(word, style).stylize("bold"), *why], bar, bar)
        return lines

    def _verdict_lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        if self.result is not None:
            lines += hang(Content(self.result.headline).stylize("bold"), width, tick(self.result.passed))
        if self.open:
            several = len(self.right) > 1
            keys = (
                "space marks all that are right, enter answers" if several else "↑ ↓ or a digit chooses, enter answers"
            )
            lines += hang(styled(keys, ".flow--muted"), width)
        elif self.quiz.more:
            lines += [EMPTY, *lay(self.quiz.more, width)]
        return lines
