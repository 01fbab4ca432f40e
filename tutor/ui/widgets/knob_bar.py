"""The knobs of the code in the editor, in a few lines above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from tutor.course.items import Knob
from tutor.course.turning import Value
from tutor.ui.widgets.knob_field import NARROWEST, KnobField

LOCKED = "◆ Knobs: locked until you have answered the prediction above. f3 goes there."


class KnobBar(Container):
    """Shows a field for each knob, as many beside each other as fit; nothing where there is no knob."""

    DEFAULT_CSS = """
    KnobBar {
        layout: grid;
        grid-gutter: 0 1;
        grid-rows: 1;
        height: auto;
        max-height: 7;
        padding: 0 1;
        display: none;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & > Static { column-span: 9; color: $foreground 75%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Knob above", tooltip="The knob above", id="knobs.up"),
        Binding("down", "step(1)", "Knob below", tooltip="The knob below", id="knobs.down"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._knobs: tuple[Knob, ...] = ()
        self._locked = False
        self._columns = 1

    @property
    def fields(self) -> list[KnobField]:
        """The fields, in the order of the code."""
        return list(self.query_children(KnobField))

    def show(self, knobs: Sequence[Knob], values: Mapping[str, Value], *, locked: bool = False) -> None:
        """Show these knobs at the values that the code has; `locked` says why none can be turned."""
        if tuple(knobs) == self._knobs and locked == self._locked:
            for field in self.fields:
                field.show(values.get(field.knob.name))
            return
        self._knobs, self._locked = tuple(knobs), locked
        self.display = bool(knobs)
        self.remove_children()
        if knobs and locked:
            self.mount(Static(Content(LOCKED), markup=False))
        elif knobs:
            self.mount_all([KnobField(knob, values.get(knob.name)) for knob in knobs])

    def take_focus(self) -> bool:
        """Give the first knob the keyboard; False where there is none."""
        fields = self.fields
        if fields:
            fields[0].focus()
        return bool(fields)

    def on_resize(self, event: events.Resize) -> None:
        """As many columns as there is room for."""
        self._columns = max(1, event.size.width // (NARROWEST + 1))
        self.styles.grid_size_columns = self._columns

    def action_step(self, by: int) -> None:
        """Go up or down; to the neighbour where there is no knob above or below."""
        fields = self.fields
        at = next((index for index, field in enumerate(fields) if field.has_focus_within), 0)
        to = next((to for to in (at + by * self._columns, at + by) if 0 <= to < len(fields)), at)
        fields[to].focus()
