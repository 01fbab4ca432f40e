"""Two runs side by side: the values they ran with, how they went, and what differs in their code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from tutor.metrics.words import count
from tutor.store.runs import RunRow
from tutor.ui.screens.sheet import Sheet
from tutor.ui.visible import visible, visible_line
from tutor.ui.widgets.columns import Column, table
from tutor.ui.widgets.endings import seconds
from tutor.ui.widgets.flow import Flow
from tutor.ui.widgets.layout import EMPTY, folded, hang, styled
from tutor.ui.widgets.run_rows import ENDINGS, value_words

MOST_LINES = 2_000
"""Lines of code that are compared: beyond that a comparison takes longer than anybody waits."""


@dataclass(frozen=True)
class Line:
    """One line of the comparison: what, and for each run. `differs` says whether they are not the same."""

    what: str
    one: str
    two: str

    @property
    def differs(self) -> bool:
        """Whether the runs have not the same here."""
        return self.one != self.two


class Compare(Sheet):
    """Shows the comparison; the key that asks for one closes it too."""

    DEFAULT_CSS = """
    Compare > VerticalScroll { width: 100; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "close", "Close", id="compare.close")]

    def __init__(self, one: RunRow, two: RunRow) -> None:
        super().__init__(f"Run {one.number} and run {two.number}", Comparison(one, two))


class Comparison(Flow):
    """The table, then the lines of the code that differ."""

    def __init__(self, one: RunRow, two: RunRow) -> None:
        super().__init__()
        self._one, self._two = one, two

    def lines(self, width: int) -> list[Content]:
        """All of it."""
        rows = [
            ["≠" if line.differs else "", line.what, line.one, line.two] for line in value_lines(self._one, self._two)
        ]
        names = [visible_line(f"run {run.number} {run.name}") for run in (self._one, self._two)]
        columns = [
            Column("", ".flow--marker"),
            Column("", ".flow--name", flexible=True),
            *(Column(name, flexible=True) for name in names),
        ]
        lines = [*table(columns, rows, width), EMPTY]
        changed = code_changes(self._one.program or self._one.code, self._two.program or self._two.code)
        if not changed:
            return [*lines, *hang(Content("Both ran the same code."), width)]
        lines.append(styled(f"Code: - run {self._one.number}, + run {self._two.number}", ".flow--heading"))
        for text in changed:
            style = {"-": ".flow--wrong", "+": ".flow--right", "@": ".flow--muted"}.get(text[:1], "")
            lines += folded(styled(visible(text).replace("\n", " "), style), width, 2)
        return lines


def value_lines(one: RunRow, two: RunRow) -> list[Line]:
    """Knobs that differ, then those that do not, then how both went."""
    left, right = dict(one.knobs), dict(two.knobs)
    knobs = [Line(visible_line(name), left.get(name, "-"), right.get(name, "-")) for name in {**left, **right}]
    knobs = [Line(line.what, visible_line(line.one), visible_line(line.two)) for line in knobs]
    found = sorted(knobs, key=lambda line: not line.differs)
    for name in dict.fromkeys(series.name for run in (one, two) for series in run.series):
        pair = [next((series for series in run.series if series.name == name), None) for run in (one, two)]
        for what in ("final", "best"):
            values = [value_words(getattr(series, what)) if series is not None else "-" for series in pair]
            found.append(Line(f"{visible_line(name)}, {what}", *values))
    steps = [count(run.series[0].last_step) if run.series else "-" for run in (one, two)]
    found.append(Line("steps", *steps))
    found.append(Line("time", seconds(one.seconds), seconds(two.seconds)))
    found.append(Line("ended", ENDINGS.get(one.outcome, one.outcome), ENDINGS.get(two.outcome, two.outcome)))
    return found


def code_changes(one: str, two: str) -> Sequence[str]:
    """The lines that differ, with two lines around them, as `diff -u` writes them without its head."""
    before, after = (text.split("\n")[:MOST_LINES] for text in (one, two))
    return list(unified_diff(before, after, lineterm="", n=2))[2:]
