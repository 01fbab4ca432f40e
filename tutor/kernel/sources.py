"""Cells as code: compiled so that every line number is the lesson's own, under names that `linecache` knows."""

from __future__ import annotations

import ast
import linecache
from dataclasses import dataclass
from types import CodeType
from typing import Dict, FrozenSet, List, Optional, Tuple

from tutor.runner.protocol.parts import Cell


@dataclass(frozen=True)
class Compiled:
    """A cell's code. `last` is its last expression where it ends with one; `text` is the source the tree refers to."""

    name: str
    text: str
    tree: ast.Module
    body: CodeType
    last: Optional[CodeType]


class Sources:
    """The text of every cell that ran, where `linecache` (and so tracebacks and `inspect`) finds it.

    A cell goes by the name of its lesson file. Where the learner made it so long that it reaches into the lines of
    another cell, it goes by "file#key" instead, and `real` tells the file.
    """

    def __init__(self) -> None:
        self._extents: Dict[str, Dict[str, Tuple[int, int]]] = {}
        self._lines: Dict[str, List[str]] = {}
        self._files: Dict[str, str] = {}

    @property
    def names(self) -> FrozenSet[str]:
        """The names that cells were compiled under."""
        return frozenset(self._files)

    @property
    def aliases(self) -> Dict[str, str]:
        """Those names that are no files, and the files they stand for."""
        return {name: file for name, file in self._files.items() if name != file}

    def real(self, name: str) -> str:
        """The lesson's file behind a name."""
        return self._files.get(name, name)

    def place(self, cell: Cell) -> str:
        """The name to compile this cell under; from now on its lines are known there."""
        file = cell.filename or f"<{cell.key}>"
        lines = cell.source.splitlines() or [""]
        extent = (cell.line, cell.line + len(lines))
        name = file if self._free(file, cell.key, extent) else f"{file}#{cell.key}"
        self._files[name] = file
        self._extents.setdefault(name, {})[cell.key] = extent
        known = self._lines.setdefault(name, [])
        known.extend(["\n"] * (extent[1] - 1 - len(known)))
        known[extent[0] - 1 : extent[1] - 1] = [line + "\n" for line in lines]
        linecache.cache[name] = (sum(map(len, known)), None, known, name)
        return name

    def compile(self, cell: Cell) -> Compiled:
        """Place and compile a cell. Raises `SyntaxError`, and `ValueError` for null bytes, as `compile` does."""
        name = self.place(cell)
        text = "\n" * (cell.line - 1) + cell.source
        tree = ast.parse(text, name)
        body, last = tree.body, None
        if body and isinstance(body[-1], ast.Expr):
            last = code_of(ast.Expression(body[-1].value), name)
            body = body[:-1]
        return Compiled(name, text, tree, code_of(ast.Module(body, []), name), last)

    def _free(self, name: str, key: str, extent: Tuple[int, int]) -> bool:
        others = (taken for other, taken in self._extents.get(name, {}).items() if other != key)
        return all(extent[1] <= start or end <= extent[0] for start, end in others)


def code_of(tree: ast.AST, name: str) -> CodeType:
    """Compile a module or an expression; asserts stay in, and none of our `__future__` imports come along."""
    mode = "eval" if isinstance(tree, ast.Expression) else "exec"
    code: CodeType = compile(tree, name, mode, dont_inherit=True, optimize=0)  # type: ignore[call-overload]
    return code
