"""Functions and classes of the cells above that would be judged in place of an answer that makes none."""

from __future__ import annotations

import ast
from typing import Any, Dict, Optional, Set

from tutor.kernel.executor import COMPILE_ERRORS
from tutor.runner.protocol.requests import Check

_MAKERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Leftovers:
    """What stands in the namespace before the learner's code runs under names that the lesson's solution makes anew."""

    def __init__(self, request: Check, names: Dict[str, Any]) -> None:
        solution = _parsed(request.solution.source) if request.solution is not None else None
        made = {one.name for one in solution.body if isinstance(one, _MAKERS)} if solution is not None else set()
        wanted = set().union(*(_mentioned(_parsed(cell.source)) for cell in request.tests)) if made else set()
        self._names = names
        self._held = {name: names[name] for name in made & wanted if name in names}

    def drop(self, answer: str) -> None:
        """Take away those that the code of `answer`, which has run, left alone: the tests are not about them."""
        mine = _mentioned(_parsed(answer), ast.Store) if self._held else set()
        for name, one in self._held.items():
            if name not in mine and self._names.get(name) is one:
                del self._names[name]


def _parsed(source: str) -> Optional[ast.Module]:
    try:
        return ast.parse(source)
    except COMPILE_ERRORS:
        return None


def _mentioned(tree: Optional[ast.Module], how: type = ast.expr_context) -> Set[str]:
    """The names in a program that are loaded, stored or deleted, or only those of one such kind."""
    found = ast.walk(tree) if tree is not None else ()
    return {one.id for one in found if isinstance(one, ast.Name) and isinstance(one.ctx, how)}
