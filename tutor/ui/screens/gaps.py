"""The solution with gaps, and a field for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from textual.containers import Horizontal
from textual.content import Content, Span
from textual.widget import Widget
from textual.widgets import Input, Static

from tutor.learning.blanks import Blanks
from tutor.ui.screens.rung import RungScreen
from tutor.ui.visible import visible_line
from tutor.ui.widgets.code import highlighted
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import filled, folded


class GapsText(Flow):
    """The program; each gap shows its number, and what was written for it."""

    DEFAULT_CSS = """
    GapsText { margin: 0 0 1 0; }
    """

    def __init__(self, blanks: Blanks, answers: Mapping[int, str]) -> None:
        super().__init__()
        self._blanks = blanks
        self._answers = answers

    def lines(self, width: int) -> list[Content]:
        """The lines of the program, wide ones folded."""
        marks = [self._mark(index) for index in range(len(self._blanks.gaps))]
        lines: list[Content] = []
        for line in highlighted(self._blanks.around(marks)):
            for mark in marks:
                at = line.plain.find(mark)
                if at >= 0:
                    line = _marked(line, at, at + len(mark))
            lines += folded(line, width - 1)
        return filled(lines, width, ".flow--code")

    def _mark(self, index: int) -> str:
        written = visible_line(self._answers.get(index, ""))
        return f"[{index + 1}: {written}]" if written else f"[{index + 1}]".ljust(self._blanks.gaps[index].room, "_")


def _marked(line: Content, start: int, end: int) -> Content:
    """The line with a gap from `start` to `end` in one piece: reversed, the colours of code would be pale."""
    around = [
        Span(first, last, span.style)
        for span in line.spans
        for first, last in ((span.start, min(span.end, start)), (max(span.start, end), span.end))
        if first < last
    ]
    return Content(line.plain, [*around, Span(start, end, "bold reverse")])


class GapsScreen(RungScreen):
    """Gaps to fill, with the `answers` so far; `keep` is given all of them soon after the learner has typed."""

    DEFAULT_CSS = """
    GapsScreen {
        Horizontal { height: 1; }
        Horizontal > Static { width: 16; }
        Horizontal > Input {
            width: 1fr; background: $foreground 6%;
            &:focus { background: $foreground 14%; }
            &:ansi { background: ansi_default; }
        }
    }
    """

    heading = "Fill the gaps"
    keys = "↑ ↓ field · enter compare"
    advice = "Write what belongs into each gap; enter compares."

    def __init__(self, blanks: Blanks, answers: Mapping[int, str], keep: Callable[[Mapping[int, str]], None]) -> None:
        super().__init__()
        self._blanks = blanks
        self._answers = answers = dict(answers)
        self._keep = keep
        self._text = GapsText(blanks, answers)
        self._marks = [Static(self._label(index, None), markup=False) for index in range(len(blanks.gaps))]

    def parts(self) -> Iterable[Widget]:
        """The program, then a field for each gap."""
        yield self._text
        for index, mark in enumerate(self._marks):
            with Horizontal():
                yield mark
                yield Input(self._answers.get(index, ""), id=f"gap-{index}", compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """Begin in the first field that is empty."""
        empty = next((index for index in range(len(self._marks)) if not self._answers.get(index)), 0)
        self.query_one(f"#gap-{empty}", Input).focus()

    @property
    def code(self) -> str:
        """The program with what was written."""
        return self._blanks.filled(self._answers)

    def save(self) -> None:
        """Keep what is written."""
        self._keep(self._answers)

    def judge(self) -> tuple[bool, str]:
        """Which gaps are right."""
        right = [self._blanks.right(index, self._answers.get(index, "")) for index in range(len(self._marks))]
        for index, mark in enumerate(self._marks):
            mark.update(self._label(index, right[index] if self._answers.get(index) else None))
        wrong = len(right) - sum(right)
        if not wrong:
            return True, "That is it."
        differ = "One gap differs" if wrong == 1 else f"{wrong} gaps differ"
        return False, f"{differ} from the lesson's. If you think yours works too, ctrl+t checks it by running it."

    def on_input_changed(self, message: Input.Changed) -> None:
        """Show in the program what is written."""
        message.stop()
        index = int((message.input.id or "gap-0").removeprefix("gap-"))
        if self._answers.get(index, "") != message.value:
            self._answers[index] = message.value
            self._marks[index].update(self._label(index, None))
            self._text.relay()
            self.changed()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """On to the next empty field; compare when there is none."""
        message.stop()
        empty = [index for index in range(len(self._marks)) if not self._answers.get(index, "").strip()]
        if empty:
            self.query_one(f"#gap-{empty[0]}", Input).focus()
        else:
            self.action_judge()

    def key_down(self) -> None:
        """The next field."""
        self.focus_next(Input)

    def key_up(self) -> None:
        """The field before."""
        self.focus_previous(Input)

    def _label(self, index: int, right: bool | None) -> str:
        word = {True: "✓ right", False: "✗ not yet", None: ""}[right]
        return f" [{index + 1}] {word}"
