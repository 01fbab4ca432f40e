"""The reference for start and memory: a page and an editor of stock Textual widgets, nothing behind them."""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, Header, Markdown, TextArea


class BarePage(App[None]):
    """Left the page, right the editor."""

    def compose(self) -> ComposeResult:
        """Lay out."""
        text = Path(sys.argv[1]).read_text(encoding="utf-8")
        yield Header()
        with Horizontal():
            with VerticalScroll():
                yield Markdown(text)
            yield TextArea.code_editor("import torch\nprint(torch.ones(2).sum())\n", language="python")
        yield Footer()


if __name__ == "__main__":
    BarePage().run()
