"""Four small curves to choose from: what the loss of a run will do."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from tutor.learning.prediction import CURVES
from tutor.plot.sketch import sketch
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import EMPTY, hang, styled

SKETCH = (14, 4)
"""Cells of a drawing."""

CELL = SKETCH[0] + 4
"""Cells that a drawing takes with what stands around it; four of them fit into a card at 80 columns."""

TITLES = {"falls": "falls smoothly", "oscillates": "oscillates", "diverges": "diverges", "flat": "stays flat"}


class CurveChosen(Message):
    """The learner has said which curve it will be."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind


class CurveChoice(Flow, can_focus=True):
    """The four curves, numbered; as many beside each other as fit."""

    DEFAULT_CSS = """
    CurveChoice { margin: 1 0 0 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Curve before", tooltip="The curve before", id="curve.before"),
        Binding("right", "move(1)", "Next curve", tooltip="The next curve", id="curve.next"),
        Binding("enter,space", "choose", "Lock it", tooltip="Lock this prediction and run the code", id="curve.lock"),
        *(Binding(str(number), f"pick({number - 1})", f"Curve {number}", show=False) for number in range(1, 5)),
    ]

    key_help = (("1 to 4, ← →", "Choose a curve."), ("enter", "Lock it; then the code runs."))
    """What the help says while the choice has the focus."""

    def __init__(self, *, ascii: bool = False) -> None:
        super().__init__()
        self._ascii = ascii
        self._at = 0

    def lines(self, width: int) -> list[Content]:
        """The drawings in rows, and the keys."""
        beside = 4 if width >= 4 * CELL else 2 if width >= 2 * CELL else 1
        lines: list[Content] = []
        for start in range(0, len(CURVES), beside):
            lines += self._row(range(start, min(start + beside, len(CURVES))))
        keys = "1 to 4 or the arrows choose, enter locks your prediction" if self.has_focus else "f3 answers"
        return [*lines, *hang(styled(keys, ".flow--muted"), width)]

    def on_focus(self) -> None:
        """The cursor is seen while it can be moved."""
        self.relay()

    def on_blur(self) -> None:
        """The cursor is seen while it can be moved."""
        self.relay()

    def on_click(self, event: events.Click) -> None:
        """Choose the curve under the mouse."""
        width = self.size.width
        beside = 4 if width >= 4 * CELL else 2 if width >= 2 * CELL else 1
        at = event.y // (SKETCH[1] + 2) * beside + min(event.x // CELL, beside - 1)
        if at < len(CURVES):
            self.action_pick(at)

    def action_move(self, by: int) -> None:
        """Go to another curve."""
        self.action_pick((self._at + by) % len(CURVES))

    def action_pick(self, at: int) -> None:
        """Go to this curve."""
        self._at = at
        self.relay()

    def action_choose(self) -> None:
        """Lock the curve at the cursor."""
        self.post_message(CurveChosen(CURVES[self._at]))

    def _row(self, numbers: range) -> list[Content]:
        """Some drawings beside each other, each under its number."""
        heads, bodies = EMPTY, [EMPTY] * SKETCH[1]
        for at in numbers:
            here = at == self._at and self.has_focus
            title = f"{'▸' if here else ' '}{at + 1} {TITLES[CURVES[at]]}"
            heads += styled(title.ljust(CELL)[:CELL], ".flow--name" if here else "")
            style = ".flow--cursor" if here else ".flow--code"
            for row, text in enumerate(sketch(CURVES[at], *SKETCH, ascii=self._ascii)):
                bodies[row] += Content(" ") + styled(f" {text} ", style) + Content(" ")
        return [heads, *bodies, EMPTY]
