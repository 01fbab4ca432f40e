"""The condition of an `assert`, evaluated piece by piece, so that its sides can be shown when it does not hold.

Each piece is evaluated once, in the order in which Python would. Pieces are put back together as code with names that
no code can have ("@left"), under the lesson's own line numbers.
"""

from __future__ import annotations

import ast
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from tutor.kernel.differences import LIMIT, short
from tutor.kernel.sources import code_of
from tutor.kernel.texts import clean
from tutor.kernel.words import Part, Sides, Words, truth, types

_OPPOSITES = {
    ast.Eq: ast.NotEq, ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Is: ast.IsNot, ast.In: ast.NotIn,
    ast.NotEq: ast.Eq, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.IsNot: ast.Is, ast.NotIn: ast.In,
}  # fmt: skip
_ALIKE = ("equal", "allclose", "isclose", "array_equal")
_WRAPPERS = ("all", "bool", "item")
_SIZES = ("abs", "max", "norm", "item", "float", "sum", "mean")


class Outcome(NamedTuple):
    """The value of a condition or of a part of it, and how to explain that it is not as wanted."""

    value: Any
    explain: Callable[[], Sides]


class Conditions:
    """Evaluates conditions of a file called `name` in the namespace `names`."""

    def __init__(self, name: str, names: Dict[str, Any]) -> None:
        self._name = name
        self._names = names
        self._words = Words(names)

    def judge(self, node: ast.expr) -> Tuple[bool, Sides]:
        """Whether a condition holds, and its sides if not. Raises what evaluating it raises."""
        outcome = self._condition(node)
        if outcome.value:
            return True, ("", "")
        expected, got = outcome.explain()
        return False, (clean(expected, LIMIT), clean(got, LIMIT))

    def value(self, node: ast.expr, **holes: Any) -> Any:
        """The value of an expression; `holes` are the values of its made-up names."""
        code = code_of(ast.Expression(node), self._name)
        return eval(code, self._names, {f"@{name}": value for name, value in holes.items()} if holes else None)

    def _condition(self, node: ast.expr) -> Outcome:
        if isinstance(node, ast.BoolOp):
            return self._all(node.values) if isinstance(node.op, ast.And) else self._any(node.values)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._not(node.operand)
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Attribute) and node.attr == "ok":
            return self._finding(node)
        value = self.value(node)
        return Outcome(value, lambda: truth("something true", value))

    def _finding(self, node: ast.Attribute) -> Outcome:
        """`report.shape.ok`: a finding of the check kit knows itself what was expected and what came."""
        finding = self.value(node.value)
        value = finding.ok
        expected, got = getattr(finding, "expected", None), getattr(finding, "got", None)
        if isinstance(expected, str) and isinstance(got, str):
            sides = expected, got
            return Outcome(value, lambda: sides)
        return Outcome(value, lambda: truth("something true", value))

    def _all(self, parts: List[ast.expr]) -> Outcome:
        for part in parts:
            outcome = self._condition(part)
            if not outcome.value:
                break
        return outcome

    def _any(self, parts: List[ast.expr]) -> Outcome:
        failed = []
        for part in parts:
            outcome = self._condition(part)
            if outcome.value:
                return outcome
            failed.append(outcome)

        def explain() -> Sides:
            pairs = [one.explain() for one in failed]
            expected = " or ".join(dict.fromkeys(pair[0] for pair in pairs if pair[0]))
            return expected, "; ".join(dict.fromkeys(pair[1] for pair in pairs if pair[1]))

        return Outcome(outcome.value, explain)

    def _not(self, operand: ast.expr) -> Outcome:
        if isinstance(operand, ast.Compare) and len(operand.ops) == 1:
            inner = self._compare(operand, opposite=True)
        else:
            value = self._condition(operand).value
            inner = Outcome(value, lambda: truth("something false", value))
        return Outcome(not inner.value, inner.explain)

    def _compare(self, node: ast.Compare, opposite: bool = False) -> Outcome:
        left_node, (left, distance) = node.left, self._measure(node.left)
        for index, (operation, right_node) in enumerate(zip(node.ops, node.comparators)):
            right = self.value(right_node)
            kind = type(operation)
            holes = {"left": left, "right": right}
            value = self.value(_with_holes(ast.Compare(_hole("left"), [operation], [_hole("right")]), node), **holes)
            pair = (left_node, left), (right_node, right)
            if index == len(node.ops) - 1 or not value:
                break
            left_node, left, distance = right_node, right, None
        if distance is not None and kind in (ast.Lt, ast.LtE) and not opposite:
            return Outcome(value, lambda: self._words.apart(distance, right))
        return Outcome(value, lambda: self._words.compared(_OPPOSITES[kind] if opposite else kind, *pair))

    def _measure(self, node: ast.expr) -> Tuple[Any, Optional[List[Part]]]:
        """The value of a side; for the size of a difference, such as `abs(a - b)`, also what is subtracted."""
        difference = _difference(node)
        if difference is None:
            return self.value(node), None
        pair = [(part, self.value(part)) for part in (difference.left, difference.right)]
        holes = _with_holes(ast.BinOp(_hole("left"), ast.Sub(), _hole("right")), difference)
        value = self.value(_Replaced(difference, holes).visit(node), left=pair[0][1], right=pair[1][1])
        return value, pair

    def _call(self, node: ast.Call) -> Outcome:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        arguments = list(node.args)
        plain = not any(isinstance(one, ast.Starred) for one in arguments)
        if name in _WRAPPERS and not node.keywords:
            inner = arguments[0] if len(arguments) == 1 else None if arguments else _receiver(node)
            if isinstance(inner, (ast.Compare, ast.Call)):
                outcome = self._condition(inner)
                outer = _Replaced(inner, _with_holes(_hole("inner"), inner)).visit(node)
                return Outcome(self.value(outer, inner=outcome.value), outcome.explain)
        if name == "isinstance" and plain and len(arguments) == 2:
            value, (thing, kinds) = self._apply(node, arguments)
            return Outcome(value, lambda: (types(kinds), f"{short(thing)} ({type(thing).__name__})"))
        if name in _ALIKE and plain and arguments:
            receiver = _receiver(node) if len(arguments) == 1 else None
            parts = [receiver, arguments[0]] if receiver is not None else arguments[:2]
            if len(parts) == 2:
                value, (left, right) = self._apply(node, parts)
                pair = (parts[0], left), (parts[1], right)
                return Outcome(value, lambda: self._words.compared(ast.Eq, *pair, close="close" in name))
        value = self.value(node)
        return Outcome(value, lambda: truth("something true", value))

    def _apply(self, node: ast.Call, parts: List[ast.expr]) -> Tuple[Any, List[Any]]:
        """The value of a call, and of those of its parts that are asked for."""
        found: Dict[str, Any] = {}
        for index, part in enumerate(parts):
            found[f"part{index}"] = self.value(part)
            node = _Replaced(part, _with_holes(_hole(f"part{index}"), part)).visit(node)
        return self.value(node, **found), list(found.values())


class _Replaced(ast.NodeTransformer):
    """Copies a tree on the way down to one node, which is replaced; the original stays as it is."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old = old
        self._new = new

    def visit(self, node: ast.AST) -> Any:
        if node is self._old:
            return self._new
        if not any(one is self._old for one in ast.walk(node)):
            return node
        return self.generic_visit(type(node)(**dict(ast.iter_fields(node)), **_position(node)))


def _position(node: ast.AST) -> Dict[str, Any]:
    return {name: getattr(node, name) for name in node._attributes if hasattr(node, name)}


def _hole(name: str) -> ast.Name:
    return ast.Name(f"@{name}", ast.Load())


def _with_holes(node: ast.expr, place: ast.AST) -> ast.expr:
    return ast.fix_missing_locations(ast.copy_location(node, place))


def _receiver(node: ast.Call) -> Optional[ast.expr]:
    """The `x` in `x.method()`."""
    return node.func.value if isinstance(node.func, ast.Attribute) else None


def _difference(node: ast.expr) -> Optional[ast.BinOp]:
    """The `a - b` in `abs(a - b)`, `(a - b).abs().max()`, `torch.norm(a - b)`; None for anything else."""
    sized = False
    while isinstance(node, ast.Call) and not node.keywords:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in _SIZES:
            return None
        sized = sized or name in ("abs", "norm")
        if len(node.args) == 1:
            node = node.args[0]
        elif isinstance(node.func, ast.Attribute) and not node.args:
            node = node.func.value
        else:
            return None
    return node if sized and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) else None
