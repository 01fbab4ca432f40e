"""Which cells above a piece of code it stands on, told from names alone.

Careful to a fault: a cell counts as needed when it binds a name that is needed, when it so much as mentions one that is
more than an import (it may change what the name holds), when it sets something global, and when it defines functions
or classes or does nothing but import: these cost nothing, and whoever writes an answer may want them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_GLOBAL = ("set_", "manual_seed", "seed", "use_")
"""Beginnings of functions that change a library's state and bind nothing."""

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class _Names:
    mentioned: frozenset[str]
    bound: frozenset[str]
    imported: frozenset[str]
    assigned: frozenset[str]
    always: bool


def needed(above: Sequence[str], code: Iterable[str]) -> list[bool]:
    """For each source in `above`, in their order: whether `code` may stand on it. All, where any is no Python."""
    try:
        cells = [_names(source) for source in above]
        wanted = frozenset().union(*(_names(source).mentioned for source in code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [True] * len(above)
    imports = frozenset().union(*(cell.imported for cell in cells))
    imports -= frozenset().union(*(cell.assigned for cell in cells))
    found = []
    for cell in reversed(cells):
        held = wanted - imports
        taken = bool(cell.bound & wanted or cell.mentioned & held or cell.always)
        if taken:
            wanted |= cell.mentioned
        found.append(taken)
    return found[::-1]


def _names(source: str) -> _Names:
    tree = ast.parse(source)
    mentioned: set[str] = set()
    assigned: set[str] = set()
    imported: set[str] = set()
    sets_global = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            mentioned.add(node.id)
            if not isinstance(node.ctx, ast.Load):
                assigned.add(node.id)
        elif isinstance(node, _DEFINITIONS):
            assigned.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imported |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            sets_global = sets_global or node.func.attr.startswith(_GLOBAL)
    defines = any(isinstance(one, _DEFINITIONS) for one in tree.body)
    only_imports = all(isinstance(one, ast.Import | ast.ImportFrom) for one in tree.body)
    bound = frozenset(assigned | imported)
    always = sets_global or defines or only_imports or "*" in imported
    return _Names(bound | mentioned, bound, frozenset(imported), frozenset(assigned), always)
