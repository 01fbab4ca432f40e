"""The line at the top of a lesson: where one is, and how the kernel is."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.ui.kernel_state import KernelState
from tutor.ui.visible import visible_line

TONES = {"quiet": "$foreground 65%", "good": "$text-success", "busy": "bold $text-warning", "bad": "bold $text-error"}
SIGNS = {"quiet": "·", "good": "●", "busy": "▶", "bad": "✗"}


class LessonHeader(Widget):
    """One line: title and page on the left; kernel, device and memory on the right."""

    title: reactive[str] = reactive("")
    page: reactive[str] = reactive("")
    kernel: reactive[KernelState] = reactive(KernelState("connecting"))
    place: reactive[str] = reactive("")

    def render(self) -> Content:
        """Both halves; the title gives way when there is no room."""
        width = self.content_size.width
        kernel = self.kernel
        parts = [Content.styled(f"{SIGNS[kernel.tone]} {kernel.words}", TONES[kernel.tone])]
        if self.place:
            parts.append(Content.styled(f"  {self.place}", "$foreground 65%"))
        right = Content("").join(parts)
        page = Content.styled(f"  {self.page}", "$foreground 65%") if self.page else Content("")
        room = max(0, width - right.cell_length - page.cell_length - 2)
        title = Content.styled(visible_line(self.title), "bold").truncate(room, ellipsis=True)
        left = title + page
        return left.pad_right(max(1, width - left.cell_length - right.cell_length)) + right
