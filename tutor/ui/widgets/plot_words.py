"""The plot in words: what stands beneath it."""

from __future__ import annotations

from tutor.errors import headed
from tutor.metrics.board import Board
from tutor.metrics.reading import reading_words
from tutor.metrics.words import count, summary
from tutor.plot.view import View


def caption(
    board: Board, title: str, view: View, *, paused: bool = False, hidden: int = 0, beneath: str = ""
) -> list[str]:
    """One or two paragraphs: the values at the cursor, if there is one, and the state of the run with that of the view.

    While the run goes on, its state has its speed and the time left.

    `hidden` is the number of panels that have no room, `beneath` names what is drawn dim.
    """
    text = summary(board)
    state = [board.pace.words, *_state(view, paused, hidden), beneath]
    paragraphs = [" · ".join([headed(title, text) if title else text, *filter(None, state)])]
    if view.cursor is not None:
        words = reading_words(list(board.series.values()), view.cursor)
        if view.mark is not None and view.mark != view.cursor:
            words += (
                f" · space zooms to steps {count(min(view.mark, view.cursor))} to {count(max(view.mark, view.cursor))}"
            )
        elif view.mark is not None:
            words += " · now move to the other end, then space"
        paragraphs.insert(0, words)
    return paragraphs


def _state(view: View, paused: bool, hidden: int) -> list[str]:
    found = []
    if hidden:
        found.append(f"{hidden} more {'panel' if hidden == 1 else 'panels'}: press n")
    if paused:
        found.append("paused")
    if view.log:
        found.append("log scale")
    if view.smoothing:
        found.append(f"smoothing {view.smoothing:g}")
    if view.tail:
        found.append("the tail only")
    elif view.window is not None:
        found.append(f"steps {count(round(view.window.low))} to {count(round(view.window.high))} only")
    return found
