"""What the code around a call says: its loop, what is called there in which line, and what a loss is made of."""

from __future__ import annotations

import ast
import linecache
import re
from dataclasses import dataclass, field
from types import FrameType
from typing import Dict, Iterator, List, Optional, Set, Tuple

from tutor.kernel.naming import parse_around

_HELD_OUT = re.compile(r"(?:^|_)(?:test|val|valid|validation|holdout)(?:_|$)", re.IGNORECASE)
_VALUES = re.compile(r"valu|grad|loss|interval", re.IGNORECASE)

_LOOPS = (ast.For, ast.While, ast.AsyncFor)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass
class Reading:
    """A call and what stands around it: in its innermost loop, else in its function.

    `calls` are method calls (object, method, line), `models` the names that are called like functions, `sums` what is
    added up in place (name, what, line), `differences` pairs of names that are subtracted, `held_out` the first name
    of test or validation data that goes into the loss, with its line.
    """

    looped: bool = False
    calls: List[Tuple[str, str, int]] = field(default_factory=list)
    models: List[str] = field(default_factory=list)
    kept: List[Tuple[str, str, int]] = field(default_factory=list)
    sums: List[Tuple[str, str, int]] = field(default_factory=list)
    differences: List[Tuple[str, str, int]] = field(default_factory=list)
    held_out: Tuple[str, int] = ("", 0)
    trees: List[ast.AST] = field(default_factory=list)

    def line(self, *methods: str) -> int:
        """The first line on which one of these methods is called, 0 for none."""
        return next((line for _, method, line in self.calls if method in methods), 0)

    def has(self, method: str) -> bool:
        """Whether a method of this name is called."""
        return self.line(method) > 0


def read(frame: FrameType, narrow: bool = False) -> Reading:
    """Read the code around the line that a frame is on; an empty reading where it cannot be understood.

    With `narrow`, what is around is the innermost block, or the statement itself where it is in no block.
    """
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    tree = parse_around(lines, frame.f_lineno)
    found = Reading()
    if tree is None:
        return found
    place = _around(tree, frame.f_lineno, narrow) or tree
    found.looped = isinstance(place, _LOOPS)
    found.trees = [place]
    sources: Dict[str, List[Tuple[ast.AST, int]]] = {}
    losses: Set[str] = set()
    for node in _own(place):
        _take(node, found)
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for one in ast.walk(target):
                    if isinstance(one, ast.Name):
                        sources.setdefault(one.id, []).append((node.value, node.lineno))
        if isinstance(node, (ast.For, ast.AsyncFor)):
            for one in ast.walk(node.target):
                if isinstance(one, ast.Name):
                    sources.setdefault(one.id, []).append((node.iter, node.lineno))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "backward":
            losses |= {one.id for one in ast.walk(node.func.value) if isinstance(one, ast.Name)}
    found.held_out = _held_out(losses, sources)
    return found


def _take(node: ast.AST, found: Reading) -> None:
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            name = ast.unparse(node.func.value)
            found.calls.append((name, node.func.attr, node.lineno))
            if node.func.attr == "append" and len(node.args) == 1 and isinstance(node.args[0], ast.Name):
                found.kept.append((name, node.args[0].id, node.lineno))
        if isinstance(node.func, (ast.Name, ast.Attribute)):
            found.models.append(ast.unparse(node.func))
    elif isinstance(node, ast.AugAssign):
        if isinstance(node.op, ast.Add) and isinstance(node.target, ast.Name) and isinstance(node.value, ast.Name):
            found.sums.append((node.target.id, node.value.id, node.lineno))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        sides = [one.id for one in (node.left, node.right) if isinstance(one, ast.Name)]
        if len(sides) == 2:
            found.differences.append((sides[0], sides[1], node.lineno))


def _around(tree: ast.Module, line: int, narrow: bool) -> Optional[ast.AST]:
    """The innermost loop around a line that is in the line's own function, else that function."""
    found: Optional[ast.AST] = None
    if narrow:
        found = next((one for one in tree.body if one.lineno <= line <= (one.end_lineno or one.lineno)), None)
    blocks = (*_LOOPS, ast.FunctionDef, ast.AsyncFunctionDef, *((ast.With,) if narrow else ()))
    for node in ast.walk(tree):  # from the outside in
        if isinstance(node, blocks):
            first = node.lineno + 1 if isinstance(node, _LOOPS) else node.lineno
            if first <= line <= (node.end_lineno or node.lineno):
                found = node
    return found


def _own(place: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a place, without the functions and classes that are defined in it."""
    todo = list(ast.iter_child_nodes(place))
    yield place
    while todo:
        node = todo.pop(0)
        if isinstance(node, _SCOPES):
            continue
        yield node
        todo += ast.iter_child_nodes(node)


def _held_out(losses: Set[str], sources: Dict[str, List[Tuple[ast.AST, int]]]) -> Tuple[str, int]:
    """The first name of held-out data that a loss is computed from, in the order of lines."""
    todo, seen = list(losses), set(losses)
    found: List[Tuple[int, str]] = []
    while todo:
        for value, line in sources.get(todo.pop(0), ()):
            for one in ast.walk(value):
                if isinstance(one, ast.Name) and one.id not in seen:
                    seen.add(one.id)
                    todo.append(one.id)
                    if _HELD_OUT.search(one.id) and not _VALUES.search(one.id):
                        found.append((line, one.id))
    return (min(found)[1], min(found)[0]) if found else ("", 0)
