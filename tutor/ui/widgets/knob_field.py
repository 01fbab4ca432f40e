"""One knob as a field of one line: a slider, a number, a choice, a box to tick or a text, turned by keys."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tutor.course.items import Knob
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


class KnobTyping(Message):
    """Typing into a field has begun, or is over: other keys matter now."""


class KnobField(Widget, can_focus=True):
    """Shows the value that stands in the code; None where the code has no plain value for it now.

    Posts `KnobTurned` for a turn and changes nothing itself: `show` is called when the code has changed.
    """

    DEFAULT_CSS = """
    KnobField {
        height: 1;
        &:focus { background: $foreground 8%; }
        &:ansi:focus { background: ansi_default; }
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
        self.typed: str | None = None
        """What is being typed, None while nothing is."""

    @property
    def hint(self) -> str:
        """The keys that matter while it has the keyboard."""
        if self.typed is not None:
            return "enter sets it  esc gives it up"
        own = {"string": "enter types", "choice": "← → choose", "boolean": "space ticks"}
        return f"{own.get(self.knob.kind, '← → turn  0-9 type')}  esc leaves"

    def show(self, value: Value | None) -> None:
        """Show another value."""
        if value != self.value or type(value) is not type(self.value):
            self.value = value
            self.refresh()

    def render(self) -> Content:
        """Name, scale and value; the scale gives way where there is no room."""
        width = self.size.width
        name = Content.styled(f"{'▸' if self.has_focus else ' '} {visible_line(self.knob.name)}", "bold $text-primary")
        if self.typed is not None:
            room = max(1, width - name.cell_length - 3)
            return name + Content(" ") + Content.styled(visible_line(self.typed)[-room:] + "▏", "reverse")
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
            self._write(begun or (self.value if isinstance(self.value, str) else literal(self.value)))

    async def _on_key(self, event: events.Key) -> None:
        # At once, and not when a key has bubbled up: in a burst, as a slow connection delivers it, others overtake.
        if self.typed is not None and self._type(event):
            event.stop()
            event.prevent_default()
        elif self.knob.kind in ("slider", "number", "integer") and event.character in tuple("0123456789."):
            event.stop()
            event.prevent_default()
            self.action_type(event.character or "")
        elif (bound := self._bindings.key_to_bindings.get(event.key)) is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(bound[0].action)

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted value."""
        event.stop()
        if self.typed is not None:
            self.typed = (self.typed + event.text.partition("\n")[0])[:LONGEST]
            self.refresh()

    def on_blur(self) -> None:
        """Whoever leaves has typed nothing."""
        self._write(None)

    def _write(self, text: str | None) -> None:
        """Show what is being typed, None for nothing."""
        before, self.typed = self.typed, text
        if (before is None) != (text is None):
            self.post_message(KnobTyping())
        self.refresh()

    def _type(self, event: events.Key) -> bool:
        """Take a key into what is typed; False for one that is none of its own."""
        assert self.typed is not None
        if event.key == "enter":
            self._read_typed(self.typed)
        elif event.key in ("tab", "shift+tab"):
            self._read_typed(self.typed)
            return False  # the key moves on
        elif event.key == "escape":
            self._write(None)
        elif event.key in ("backspace", "ctrl+h"):
            self.typed = self.typed[:-1]
        elif event.key == "ctrl+u":
            self.typed = ""
        elif event.is_printable and event.character is not None:
            self.typed = (self.typed + event.character)[:LONGEST]
        elif event.key not in ("left", "right", "up", "down", "home", "end", "delete", "pageup", "pagedown"):
            return False
        self.refresh()
        return True

    def _read_typed(self, text: str) -> None:
        try:
            value = read(self.knob, text)
        except ValueError as error:
            self.post_message(KnobRefused(str(error)))
            return
        self._write(None)
        self._turn(value)

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
