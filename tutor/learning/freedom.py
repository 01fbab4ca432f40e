"""Which statements of a program may change places without changing what it does.

Cautious: an order counts as free only where that is plain to see. Definitions and assignments to names may pass each
other when neither mentions what the other makes; two that call something may not, since calls have effects.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.learning.program import Line, assembled, parsed

Lines = Sequence[Line]


def movable_first(pieces: Sequence[Lines], wanted: Lines) -> list[int] | None:
    """The order of `pieces` that has the one with the texts of `wanted` first, as indices; None where none does.

    A piece takes the block that hangs below it along.
    """
    units = _units(pieces)
    made = [_unit([line for at in unit for line in pieces[at]]) for unit in units]
    for index, unit in enumerate(units):
        if _texts(pieces[unit[0]]) == _texts(wanted) and all(
            _independent(made[index], made[before]) for before in range(index)
        ):
            moved = set(unit)
            return [*unit, *(at for at in range(len(pieces)) if at not in moved)]
    return None


def settled_order(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements in an order that is the same for all orders that mean the same."""
    waiting = [(_shape(statement), _statement(statement), statement) for statement in body]
    found: list[ast.stmt] = []
    while waiting:
        free = [
            index
            for index, (_, unit, _) in enumerate(waiting)
            if all(_independent(unit, other) for _, other, _ in waiting[:index])
        ]
        found.append(waiting.pop(min(free, key=lambda index: (waiting[index][0], index)))[2])
    return found


def _shape(statement: ast.stmt) -> str:
    """A statement without its names: what it is ordered by, whatever its variables are called."""
    return re.sub(r"(id|arg)='\w*'", "", ast.dump(statement))


def _texts(lines: Lines) -> list[tuple[str, int]]:
    return [(line.text, line.depth - lines[0].depth) for line in lines]


def _units(pieces: Sequence[Lines]) -> list[list[int]]:
    """The pieces at the depth of the first one, as far as its block goes, each with what hangs below it."""
    units: list[list[int]] = []
    for index, piece in enumerate(pieces):
        depth = piece[0].depth - pieces[0][0].depth
        if depth < 0:
            break
        if depth == 0:
            units.append([index])
        else:
            units[-1].append(index)
    return units


@dataclass(frozen=True)
class _Unit:
    """What a statement makes and mentions; `free` is False for one that must stay where it is."""

    free: bool
    makes: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    calls: bool = False


def _unit(lines: Lines) -> _Unit:
    base = lines[0].depth
    tree = parsed(assembled(Line(line.text, line.depth - base) for line in lines))
    if tree is None:
        return _Unit(False)
    parts = [_statement(statement) for statement in tree.body]
    return _Unit(
        all(part.free for part in parts),
        frozenset().union(*(part.makes for part in parts)),
        frozenset().union(*(part.mentions for part in parts)),
        any(part.calls for part in parts),
    )


def _statement(node: ast.stmt) -> _Unit:
    mentions = frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        # A body runs when it is called: what it mentions is looked up then. A decorator or a base is needed now.
        now = [*node.decorator_list, *(node.bases if isinstance(node, ast.ClassDef) else node.args.defaults)]
        needed = frozenset(one.id for part in now for one in ast.walk(part) if isinstance(one, ast.Name))
        return _Unit(True, frozenset({node.name}), needed)
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        owners = [target.value if isinstance(target, ast.Attribute) else target for target in targets]
        made = frozenset(owner.id for owner in owners if isinstance(owner, ast.Name))
        calls = any(isinstance(one, ast.Call) for one in ast.walk(node))
        return _Unit(all(isinstance(owner, ast.Name) for owner in owners), made, mentions, calls)
    if isinstance(node, ast.Import | ast.ImportFrom):
        return _Unit(True, frozenset((alias.asname or alias.name).partition(".")[0] for alias in node.names))
    return _Unit(False)


def _independent(one: _Unit, other: _Unit) -> bool:
    if not (one.free and other.free) or (one.calls and other.calls):
        return False
    return not (one.makes & (other.mentions | other.makes) or other.makes & one.mentions)
