"""Which cells above a piece of code it stands on, told from names alone.

Careful to a fault: a cell counts as needed when it binds a name that is needed, when it so much as mentions one that is
more than an import (it may change what the name holds), when it sets something global, and when it defines functions
or classes or does nothing but import: these cost nothing, and whoever writes an answer may want them. Names inside of
functions are no business of others. A cell that seeds is needed where something below it is computed.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor.course.items import Exercise, Item, Predict

_GLOBAL = ("set_", "use_")
"""Beginnings of functions that change a library's state and bind nothing."""

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


_SEEDS = ("manual_seed", "seed")

_BUILTIN = frozenset(dir(builtins))


@dataclass(frozen=True)
class _Names:
    """Names of a module's own level, and those that its functions take from there."""

    mentioned: frozenset[str]
    bound: frozenset[str]
    imported: frozenset[str]
    assigned: frozenset[str]
    always: bool
    defines: bool
    seeds: bool
    computes: bool


def needed(above: Sequence[str], code: Iterable[str], *, luck: bool = True, complete: bool = False) -> list[bool]:
    """For each source in `above`, in their order: whether `code` may stand on it. All, where any is no Python.

    `luck` tells whether what `code` itself does may depend on random numbers, `complete` whether it is all that there
    will be: then functions that it does not name are not needed either.
    """
    try:
        cells = [_names(source) for source in above]
        wanted = frozenset().union(*(_names(source).mentioned for source in code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [True] * len(above)
    fixed = _BUILTIN.union(*(cell.imported for cell in cells))
    fixed -= frozenset().union(*(cell.assigned for cell in cells))
    found = []
    for cell in reversed(cells):
        held = wanted - fixed
        taken = bool(cell.bound & wanted or cell.mentioned & held or cell.always or (cell.seeds and luck))
        taken = taken or (cell.defines and not complete)
        if taken:
            wanted |= cell.mentioned
            luck = luck or cell.computes
        found.append(taken)
    return found[::-1]


def sources_of(item: Item) -> list[str]:
    """All code of an item, as far as it is known beforehand."""
    if isinstance(item, Exercise):
        answers = (item.solution, *item.alternatives, *item.mistakes)
        return [item.starter.source, *(test.source for test in item.tests), *(one.code.source for one in answers)]
    return [item.code.source, item.of] if isinstance(item, Predict) else []


def _names(source: str) -> _Names:
    tree = ast.parse(source)
    mentioned: set[str] = set()
    assigned: set[str] = set()
    imported: set[str] = set()
    tables = [symtable.symtable(source, "cell", "exec")]
    for table in tables:
        tables += table.get_children()
        for symbol in table.get_symbols():
            own_level = table.get_type() == "module"
            if not own_level and not symbol.is_global() and table.get_type() != "class":
                continue  # the body of a class may read a name of ours and bind its own
            mentioned.add(symbol.get_name())
            if symbol.is_imported():
                imported.add(symbol.get_name())
            elif symbol.is_assigned() or (own_level and symbol.is_namespace()):
                assigned.add(symbol.get_name())
    calls = {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    seeds = any(call in _SEEDS for call in calls)
    sets_global = any(call.startswith(_GLOBAL) for call in calls)
    only_imports = all(isinstance(one, ast.Import | ast.ImportFrom) for one in tree.body)
    stars = any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree))
    computes = any(not isinstance(one, (*_DEFINITIONS, ast.Import, ast.ImportFrom)) for one in tree.body)
    return _Names(
        frozenset(mentioned),
        frozenset(assigned | imported),
        frozenset(imported),
        frozenset(assigned),
        sets_global or only_imports or stars,
        any(isinstance(one, _DEFINITIONS) for one in tree.body),
        seeds,
        computes,
    )
