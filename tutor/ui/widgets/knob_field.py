"""One knob as a field of one line: a slider, a number, a choice, a box to tick or a text, turned by keys."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tutor.course.model import Knob
from tutor.course.turning import LONGEST, Value, ends, fraction, literal, moved, read
from tutor.ui.visible import visible_line

TRACK = 10
"""Cells of a slider."""

NARROWEST = 29
"""Cells that a field needs at least."""


class KnobTurned(Message):
    """The learner has chosen another value."""

    def __init__(self, knob: Knob, value: Value) -> None:
        super().__init__()
        self.knob = knob
        self.value = value


class KnobRefused(Message):
    """What was typed is no value of the knob; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class Face(Widget):
    """What a field shows: the name, the scale, the value."""

    DEFAULT_CSS = "Face { width: 1fr; height: 1; }"

    def render(self) -> Content:
        """One line."""
        field = self.parent
        return field.face(self.size.width) if isinstance(field, KnobField) else Content("")


class KnobField(Horizontal, can_focus=True):
    """Shows the value that stands in the code; None where the code has no plain value for it now.

    Posts `KnobTurned` for a turn and changes nothing itself: `show` is called when the code has changed.
    """

    DEFAULT_CSS = """
    KnobField {
        height: 1;
        & > Input { width: 14; height: 1; display: none; }
        &.-typing > Input { display: block; }
        &:focus, &.-typing { background: $foreground 8%; }
        &:ansi:focus, &:ansi.-typing { background: ansi_default; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,minus", "turn(-1)", "Less", tooltip="Turn the knob down one step", id="knob.less"),
        Binding("right,plus", "turn(1)", "More", tooltip="Turn the knob up one step", id="knob.more"),
        Binding("pagedown,shift+left", "turn(-1, True)", "Much less", tooltip="Down ten steps", id="knob.much_less"),
        Binding("pageup,shift+right", "turn(1, True)", "Much more", tooltip="Up ten steps", id="knob.much_more"),
        Binding("home", "end(0)", "Least", tooltip="The least value", id="knob.least"),
        Binding("end", "end(1)", "Greatest", tooltip="The greatest value", id="knob.greatest"),
        Binding("enter,space", "type", "Type", tooltip="Type a value; a box is ticked", id="knob.type"),
        Binding("delete,backspace", "default", "Default", tooltip="Back to the lesson's value", id="knob.default"),
    ]

    def __init__(self, knob: Knob, value: Value | None) -> None:
        super().__init__()
        self.knob = knob
        self.value = value
        self._face = Face()
        self._input = Input(compact=True, max_length=LONGEST)

    def compose(self) -> ComposeResult:
        """The line, and the place to type a value."""
        yield self._face
        yield self._input

    def on_mount(self) -> None:
        """The lesson's words on the knob are there for whoever asks."""
        self._input.can_focus = False

    def show(self, value: Value | None) -> None:
        """Show another value."""
        if value != self.value or type(value) is not type(self.value):
            self.value = value
            self._face.refresh()

    def watch_has_focus(self, has_focus: bool) -> None:
        """The mark in front of the name follows the focus."""
        super().watch_has_focus(has_focus)
        self._face.refresh()

    def face(self, width: int) -> Content:
        """Name, scale and value in `width` cells; the scale gives way where there is no room."""
        mark = "▸ " if self.has_focus or self.has_class("-typing") else "  "
        name = Content.styled(mark + visible_line(self.knob.name), "bold $text-primary")
        if self.has_class("-typing"):
            return name.truncate(width, ellipsis=True)
        if self.value is None:
            return (name + Content.styled("  set by the code", "$foreground 65%")).truncate(width, ellipsis=True)
        value = Content.styled(f" {self._words()}", "$text-warning")
        scale = self._scale()
        room = width - name.cell_length - value.cell_length - 2
        if scale and room >= len(scale):
            return name + Content.styled(f" {scale} ", "$foreground 75%") + value
        return (name + Content(" ") + value).truncate(width, ellipsis=True)

    def action_turn(self, by: int, coarse: bool = False) -> None:
        """One step, or ten."""
        if self.value is None:
            self._refuse()
        elif self.knob.kind == "string":
            self.action_type()
        else:
            self._turn(moved(self.knob, self.value, by, coarse=coarse))

    def action_end(self, which: int) -> None:
        """An end of the scale."""
        if (found := ends(self.knob)) is not None:
            self._turn(found[which])

    def action_default(self) -> None:
        """What the lesson has."""
        self._turn(self.knob.default)

    def action_type(self, begun: str = "") -> None:
        """Type a value; a boolean is switched, a choice goes on."""
        if self.value is None:
            self._refuse()
        elif self.knob.kind in ("boolean", "choice"):
            self.action_turn(1)
        else:
            self.add_class("-typing")
            self._input.value = begun or (self.value if isinstance(self.value, str) else literal(self.value))
            self._input.can_focus = True
            self._input.focus()
            if begun:
                self.call_after_refresh(self._input.action_end)

    def on_key(self, event: events.Key) -> None:
        """A digit begins a number; escape gives up what was typed."""
        if self.has_class("-typing"):
            if event.key == "escape":
                event.stop()
                self._leave()
        elif self.knob.kind in ("slider", "number", "integer") and event.character in tuple("0123456789."):
            event.stop()
            self.action_type(event.character or "")

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            value = read(self.knob, event.value)
        except ValueError as error:
            self.post_message(KnobRefused(str(error)))
            return
        self._leave()
        self._turn(value)

    @on(events.DescendantBlur)
    def _left(self) -> None:
        if self.has_class("-typing"):
            self._leave(focus=False)

    def _leave(self, *, focus: bool = True) -> None:
        self.remove_class("-typing")
        if focus:
            self.focus()
        self._input.can_focus = False
        self._face.refresh()

    def _turn(self, value: Value) -> None:
        if self.value is None:
            self._refuse()
        elif value != self.value or type(value) is not type(self.value):
            self.show(value)
            self.post_message(KnobTurned(self.knob, value))

    def _refuse(self) -> None:
        name = self.knob.name
        self.post_message(
            KnobRefused(f"The code has no line such as {name} = {literal(self.knob.default)} that a knob could change.")
        )

    def _scale(self) -> str:
        if self.knob.kind == "boolean":
            return "[x]" if self.value else "[ ]"
        if self.knob.kind == "choice":
            at = self.knob.choices.index(self.value) + 1 if self.value in self.knob.choices else 0
            return f"{at or '-'}/{len(self.knob.choices)}"
        at_ = fraction(self.knob, self.value) if self.value is not None else None
        if at_ is None:
            return ""
        place = round(at_ * (TRACK - 1))
        return "━" * place + "●" + "─" * (TRACK - 1 - place)

    def _words(self) -> str:
        value = self.value
        if isinstance(value, str):
            return f"‹ {visible_line(value)} ›" if self.knob.kind == "choice" else visible_line(repr(value))
        return literal(value) if value is not None else ""
