"""Python sessions as documentation shows them: `>>> ` before the code, and what it printed below."""

from __future__ import annotations

import textwrap
from itertools import groupby

from tutor.exchange.document import SourceCell

_PROMPTS = (">>>", "...")


def is_session(source: str) -> bool:
    """Whether code begins with a prompt."""
    return source.lstrip().startswith(">>> ")


def read_session(source: str) -> list[SourceCell]:
    """The code of a session as cells, with what it printed in between as text."""
    lines = textwrap.dedent(source).strip("\n").split("\n")
    cells = []
    for typed, group in groupby(lines, key=lambda line: line.startswith(_PROMPTS)):
        text = "\n".join(line[3:].removeprefix(" ") if typed else line for line in group).strip("\n")
        if text.strip():
            cells.append(SourceCell("code", text) if typed else SourceCell("prose", f"```text\n{text}\n```"))
    return cells
