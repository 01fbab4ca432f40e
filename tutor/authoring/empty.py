"""Answers of somebody who wrote nothing: what no exercise may accept."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def empty_answers(starter: str) -> Iterator[str]:
    """`pass`; and where the starter has functions, the starter with each of them doing nothing.

    A starter that is not Python gives only `pass`.
    """
    yield "pass"
    try:
        tree = ast.parse(starter)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    emptied = _Emptied()
    emptied.visit(tree)
    if emptied.count:
        yield ast.unparse(ast.fix_missing_locations(tree))


class _Emptied(ast.NodeTransformer):
    """Gives functions the body `return None`; methods of classes too, but not `__init__`.

    An empty `__init__` of a module fails in torch and would prove nothing.
    """

    def __init__(self) -> None:
        self.count = 0

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Empty one function."""
        if node.name != "__init__":
            node.body = [ast.Return(ast.Constant(None))]
            self.count += 1
        return node
