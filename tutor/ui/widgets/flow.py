"""A widget that shows lines which depend on its width, with selectable text."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.selection import Selection
from textual.widget import Widget

from tutor.ui.widgets.layout import EMPTY, joined, rejoined


class Flow(Widget):
    """Shows what `lines` returns, without further wrapping, and is as high as that is long.

    A subclass overrides `lines`; call `relay` when its outcome has changed. The component classes are the
    styles of all text in the panes: modules that make lines name them with a leading dot.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "flow--title",
        "flow--heading",
        "flow--muted",
        "flow--rule",
        "flow--marker",
        "flow--inline",
        "flow--math",
        "flow--link",
        "flow--code",
        "flow--keyword",
        "flow--string",
        "flow--number",
        "flow--name",
        "flow--builtin",
        "flow--self",
        "flow--comment",
        "flow--note",
        "flow--tip",
        "flow--important",
        "flow--warning",
        "flow--caution",
        "flow--right",
        "flow--wrong",
        "flow--cursor",
        "flow--key",
    }

    DEFAULT_CSS = """
    Flow {
        width: 1fr;
        height: auto;
        text-wrap: nowrap;
        text-overflow: clip;
        & > .flow--title { color: $primary; text-style: bold; }
        & > .flow--heading { color: $text-primary; text-style: bold; }
        & > .flow--muted { color: $foreground 65%; }
        & > .flow--rule { color: $foreground 35%; }
        & > .flow--marker { color: $text-primary; text-style: bold; }
        & > .flow--inline { color: $text-warning; background: $foreground 8%; }
        & > .flow--math { color: $text-success; text-style: italic; }
        & > .flow--link { text-style: underline; }
        & > .flow--code { background: $foreground 7%; }
        & > .flow--keyword { color: $text-accent; text-style: bold; }
        & > .flow--string { color: $text-success; }
        & > .flow--number { color: $text-warning; }
        & > .flow--name { color: $text-primary; text-style: bold; }
        & > .flow--builtin { color: $text-primary; }
        & > .flow--self { text-style: italic; }
        & > .flow--comment { color: $foreground 60%; text-style: italic; }
        & > .flow--note { color: $text-primary; }
        & > .flow--tip { color: $text-success; }
        & > .flow--important { color: $text-accent; }
        & > .flow--warning { color: $text-warning; }
        & > .flow--caution { color: $text-error; }
        & > .flow--right { color: $text-success; }
        & > .flow--wrong { color: $text-error; }
        & > .flow--cursor { background: $foreground 15%; text-style: bold; }
        & > .flow--key { color: $text-accent; }
        &:ansi {
            & > .flow--muted, & > .flow--rule { color: ansi_default; text-style: dim; }
            & > .flow--comment { color: ansi_default; text-style: dim italic; }
            & > .flow--inline { color: $text-warning; background: ansi_default; }
            & > .flow--code { background: ansi_default; }
            & > .flow--cursor { background: ansi_default; text-style: reverse; }
        }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: list[Content] = []
        self._lines_width = -1

    def lines(self, width: int) -> list[Content]:
        """The lines to show in `width` cells."""
        return []

    def laid(self, width: int) -> list[Content]:
        """`lines`, remembered for one width."""
        if width != self._lines_width:
            self._lines, self._lines_width = self.lines(width), width
        return self._lines

    def relay(self) -> None:
        """Lay out again: what `lines` shows has changed."""
        self._lines_width = -1
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows at `width` cells."""
        return len(self.laid(width)) if width else 0

    def render(self) -> Content:
        """The lines as one content."""
        width = self.size.width
        return joined(self.laid(width)) if width else EMPTY

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Selected text, with the code lines that were folded to fit whole again."""
        return rejoined(selection.extract(self.render().plain)), "\n"
