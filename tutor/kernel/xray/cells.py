"""The cells of a run as source code: the names that they use, their statements, the places that may cut a graph."""

from __future__ import annotations

import ast
from typing import Any, Dict, FrozenSet, List, Mapping, Sequence

from tutor.kernel.sources import Sources
from tutor.kernel.xray.cuts import Cut, cuts
from tutor.kernel.xray.lines import LineTrace
from tutor.kernel.xray.reports import Row
from tutor.runner.protocol.parts import Cell


class Cells:
    """The cells of the last run, and all that have run before."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._cells: Sequence[Cell] = ()
        self._past: Dict[str, Cell] = {}
        self._used: List[str] = []

    def begin(self, cells: Sequence[Cell]) -> FrozenSet[str]:
        """These run now, the learner's own one last; the names that all cells were compiled under."""
        self._cells = cells
        self._past.update((cell.key, cell) for cell in cells)
        self._used = []
        return self._sources.names

    def used(self) -> List[str]:
        """The names in the cells of the last run, the learner's own cell first, in the order in which they stand."""
        if not self._used:
            used: List[str] = []
            for cell in reversed(self._cells):
                found = [one for tree in _parsed(cell) for one in ast.walk(tree) if isinstance(one, ast.Name)]
                used += [one.id for one in sorted(found, key=lambda one: (one.lineno, one.col_offset))]
            self._used = list(dict.fromkeys(used))
        return self._used

    def trees(self) -> Dict[str, List[ast.AST]]:
        """The syntax trees of all cells that have run, by the names that they were compiled under."""
        trees: Dict[str, List[ast.AST]] = {}
        for cell in self._past.values():
            trees.setdefault(self._sources.place(cell), []).extend(_parsed(cell))
        return trees

    def cuts(self, made: List[Row]) -> List[Cut]:
        """The places that may cut a graph; `made` are the tensors that lines were seen to make."""
        own = self._cells[-1:]
        others = [cell for cell in self._past.values() if cell not in own]
        trees = [[one for cell in cells for one in _parsed(cell)] for cells in (own, others)]
        return cuts(trees[0], trees[1], made)

    def finish(self, lines: LineTrace, namespace: Mapping[str, Any]) -> None:
        """The run is over: the trace reads what is left of its last cell."""
        for cell in self._cells[-1:]:
            own = range(cell.line, cell.line + len(cell.source.splitlines()))
            lines.finish(namespace, self._sources.place(cell), own)


def _parsed(cell: Cell) -> List[ast.AST]:
    """The syntax tree of a cell, numbered as its file is; none where it is no Python."""
    try:
        return [ast.parse("\n" * (cell.line - 1) + cell.source)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
