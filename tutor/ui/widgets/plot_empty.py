"""What an empty Plot pane says: that a run draws its loss, or how to log one that nothing can see."""

from __future__ import annotations

import ast

EMPTY_WORDS = "Nothing to draw yet: run code that trains, and its loss appears here as it falls."


SCRIPT_WORDS = "No curve yet: each loss.backward() adds a point, and so does log(loss=value) of tutor.kit."

_HOW_TO_LOG = "log it in your loop: from tutor.kit import log; log(loss=value)"


def empty_words(program: str) -> str:
    """The sentence for a run of `program` that has ended without a point."""
    unseen = _unseen(program)
    return f"{unseen} draws no loss by itself; {_HOW_TO_LOG}" if unseen else EMPTY_WORDS


def script_words(program: str) -> str:
    """The same for a script that has ended."""
    unseen = _unseen(program)
    if not unseen:
        return f"No curve: nothing called backward(). If it has a loss, {_HOW_TO_LOG}"
    return f"{unseen} draws no loss by itself; {_HOW_TO_LOG}"


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
