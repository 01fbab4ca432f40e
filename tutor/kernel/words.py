"""What a condition that does not hold expected and what came, in a few words."""

from __future__ import annotations

import ast
import builtins
from types import ModuleType
from typing import Any, Dict, List, Tuple

from tutor.kernel.differences import short, sides

Sides = Tuple[str, str]
"""What was expected and what came, as texts; two empty ones where a condition has no sides."""

Part = Tuple[ast.expr, Any]
"""An expression of the condition and its value."""

_MIRRORED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
_SIGNS = {ast.Lt: "less than", ast.LtE: "at most", ast.Gt: "more than", ast.GtE: "at least"}


class Words:
    """Explains conditions that were evaluated in the namespace `names`."""

    def __init__(self, names: Dict[str, Any]) -> None:
        self._names = names

    def compared(self, kind: type, left: Part, right: Part, close: bool = False) -> Sides:
        """Sides of a comparison of the given kind (`ast.Eq`, …); `close` for one with a tolerance.

        The right side is what was expected, unless only the left one is the lesson's own.
        """
        turned = self._given(left[0]) and not self._given(right[0])
        expected, got = (left[1], right[1]) if turned else (right[1], left[1])
        if kind in (ast.Eq, ast.Is):
            return sides(expected, got, close)
        if kind in (ast.NotEq, ast.IsNot):
            return f"anything but {short(expected)}", short(got)
        if kind in _SIGNS:
            return f"{_SIGNS[_MIRRORED[kind] if turned else kind]} {short(expected)}", short(got)
        no = "no " if kind is ast.NotIn else ""
        if turned:
            return f"{no}{short(expected)} in it", short(got)
        return f"{'none' if no else 'one'} of {short(expected)}", short(got)

    def apart(self, pair: List[Part], tolerance: Any) -> Sides:
        """Sides of `abs(a - b) < tolerance`; `pair` is what is subtracted."""
        turned = self._given(pair[0][0]) and not self._given(pair[1][0])
        expected, got = sides(*((pair[0][1], pair[1][1]) if turned else (pair[1][1], pair[0][1])), close=True)
        return f"{expected}, within {short(tolerance)}", got

    def _given(self, node: ast.expr) -> bool:
        """Whether an expression is the lesson's own: made of constants, modules, builtins and `_solution`."""
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and one.id != "_solution":
                known = self._names.get(one.id, getattr(builtins, one.id, None))
                if not isinstance(known, ModuleType) and not hasattr(builtins, one.id):
                    return False
        return True


def truth(expected: str, value: Any) -> Sides:
    """Sides of a plain truth value; `True` and `False` say nothing that the verdict does not say."""
    return ("", "") if isinstance(value, bool) else (expected, short(value))


def types(kinds: Any) -> str:
    """The second argument of `isinstance` in words."""
    names = [one.__name__ for one in (kinds if isinstance(kinds, tuple) else (kinds,)) if isinstance(one, type)]
    return "an object of type " + " or ".join(names) if names else short(kinds)
