"""What an empty Plot pane says: that a run draws its loss, or how to log one that nothing can see."""

from __future__ import annotations

import ast

EMPTY_WORDS = "Nothing to draw yet: run code that trains, and its loss appears here as it falls."


def empty_words(program: str) -> str:
    """The sentence for a run of `program` that has ended without a point."""
    unseen = _unseen(program)
    if not unseen:
        return EMPTY_WORDS
    return f"{unseen} draws no loss by itself; log it in your loop: from tutor.kit import log; log(loss=value)"


def _unseen(program: str) -> str:
    """How the program takes gradients without a `backward`; "" where it does not, or is no Python."""
    try:
        nodes = list(ast.walk(ast.parse(program)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return next(filter(None, map(_gradients, nodes)), "")


def _gradients(node: ast.AST) -> str:
    if isinstance(node, ast.ImportFrom):
        names = {alias.name for alias in node.names}
        if node.module == "torch.func" or (node.module == "torch" and "func" in names):
            return "torch.func"
        return "torch.autograd.grad" if node.module == "torch.autograd" and "grad" in names else ""
    if isinstance(node, ast.Import):
        return "torch.func" if any(alias.name == "torch.func" for alias in node.names) else ""
    if isinstance(node, ast.Attribute):
        owner = node.value
        if isinstance(owner, ast.Name) and (owner.id, node.attr) == ("torch", "func"):
            return "torch.func"
        name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
        return "torch.autograd.grad" if (name, node.attr) == ("autograd", "grad") else ""
    return ""
