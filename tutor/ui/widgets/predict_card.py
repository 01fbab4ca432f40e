"""Code whose outcome is guessed before it is shown."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tutor.course.items import Predict
from tutor.learning.prediction import PredictionResult, curve_words, judge_output
from tutor.learning.state import ItemState, Status
from tutor.ui.visible import visible
from tutor.ui.widgets.card import Card
from tutor.ui.widgets.code import code_lines
from tutor.ui.widgets.curve_choice import CurveChoice, CurveChosen
from tutor.ui.widgets.layout import EMPTY, hang, styled, tick
from tutor.ui.widgets.prose import lay


class PredictionLocked(Message):
    """The learner has said what will happen; from now on the result may be shown."""

    def __init__(self, predict: Predict, text: str) -> None:
        super().__init__()
        self.predict = predict
        self.text = text


class PredictCard(Card):
    """A prediction. While it is open the keyboard belongs to its input line; the result stays hidden."""

    DEFAULT_CSS = """
    PredictCard > Input {
        margin: 1 0 0 0;
        border: round $foreground 40%;
        background: transparent;
        &:focus { border: round $primary; }
    }
    """

    kind = "◇ Predict"
    keys = "f3 answers · enter locks your prediction"
    words: ClassVar[dict[Status, str]] = {
        Status.NEW: "not predicted yet",
        Status.TRIED: "prediction locked",
        Status.PASSED: "predicted",
        Status.SKIPPED: "skipped",
        Status.CHANGED: "changed since you predicted",
    }

    def __init__(self, item: Predict, state: ItemState) -> None:
        super().__init__(item, state)
        self.predict = item
        self.guess = state.answer if state.status is not Status.NEW else ""
        self.result: PredictionResult | None = None
        if self.guess and state.status.done and item.expected is not None:
            self.result = judge_output(self.guess, item.expected)
        self.can_focus = bool(self.guess)

    def compose(self) -> ComposeResult:
        """Question, code and result; the input line while nothing is locked."""
        yield self.body
        if not self.guess and self.predict.ask == "curve":
            yield CurveChoice(ascii=bool(getattr(getattr(self.app, "settings", None), "ascii_plots", False)))
        elif not self.guess:
            what = "the shape, such as (2, 3)" if self.predict.ask == "shape" else "what it prints"
            yield Input(placeholder=f"Your prediction: {what}")

    def body_lines(self, width: int) -> list[Content]:
        """Question, code, and the comparison once it is locked."""
        lines = lay(self.predict.question, width)
        if lines:
            lines.append(EMPTY)
        lines += code_lines(self.predict.code.source, "python", width, indent=0)
        if self.guess:
            lines.append(EMPTY)
            start = len(lines)
            lines += self._outcome(width)
            self.newest = (start, len(lines) - start)
        return lines

    def take_focus(self) -> None:
        """The input line, while there is one."""
        self.answer_place.focus(scroll_visible=False)

    @property
    def answer_place(self) -> Widget:
        """The input line, while there is one."""
        return self if self.guess else self.query_one("Input, CurveChoice")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Lock what was typed; an empty line locks nothing."""
        message.stop()
        text = message.value.strip()
        if text and not self.guess:
            self._lock(text, message.input)

    def on_curve_chosen(self, message: CurveChosen) -> None:
        """Lock the curve that was chosen."""
        message.stop()
        if not self.guess:
            self._lock(message.kind, self.query_one(CurveChoice))

    def _lock(self, text: str, place: Widget) -> None:
        self.guess = text
        self.can_focus = True
        self.focus(scroll_visible=False)
        place.remove()
        self.body.relay()
        self.post_message(PredictionLocked(self.predict, text))

    def set_result(self, result: PredictionResult) -> None:
        """Show the truth beside the prediction."""
        self.result, self.guess = result, result.predicted or self.guess
        self.body.relay()

    def _say(self) -> None:
        self.keys = "" if self.guess else type(self).keys
        super()._say()

    def _outcome(self, width: int) -> list[Content]:
        curve = self.predict.ask == "curve"
        verb = "It has the shape" if self.predict.ask == "shape" else "The curve" if curve else "It printed"
        lines = hang(styled("You said", ".flow--muted"), width)
        lines += code_lines(curve_words(self.guess) if curve else self.guess, "output", width, indent=0)
        if self.result is None:
            return [
                *lines,
                EMPTY,
                *hang(styled("Locked. The result comes when the code has run.", ".flow--muted"), width),
            ]
        lines += hang(styled(verb, ".flow--muted"), width)
        actual = visible(self.result.actual).strip("\n") or "(nothing)"
        lines += code_lines(actual, "output", width, indent=0)
        lines += [EMPTY, *hang(Content(visible(self.result.headline)).stylize("bold"), width, tick(self.result.right))]
        why = lay(self.predict.answer, width)
        return [*lines, *([EMPTY, *why] if why else [])]
