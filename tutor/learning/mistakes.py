"""Recognising one of a lesson's typical wrong answers in the learner's code.

Two programs count as the same when their syntax trees are, after everything that does not change what they do has been
taken out: comments, spacing, docstrings, annotations, imports, the order of keyword arguments, and the names of
variables that only a function, a comprehension or a loop can see, and the order of statements where it does not matter.
"""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Sequence

from tutor.learning.freedom import settled_order


def matching(code: str, mistakes: Sequence[str]) -> int | None:
    """Index of the first of `mistakes` that `code` repeats, or None. Code that does not parse repeats nothing."""
    try:
        return next((index for index, mistake in enumerate(mistakes) if _same(code, mistake)), None)
    except RecursionError:  # a program nested so deeply that its tree cannot be walked
        return None


def _same(code: str, mistake: str) -> bool:
    theirs, listed = _parse(code), _parse(mistake)
    if theirs is None or listed is None:
        return False
    if _normal(theirs) == _normal(listed):
        return True
    # A print put in to look at something does not make it another mistake.
    return not _prints(listed) and _prints(theirs) and _normal(_silenced(theirs)) == _normal(listed)


def _parse(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            # A dubious escape in the learner's text is no business of the terminal that we run in.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, MemoryError):
        return None


def _normal(tree: ast.Module) -> str:
    return ast.dump(_Renamed().visit(_Ordered().visit(_Bare().visit(copy.deepcopy(tree)))))


def _is_print(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "print"
    )


def _prints(tree: ast.Module) -> bool:
    return any(_is_print(node) for node in ast.walk(tree))


class _Silencer(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if _is_print(node) else node


def _silenced(tree: ast.Module) -> ast.Module:
    silent: ast.Module = _Silencer().visit(copy.deepcopy(tree))
    return silent


class _Bare(ast.NodeTransformer):
    """Takes out what does not change what a program does."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Pass(self, node: ast.Pass) -> None:
        return None

    def visit_Import(self, node: ast.Import) -> None:
        return None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        return None

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.generic_visit(ast.copy_location(ast.Assign([node.target], node.value), node))

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.keywords.sort(key=lambda keyword: keyword.arg or "")
        return self.generic_visit(node)


class _Ordered(ast.NodeTransformer):
    """Puts statements whose order does not matter into one that is always the same."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and len(body) > 1:
                setattr(node, name, settled_order(body))
        return node


class _Renamed(ast.NodeTransformer):
    """Gives every local variable a number in the order of its appearance; globals and attributes keep their names."""

    def __init__(self) -> None:
        self._scopes: list[dict[str, str]] = []
        self._count = 0

    def visit_Module(self, node: ast.Module) -> ast.AST:
        return self._scope(node, _loop_names(node))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._scope(node, _bound_in(node))

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._scope(node, _bound_in(node))

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return self._scope(node, _targets(node.generators))

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._scope(node, _bound_in(node))

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        return self._scope(node, _targets(node.generators))

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        return self._scope(node, _targets(node.generators))

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return self._scope(node, _targets(node.generators))

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._name(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._name(node.arg)
        return node

    def _scope(self, node: ast.AST, names: set[str]) -> ast.AST:
        self._scopes.append(dict.fromkeys(names, ""))
        try:
            return self.generic_visit(node)
        finally:
            self._scopes.pop()

    def _name(self, name: str) -> str:
        for scope in reversed(self._scopes):
            if name in scope:
                if not scope[name]:
                    self._count += 1
                    scope[name] = f"local {self._count}"
                return scope[name]
        return name


def _stored(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def _targets(generators: list[ast.comprehension]) -> set[str]:
    return set().union(*(_stored(generator.target) for generator in generators))


def _bound_in(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """Parameters and assigned names of a function, without those it declares `global` or `nonlocal`."""
    parameters = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    free = {name for one in ast.walk(function) if isinstance(one, ast.Global | ast.Nonlocal) for name in one.names}
    return (parameters | _stored(function)) - free


def _loop_names(module: ast.Module) -> set[str]:
    """Names at the top that only `for` and `with` bind: a loop's counter may be called anything."""
    loops = [one for one in ast.walk(module) if isinstance(one, ast.For)]
    bound = set().union(*(_stored(loop.target) for loop in loops)) if loops else set()
    assigned = [one for one in ast.walk(module) if isinstance(one, ast.Assign | ast.AugAssign | ast.AnnAssign)]
    kept = set().union(*(_stored(one) for one in assigned)) if assigned else set()
    return bound - kept
