"""marimo notebooks: Python files whose cells are the bodies of functions, https://docs.marimo.io."""

from __future__ import annotations

import ast
import inspect
import textwrap

from tutor.exchange.document import Document, SourceCell
from tutor.exchange.python import syntax_tree


def is_marimo(text: str) -> bool:
    """Whether a script is one."""
    return "import marimo" in text and "@app.cell" in text


def read_marimo(text: str) -> Document | None:
    """Its cells, in the order of the file; None where Python cannot read it."""
    tree = syntax_tree(text)
    if tree is None:
        return None
    lines = text.split("\n")
    cells = [cell for node in tree.body for cell in _cells(node, lines) if cell.source.strip()]
    return Document("marimo notebook", tuple(cells))


def _cells(node: ast.stmt, lines: list[str]) -> list[SourceCell]:
    if isinstance(node, ast.With) and ast.unparse(node.items[0].context_expr).startswith("app.setup"):
        return [_code(node.body, lines)]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or not node.decorator_list:
        return []
    kind = ast.unparse(node.decorator_list[0]).partition("(")[0]
    if kind in ("app.function", "app.class_definition"):
        return [_code([node], lines)]
    if kind != "app.cell":
        return []
    # What a cell returns is for marimo's own book-keeping: here all cells share their names.
    body = [one for one in node.body if not isinstance(one, ast.Return)]
    prose = _prose(body)
    return [SourceCell("prose", prose)] if prose else [_code(body, lines)]


def _code(body: list[ast.stmt], lines: list[str]) -> SourceCell:
    if not body or all(isinstance(one, ast.Pass) for one in body):
        return SourceCell("code", "")
    own = [one for one in getattr(body[0], "decorator_list", []) if not ast.unparse(one).startswith("app.")]
    start = min([body[0].lineno, *(one.lineno for one in own)]) - 1
    while lines[start - 1].lstrip().startswith("#"):  # comments belong to no statement
        start -= 1
    source = "\n".join(lines[start : body[-1].end_lineno])
    return SourceCell("code", textwrap.dedent(source))


def _prose(body: list[ast.stmt]) -> str:
    """The Markdown of a cell that is nothing but `mo.md("…")`."""
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "mo.md" or len(call.args) != 1:
        return ""
    text = call.args[0]
    return inspect.cleandoc(text.value) if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""
