"""Wrong programs made from a solution, each by one change that learners make too: no check may accept one."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MOST = 12
"""So many mutants of one solution at most."""

_DROPPED = {
    "zero_grad": "without zero_grad()",
    "zero_": "without setting gradients back",
    "step": "without step()",
    "backward": "without backward()",
    "eval": "without eval()",
}
_NO_GRAD = ("no_grad", "inference_mode")
_REDUCED = frozenset({"sum", "mean", "softmax", "log_softmax", "argmax", "argmin", "cumsum", "std", "var", "norm"})


@dataclass(frozen=True)
class Mutant:
    """A changed solution: what was changed, in words, on which of its lines (from 1), and the program."""

    words: str
    line: int
    source: str


_Edit = Callable[[ast.AST], None]


def mutants(solution: str) -> Iterator[Mutant]:
    """At most `MOST` mutants of a solution, from top to bottom; none of what is not Python."""
    try:
        tree = ast.parse(solution)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    found = {ast.unparse(tree)}
    made = 0
    for index, node in enumerate(ast.walk(tree)):
        for words, line, edit in _edits(node):
            changed = copy.deepcopy(tree)
            edit(list(ast.walk(changed))[index])
            source = ast.unparse(ast.fix_missing_locations(changed))
            if source not in found and made < MOST:
                found.add(source)
                made += 1
                yield Mutant(words, line, source)


def _edits(node: ast.AST) -> Iterator[tuple[str, int, _Edit]]:
    """What can be done to a node: words, line, and the change of its copy."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield from _block_edits(name, block)
    if isinstance(node, ast.Call):
        yield from _call_edits(node)
    if isinstance(node, ast.FunctionDef):
        yield from _return_edits(node)


def _block_edits(name: str, block: list[ast.stmt]) -> Iterator[tuple[str, int, _Edit]]:
    for at, statement in enumerate(block):
        if (called := _method(statement)) in _DROPPED:
            yield _DROPPED[called], statement.lineno, _without(name, at)
        elif _clears_gradient(statement):
            yield "without setting gradients back", statement.lineno, _without(name, at)
        if called == "backward" and at + 1 < len(block) and _method(block[at + 1]) == "step":
            yield "step() before backward()", statement.lineno, _swapped(name, at)
        if isinstance(statement, ast.With) and _turns_gradients_off(statement):
            yield "without no_grad()", statement.lineno, _unwrapped(name, at)


def _call_edits(call: ast.Call) -> Iterator[tuple[str, int, _Edit]]:
    name = _name(call.func)
    for at, keyword in enumerate(call.keywords):
        if keyword.arg == "keepdim":
            yield "without keepdim", call.lineno, _without_keyword(at)
        other = _other_dim(keyword.value) if keyword.arg == "dim" else None
        if other is not None:
            yield f"with dim={other}", call.lineno, _with_keyword(at, other)
    if name in _REDUCED and isinstance(call.func, ast.Attribute) and call.args:
        other = _other_dim(call.args[-1])
        if other is not None:
            yield f"with dim {other}", call.lineno, _with_last_argument(other)
    if name in ("sum", "mean") and isinstance(call.func, ast.Attribute):
        swapped = "mean" if name == "sum" else "sum"
        yield f"with {swapped}() instead of {name}()", call.lineno, _renamed(swapped)
    if name == "backward" and isinstance(call.func, ast.Attribute):
        yield "with the loss detached", call.lineno, _detached
    if name == "cross_entropy" and call.args:
        yield "with softmax before cross_entropy", call.lineno, _softmaxed


def _return_edits(function: ast.FunctionDef) -> Iterator[tuple[str, int, _Edit]]:
    last = function.body[-1]
    real = isinstance(last, ast.Return) and last.value is not None and not isinstance(last.value, ast.Constant)
    if real and function.args.args and not any(isinstance(one, ast.Yield) for one in ast.walk(function)):
        yield f"with {function.name} returning 0.0 always", last.lineno, _returning_nothing_new


def _method(statement: ast.stmt) -> str:
    """The method that a statement calls and does nothing else with, "" for others."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        return function.attr if isinstance(function, ast.Attribute) else ""
    return ""


def _clears_gradient(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Constant):
        return False
    return statement.value.value is None and all(
        isinstance(target, ast.Attribute) and target.attr == "grad" for target in statement.targets
    )


def _turns_gradients_off(statement: ast.With) -> bool:
    contexts = [item.context_expr for item in statement.items]
    return len(contexts) == 1 and isinstance(contexts[0], ast.Call) and _name(contexts[0].func) in _NO_GRAD


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _other_dim(value: ast.expr) -> int | None:
    """Another dimension than the one that is written; None where none is written as a number."""
    negative = isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub)
    number = value.operand if isinstance(value, ast.UnaryOp) else value
    if not isinstance(number, ast.Constant) or type(number.value) is not int:
        return None
    return 0 if negative or number.value else 1


def _without(name: str, at: int) -> _Edit:
    def edit(node: ast.AST) -> None:
        block = getattr(node, name)
        block[at : at + 1] = [] if len(block) > 1 else [ast.Pass()]

    return edit


def _swapped(name: str, at: int) -> _Edit:
    def edit(node: ast.AST) -> None:
        block = getattr(node, name)
        block[at], block[at + 1] = block[at + 1], block[at]

    return edit


def _unwrapped(name: str, at: int) -> _Edit:
    def edit(node: ast.AST) -> None:
        block = getattr(node, name)
        block[at : at + 1] = block[at].body

    return edit


def _without_keyword(at: int) -> _Edit:
    def edit(node: ast.AST) -> None:
        assert isinstance(node, ast.Call)
        del node.keywords[at]

    return edit


def _with_keyword(at: int, value: int) -> _Edit:
    def edit(node: ast.AST) -> None:
        assert isinstance(node, ast.Call)
        node.keywords[at].value = ast.Constant(value)

    return edit


def _with_last_argument(value: int) -> _Edit:
    def edit(node: ast.AST) -> None:
        assert isinstance(node, ast.Call)
        node.args[-1] = ast.Constant(value)

    return edit


def _renamed(name: str) -> _Edit:
    def edit(node: ast.AST) -> None:
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        node.func.attr = name

    return edit


def _detached(node: ast.AST) -> None:
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    loss = ast.Call(ast.Attribute(node.func.value, "detach", ast.Load()), [], [])
    node.func.value = ast.Call(ast.Attribute(loss, "requires_grad_", ast.Load()), [], [])


def _softmaxed(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    dim = ast.keyword("dim", ast.UnaryOp(ast.USub(), ast.Constant(1)))
    node.args[0] = ast.Call(ast.Attribute(node.args[0], "softmax", ast.Load()), [], [dim])


def _returning_nothing_new(node: ast.AST) -> None:
    assert isinstance(node, ast.FunctionDef)
    node.body[-1] = ast.Return(ast.Constant(0.0))
