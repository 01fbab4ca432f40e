"""In which round a loop is and how many it will have: `for epoch in range(N)` around a running line.

A running loop's iterator lies on the interpreter's stack, where nothing can read it. Its text can be read, and the
value of its variable says in which round it is. Where anything is in doubt the answer is None: a range that is not made
of numbers and plain names, a name that the loop changes, code without its text.
"""

from __future__ import annotations

import ast
import linecache
import os
from types import CodeType, FrameType
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from tutor.kernel.frames import variable

_HERE = os.path.dirname(__file__) + os.sep
_REPEATING = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_DOUBTS = (SyntaxError, ValueError, RecursionError, OSError, OverflowError)

MOST_LINES = 256
"""Lines whose loops are remembered."""


class Place(NamedTuple):
    """Which round of a loop it is, from 1, of how many."""

    loop: ast.AST
    number: int
    total: int


def rounds_left(frame: Optional[FrameType]) -> Optional[int]:
    """Rounds to come, after this one, of the only loop that `frame` and its callers are in; None if unknown."""
    try:
        around = list(Loops().around(frame))
        place = _place(*around[0]) if len(around) == 1 else None
    except _DOUBTS:
        return None
    return place.total - place.number if place is not None else None


class Loops:
    """The loops in the text of what runs; the text is read once for each line from which somebody asks."""

    def __init__(self) -> None:
        self._known: Dict[Tuple[int, int], Tuple[CodeType, Optional[List[ast.AST]]]] = {}

    def outermost(self, frame: Optional[FrameType]) -> Optional[Place]:
        """Where the outermost loop is that `frame` and its callers are in; None if unknown, or if it may end early."""
        try:
            around = list(self.around(frame))
            return _place(*around[-1]) if around and not _ends_early(around[-1][0]) else None
        except _DOUBTS:
            return None

    def around(self, frame: Optional[FrameType]) -> Iterator[Tuple[ast.AST, FrameType]]:
        """The loops that `frame` and its callers are in, from the inside out, each with its frame."""
        while frame is not None and not frame.f_code.co_filename.startswith(_HERE):
            loops = self._in_text(frame)
            if loops is None:
                raise ValueError(f"nobody can tell which loops run in {frame.f_code.co_name}")
            for loop in loops:
                yield loop, frame
            frame = frame.f_back

    def _in_text(self, frame: FrameType) -> Optional[List[ast.AST]]:
        key = (id(frame.f_code), frame.f_lineno)
        if key not in self._known:
            if len(self._known) >= MOST_LINES:
                self._known.clear()
            try:
                loops = list(_loops(frame.f_code, frame.f_lineno, frame))[::-1]
            except _DOUBTS:
                loops = None
            self._known[key] = (frame.f_code, loops)  # the code is held, for ids are used again
        return self._known[key][1]


def _loops(code: CodeType, line: int, frame: FrameType) -> Iterator[ast.AST]:
    """The loops within the function of `code` whose bodies hold `line`, from the outside in.

    Raises `ValueError` without its text.
    """
    name = code.co_filename
    if name.startswith("<frozen "):
        return
    lines: List[str] = linecache.getlines(name, frame.f_globals)
    if not lines:
        raise ValueError(f"no text of {name}")
    for node in ast.walk(ast.parse("".join(lines))):
        if not isinstance(node, _REPEATING) or node.lineno < code.co_firstlineno:
            continue
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            first, last = node.body[0].lineno, node.body[-1].end_lineno or 0
            if first == node.lineno == line:
                raise ValueError("a loop on one line: nobody can tell which part of it runs")
        else:
            first, last = node.lineno, node.end_lineno or 0
        if first <= line <= last:
            yield node


def _place(loop: ast.AST, frame: FrameType) -> Optional[Place]:
    if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
        return None
    call = loop.iter
    if _called(call) == "tqdm" and isinstance(call, ast.Call) and call.args:
        call = call.args[0]
    if not isinstance(call, ast.Call) or _called(call) not in ("range", "trange") or not 1 <= len(call.args) <= 3:
        return None
    changed = {
        one.id
        for part in loop.body
        for one in ast.walk(part)
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)
    }
    if loop.target.id in changed:
        return None
    arguments = []
    for argument in call.args:
        value = _number(argument, frame, changed)
        if value is None:
            return None
        arguments.append(value)
    rounds, now = range(*arguments), variable(frame, loop.target.id)
    if type(now) is not int or now not in rounds:
        return None
    return Place(loop, rounds.index(now) + 1, len(rounds))


def _ends_early(loop: ast.AST) -> bool:
    """Whether a loop has a way out before its last round."""
    waiting: List[Tuple[ast.AST, bool]] = [(one, True) for one in getattr(loop, "body", ())]
    while waiting:
        node, own = waiting.pop()
        if isinstance(node, ast.Return) or (own and isinstance(node, ast.Break)):
            return True
        if not isinstance(node, _FUNCTIONS):
            inner = getattr(node, "body", ()) if isinstance(node, _REPEATING) else ()
            waiting += [(one, own and one not in inner) for one in ast.iter_child_nodes(node)]
    return False


def _called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _number(node: ast.AST, frame: FrameType, changed: set[str]) -> Optional[int]:
    """The whole number that an expression stands for, without running anything of the learner's."""
    value: Any = None
    if isinstance(node, ast.Constant):
        value = node.value
    elif isinstance(node, ast.Name) and node.id not in changed:
        value = variable(frame, node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        try:
            value = vars(variable(frame, node.value.id)).get(node.attr)  # `args.epochs`; no property is called
        except TypeError:
            return None
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        left, right = _number(node.left, frame, changed), _number(node.right, frame, changed)
        if left is not None and right is not None:
            value = left + right if isinstance(node.op, ast.Add) else left - right
    return value if type(value) is int else None
