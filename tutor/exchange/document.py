"""What every foreign format is read into: cells of prose and code, in order, without a format of its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["code", "prose"]


@dataclass(frozen=True)
class SourceCell:
    """A cell. Prose is Markdown, code is what the file says, magics included.

    `raised` tells that a saved output of it is an error. `tags` are those of the format, whoever gave them a meaning.
    """

    kind: Kind
    source: str
    tags: frozenset[str] = frozenset()
    raised: bool = False


@dataclass(frozen=True)
class Document:
    """A foreign file: its format's name, its cells, and a sentence for everything that was left out while reading."""

    format: str
    cells: tuple[SourceCell, ...]
    notes: tuple[str, ...] = field(default=())

    def with_note(self, note: str) -> Document:
        """The same with one sentence more."""
        return replace(self, notes=(*self.notes, note))

    @property
    def code(self) -> tuple[SourceCell, ...]:
        """The code cells."""
        return tuple(cell for cell in self.cells if cell.kind == "code")
