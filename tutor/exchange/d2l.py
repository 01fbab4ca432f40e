"""The Markdown of Dive into Deep Learning: fences `{.python .input}`, tabs for each framework, Sphinx roles.

Only what belongs to PyTorch is taken: cells marked `#@tab pytorch` or `%%tab all, pytorch`, and those of no framework.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tutor.exchange.document import Document, SourceCell

_FENCE = "```{.python"
_TAB = re.compile(r"(?:#\s*@tab|%%tab)\s+(.+)")
_OURS = {"pytorch", "all"}
_ROLE = re.compile(r":(?:numref|eqref|ref|cite[a-z:]*|citet|citep|ext|label|width|eqlabel|lab):`([^`]*)`")


def is_d2l(text: str) -> bool:
    """Whether Markdown has the fences of d2l."""
    return any(line.startswith(_FENCE) and ".input" in line for line in text.split("\n"))


def read_d2l(text: str) -> Document:
    """Its cells for PyTorch."""
    reader = _Reader(tabbed="@tab" in text or "%%tab" in text or "load_ext d2lbook.tab" in text)
    for line in text.split("\n"):
        reader.take(line)
    reader.end_prose()
    notes = []
    if reader.left_out:
        notes.append(f"{reader.left_out} cells and tabs of other frameworks were left out.")
    return Document("d2l Markdown", tuple(reader.cells), tuple(notes))


@dataclass
class _Reader:
    tabbed: bool
    cells: list[SourceCell] = field(default_factory=list)
    left_out: int = 0
    _prose: list[str] = field(default_factory=list)
    _code: list[str] | None = None
    _fence: str = ""
    _tab: str = ""

    def take(self, line: str) -> None:
        if self._code is not None:
            if line.strip() == "```":
                self._end_code()
            else:
                self._code.append(line)
        elif not self._fence and line.startswith(_FENCE) and ".input" in line:
            self.end_prose()
            self._code = []
        elif line.startswith("```"):
            self._fence = "" if self._fence else "```"
            self._keep(line)
        elif line.startswith(":begin_tab:"):
            self._tab = line
        elif line.startswith(":end_tab:"):
            self._tab = ""
        elif not self._tab or self._is_ours(self._tab.partition("`")[2].rstrip("`")):
            self._keep(line)

    def end_prose(self) -> None:
        """Make a cell of the prose so far."""
        source = "\n".join(self._prose).strip("\n")
        self._prose = []
        if source.strip():
            self.cells.append(SourceCell("prose", source))

    def _keep(self, line: str) -> None:
        self._prose.append(line if self._fence else _ROLE.sub(_plain_role, line))

    def _end_code(self) -> None:
        lines, self._code = self._code or [], None
        mark = next((number for number, line in enumerate(lines) if _TAB.match(line)), None)
        if mark is not None:
            tabs = _TAB.match(lines.pop(mark))
            ours = tabs is not None and self._is_ours(tabs[1])
        else:
            # Without a mark a cell belongs to the book's first framework, unless there are no tabs at all.
            ours = not self.tabbed
        source = "\n".join(line for line in lines if "d2lbook.tab" not in line and "tab.interact_select" not in line)
        if ours and source.strip():
            self.cells.append(SourceCell("code", source.strip("\n")))
        elif not ours:
            self.left_out += 1

    @staticmethod
    def _is_ours(tabs: str) -> bool:
        return bool({tab.strip() for tab in tabs.split(",")} & _OURS)


def _plain_role(match: re.Match[str]) -> str:
    """Labels and widths are for the book's builder; of a reference, its name stays."""
    role = match[0][1:].partition(":")[0]
    if role in ("label", "width", "eqlabel", "lab"):
        return ""
    return f"[{match[1]}]" if role.startswith("cite") else match[1]
