"""Where the learner's code may cut the graph: `detach()` and its like in a value that goes on being used."""

from __future__ import annotations

import ast
from typing import Dict, Iterator, List, NamedTuple, Sequence

from tutor.kernel.xray.reports import Row

_METHODS = ("detach", "item", "numpy", "tolist", "detach_")
MAX_CUTS = 3


class Cut(NamedTuple):
    """A place; `what` is the call as one would write it."""

    line: int
    what: str


def cuts(own: Sequence[ast.AST], others: Sequence[ast.AST], traced: Sequence[Row]) -> List[Cut]:
    """Places that may cut the graph: those that a trace has seen do it, else those of the own cell, else of others.

    `traced` are rows of `LineTrace`: where it saw a line make tensors that are in the graph, that line cuts nothing.
    """
    seen: Dict[int, List[bool]] = {}
    for row in traced:
        seen.setdefault(row["line"], []).append(bool(row["graph"]))
    found = [[one for tree in trees for one in search(tree)] for search in (_calls, _guards) for trees in (own, others)]
    open_ = [[one for one in group if not any(seen.get(one.line, ()))] for group in found]
    sure = [one for group in open_ for one in group if one.line in seen]
    return sorted(sure or next(filter(None, open_), []))[:MAX_CUTS]


def _calls(tree: ast.AST) -> Iterator[Cut]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Return)) and node.value is not None:
            for part in ast.walk(node.value):
                what = _what(part)
                if what:
                    yield Cut(getattr(part, "lineno", node.lineno), what)
                    break


def _guards(tree: ast.AST) -> Iterator[Cut]:
    """`no_grad` around something that is made for later: a block that only updates in place cuts nothing.

    Nor does one after the last backward pass, where a program evaluates.
    """
    passes = [one.lineno for one in ast.walk(tree) if isinstance(one, ast.Attribute) and one.attr == "backward"]
    for node in ast.walk(tree):
        if isinstance(node, ast.With) and node.lineno < max(passes, default=0):
            expressions = [one.context_expr for one in node.items]
        elif isinstance(node, ast.FunctionDef):
            expressions = node.decorator_list
        else:
            continue
        makes = any(isinstance(one, (ast.Assign, ast.Return)) for part in node.body for one in ast.walk(part))
        for text in map(ast.unparse, expressions if makes else ()):
            if "no_grad" in text or "inference_mode" in text:
                yield Cut(node.lineno, text.rpartition(".")[2])


def _what(node: ast.AST) -> str:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in _METHODS and "loss" not in ast.unparse(node.func.value).lower():
            return f"{node.func.attr}()"
        if ast.unparse(node.func) == "torch.tensor" and node.args and isinstance(node.args[0], ast.Name):
            return "torch.tensor()"
    if isinstance(node, ast.Attribute) and node.attr == "data" and isinstance(node.ctx, ast.Load):
        return ".data"
    return ""
