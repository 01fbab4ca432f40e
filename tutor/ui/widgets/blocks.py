"""Prose between the items of a page: one widget for all blocks in a row, and asides that open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from tutor.course.blocks import Aside
from tutor.course.items import Block
from tutor.ui.visible import visible_line
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import EMPTY, behind, hang, styled
from tutor.ui.widgets.prose import lay


class ProseView(Flow):
    """Blocks of prose one below the other, under a title if there is one."""

    DEFAULT_CSS = """
    ProseView { margin: 0 0 1 0; padding: 0 1; }
    """

    def __init__(self, blocks: Sequence[Block], title: str = "") -> None:
        super().__init__()
        self._blocks = tuple(blocks)
        self._title = visible_line(title)

    def lines(self, width: int) -> list[Content]:
        """Title and blocks."""
        lines: list[Content] = []
        if self._title:
            lines += hang(styled(self._title, ".flow--title"), width)
            lines.append(styled("─" * min(width, max(line.cell_length for line in lines)), ".flow--rule"))
        body = lay(self._blocks, width)
        return [*lines, EMPTY, *body] if lines and body else lines + body


class AsideView(Flow, can_focus=True):
    """A folded note: enter, space or a click opens and closes it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"flow--heading"}
    DEFAULT_CSS = """
    AsideView {
        margin: 0 1 1 1;
        & > .flow--heading { color: $text-primary; text-style: bold; }
        &:focus > .flow--heading { text-style: bold reverse; }
        &:hover > .flow--heading { text-style: bold underline; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "unfold", "Open or close", tooltip="Show or hide what this note says", id="aside.toggle")
    ]

    def __init__(self, aside: Aside) -> None:
        super().__init__()
        self._aside = aside
        self._open = False

    def lines(self, width: int) -> list[Content]:
        """The summary, and the blocks when open."""
        mark = styled("▾ " if self._open else "▸ ", ".flow--marker")
        head = styled(visible_line(self._aside.summary) or "Note", ".flow--heading")
        lines = hang(head + styled(self._key(), ".flow--muted"), width, mark)
        if self._open:
            bar = styled("│ ", ".flow--rule")
            lines += behind(lay(self._aside.blocks, width - 2), bar, bar)
        return lines

    def action_unfold(self) -> None:
        """Open or close; what it says comes into view."""
        self._open = not self._open
        self.relay()
        if self._open:
            self.call_after_refresh(self.scroll_visible, animate=False)
            # Once more: a scroll bar that comes with it narrows the text, which then wraps anew.
            self.call_after_refresh(self.call_after_refresh, self.scroll_visible, animate=False)

    def on_focus(self) -> None:
        """Its key works now, and is said."""
        self.relay()

    def on_blur(self) -> None:
        """Its key works no longer."""
        self.relay()

    def _key(self) -> str:
        if self.has_focus:
            return "  enter folds it" if self._open else "  enter opens it"
        return "" if self._open else "  tab, enter open it"

    def on_click(self, event: events.Click) -> None:
        """A click on the summary opens and closes; one below it may be the end of a selection."""
        if event.y == 0:
            self.action_unfold()
