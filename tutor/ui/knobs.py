"""Turned knobs: written into the code at once, and run as soon as the hand rests and nothing else runs."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

from tutor.course.items import Knob, Predict, Snippet
from tutor.course.turning import Value, literal, place_of, turned, values
from tutor.learning.state import Status
from tutor.study import Study
from tutor.ui.desk import Desk
from tutor.ui.drafts import After
from tutor.ui.frame.editor import Editor
from tutor.ui.widgets.knob_bar import KnobBar

REST = 0.4
"""Seconds without a turn after which the code runs."""


class KnobTurner:
    """Keeps the knob bar at what the code says, and runs the code with another value.

    `busy()` tells whether anything runs; `run()` runs the whole of the editor; `after(seconds, f)` starts a timer.
    """

    def __init__(
        self,
        study: Study,
        desk: Desk,
        editor: Editor,
        bar: KnobBar,
        busy: Callable[[], bool],
        run: Callable[[], object],
        after: After,
    ) -> None:
        self._study = study
        self._desk = desk
        self._editor = editor
        self._bar = bar
        self._busy = busy
        self._run = run
        self._after = after
        self._timer: Timer | None = None
        self._wanted = ""
        """The item that is to run with its new values; "" for none."""

    @property
    def knobs(self) -> tuple[Knob, ...]:
        """The knobs of the code in the editor."""
        item = self._desk.with_code
        return item.knobs if isinstance(item, Snippet) else ()

    @property
    def locked(self) -> bool:
        """Whether a prediction above on the page has not been made yet: a turn would give its outcome away."""
        item = self._desk.with_code
        above = []
        for one in self._desk.page.items:
            if one is item:
                break
            above.append(one)
        states = (self._study.state(self._desk.lesson, one) for one in above if isinstance(one, Predict))
        return any(state.status is Status.NEW for state in states)

    def show(self) -> None:
        """The editor belongs to another item, or a prediction was answered."""
        if self._wanted and self._wanted != self._desk.tag:
            self._forget()
        knobs = self.knobs
        self._bar.show(knobs, values(self._editor.text) if knobs else {}, locked=bool(knobs) and self.locked)

    def follow(self) -> None:
        """The code was edited."""
        if self.knobs:
            self.show()

    def turn(self, knob: Knob, value: Value) -> None:
        """Write a value into the code; it runs when the hand has rested."""
        text = self._editor.text
        changed, place = turned(text, knob.name, value), place_of(text, knob.name)
        if changed is None or place is None or knob not in self.knobs or self.locked:
            return
        start, end = (place.row, place.column), (place.end_row, place.end_column)
        self._editor.history.checkpoint()
        self._editor.replace(literal(value), start, end)
        if self._editor.text != changed:  # the editor counts lines in another way: an odd character is in the code
            self._editor.replace_code(changed)
        self._wanted = self._desk.tag
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._after(REST, self._rested)

    def session_rests(self) -> None:
        """Something has ended: what waited for it begins."""
        if self._wanted and self._timer is None and not self._busy():
            self._wanted = ""
            self._run()

    def _rested(self) -> None:
        self._timer = None
        self.session_rests()

    def _forget(self) -> None:
        self._wanted = ""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
