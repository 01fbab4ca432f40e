"""The Output pane: what a run prints, as it comes, and how it ended."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tutor.runner.transcript import RunRecord
from tutor.study.autopsy import Autopsy, autopsy
from tutor.study.explaining import Explain, explained
from tutor.ui.terminal_text import TerminalText
from tutor.ui.visible import visible_line
from tutor.ui.widgets.endings import ending_lines
from tutor.ui.widgets.explanations import remark_lines
from tutor.ui.widgets.layout import behind, hang, styled
from tutor.ui.widgets.lines_view import GUTTER, LinesView

if TYPE_CHECKING:
    from tutor.runner.protocol.requests import Check, Run
    from tutor.runner.protocol.run_events import InputRequested

BITE = 20_000
"""So many characters of output are taken in at a time, so that keys are answered in between."""

ABOVE_WORDS = "The cells above ran first: a shows what they printed."
"""Stands for the output of cells that ran only because this one needs them."""

FRAME = 3
"""So many cells of a pane, across and down, are frame, scroll bar and tabs."""

CLOSING = 3
"""So many lines at the end of the pane are left for how a run ended when a picture is to fill it."""

EMPTY_WORDS = "Nothing has run yet: ctrl+r runs the code above."


class InputGiven(Message):
    """A line for `input()`; `eof` where there will be no more."""

    def __init__(self, text: str, eof: bool = False) -> None:
        super().__init__()
        self.text = text
        self.eof = eof


class AnswerLine(Input):
    """The line that answers `input()`; ctrl+d on an empty one means the end of input."""

    DEFAULT_CSS = """
    AnswerLine {
        border: round $foreground 40%;
        background: transparent;
        height: 3;
        &:focus { border: round $primary; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "end_of_input", "End of input", tooltip="Tell the program that no more input comes")
    ]

    def action_end_of_input(self) -> None:
        """End of input on an empty line, else delete to the right as usual."""
        if self.value:
            self.action_delete_right()
        else:
            self.post_message(InputGiven("", eof=True))


class OutputPane(Vertical):
    """Shows one run. New output is taken in bites on a timer that rests when there is nothing to take."""

    DEFAULT_CSS = """
    OutputPane { height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "t", "traceback", "Traceback", tooltip="The whole traceback, or only your own lines", id="output.traceback"
        ),
        Binding("w", "why", "Why", tooltip="What to do about what was seen of the training", id="output.why"),
        Binding("a", "above", "Above", tooltip="What the cells above printed, or only your own", id="output.above"),
        Binding("end", "follow", "Follow", tooltip="Go to the end and follow it", id="output.end"),
    ]

    def __init__(self, *, ascii: bool = False, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.view = LinesView()
        self._ascii = ascii
        self.record: RunRecord | None = None
        self.empty_words = EMPTY_WORDS
        self.explain: Explain = explained
        """Puts an error into words."""
        self.autopsy: Autopsy = autopsy
        """Says what was seen of a training."""
        self._why = False
        self._text = TerminalText()
        self._chunk = 0
        self._offset = 0
        self._bites = 0
        self._whole = False
        self._above = False
        self._answer: AnswerLine | None = None

    def compose(self) -> ComposeResult:
        """The lines; an answer line comes when the program asks."""
        yield self.view

    def on_mount(self) -> None:
        """Over SSH fewer frames are worth more than smooth ones."""
        rate = 8 if os.environ.get("SSH_CONNECTION") else 25
        self._timer = self.set_interval(1 / rate, self._take, pause=True)

    def show(self, record: RunRecord | None) -> None:
        """Show a run from its beginning, or the empty pane."""
        self.record = record
        self._whole = self._above = self._why = False
        self._begin()

    def _begin(self) -> None:
        self._text = TerminalText()
        self._chunk = self._offset = 0
        self.view.following = True
        self._take(changed_from=0)

    def update(self, record: RunRecord) -> None:
        """The run has more to show; a run that is not the one shown replaces it."""
        if self.record is None or record.run != self.record.run:
            self.show(record)
        else:
            self.record = record
            self._timer.resume()

    def ask(self, request: InputRequested | None) -> None:
        """Ask for a line, or stop asking."""
        self.query(AnswerLine).remove()
        self._answer = None
        if request is not None:
            prompt = visible_line(request.prompt) or "The program waits for a line"
            line = AnswerLine(placeholder=f"{prompt} (enter sends, ctrl+d ends the input)", password=request.password)
            self._answer = line
            self.mount(line)
            line.focus()

    def fitted(self, request: Run | Check) -> Run | Check:
        """A request whose code knows the size of this pane, so that what it draws fills it, and its colours.

        While this pane is hidden, it is taken to be as large as the other panes on the right, or else as the screen.
        """
        around = self.parent.size if isinstance(self.parent, Widget) and self.parent.size else self.app.size
        columns = self.view.text_width if self.view.size else around.width - GUTTER - FRAME
        lines = (self.view.size.height if self.view.size else around.height - FRAME) - CLOSING
        ink = "ascii" if self._ascii else "plain" if self.app.no_color else "color"
        return replace(request, columns=max(0, columns), lines=max(0, lines), ink=ink)

    @property
    def keyboard(self) -> Widget:
        """The part that wants the keys: the answer line while the program waits for one, else the lines."""
        return self._answer or self.view

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Hand the line over."""
        message.stop()
        self.post_message(InputGiven(message.value))
        message.input.value = ""

    def on_resize(self) -> None:
        """Fold lines at the new width."""
        self.call_after_refresh(self._draw, 0)

    def action_traceback(self) -> None:
        """Switch between the learner's lines and the whole traceback."""
        self._whole = not self._whole
        self._draw(len(self._text.lines))

    def action_why(self) -> None:
        """Say, or no longer say, what to do about what was seen of the training."""
        self._why = not self._why
        self._draw(len(self._text.lines))

    def action_above(self) -> None:
        """Switch between the output of this cell and that of the cells above with it."""
        self._above = not self._above
        self._begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a traceback to show only after a failure, and something above only where it printed."""
        if action == "traceback":
            return self.record is not None and self.record.failure is not None
        if action == "why":
            return self.record is not None and bool(self.autopsy(self.record))
        if action == "above":
            return self.record is not None and any(chunk.kind == "above" for chunk in self.record.chunks)
        return super().check_action(action, parameters)

    @property
    def caught_up(self) -> bool:
        """Whether all that the run has printed so far is in the pane."""
        return self.record is None or self._chunk >= len(self.record.chunks)

    def _take(self, changed_from: int | None = None) -> None:
        left = BITE
        chunks = self.record.chunks if self.record is not None else []
        while left > 0 and self._chunk < len(chunks):
            chunk = chunks[self._chunk]
            if chunk.kind == "above" and not self._above:
                if not self._text.lines:
                    self._text.feed(f"{ABOVE_WORDS}\n", "above")
                self._chunk += 1
                continue
            piece = chunk.text[self._offset : self._offset + left]
            self._text.feed(piece, chunk.kind)
            left -= max(1, len(piece))
            self._offset += len(piece)
            if self._offset >= len(chunk.text):
                self._chunk, self._offset = self._chunk + 1, 0
        self._bites += 1
        if self.caught_up:
            self._timer.pause()
        else:
            self._timer.resume()
            if self._bites % 4 and changed_from is None:
                return  # far behind: fewer pictures of what is gone in a moment
        changes = self._text.take_changes()
        self._draw(changes if changed_from is None else changed_from)

    def _draw(self, changed_from: int) -> None:
        # A copy: the view may be painted again before the lines taken in meanwhile are shown to it.
        lines = self._text.lines[:]
        if lines and not lines[-1].runs:
            lines.pop()
        self.view.show_lines(lines, self._closing_lines(), changed_from)

    def _closing_lines(self) -> list[Content]:
        width = self.view.text_width
        margin = Content(" " * GUTTER)
        if self.record is None:
            return behind(hang(styled(self.empty_words, ".flow--muted"), width), margin)
        if not self.caught_up:
            return []
        remarks = remark_lines(self.autopsy(self.record), width, whole=self._why)
        return behind(
            ending_lines(self.record, width, whole=self._whole, explain=self.explain, remarks=remarks), margin
        )
