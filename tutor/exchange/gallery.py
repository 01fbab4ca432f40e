"""sphinx-gallery scripts: a docstring and comment blocks in reStructuredText, with code between them.

The format is that of https://sphinx-gallery.github.io/stable/syntax.html: a block of text begins with a line of at
least twenty `#`, or with `# %%`, and goes on while lines are comments.
"""

from __future__ import annotations

import ast
from itertools import pairwise

from tutor.exchange.document import Document, SourceCell
from tutor.exchange.python import syntax_tree
from tutor.exchange.rst import markdown_of

_RULE = 20


def is_gallery(text: str) -> bool:
    """Whether a script is one: a docstring first, with a title in reStructuredText."""
    found = _docstring(text)
    if found is None:
        return False
    lines = [line.rstrip() for line in found[0].split("\n")]
    return any(_underlines(below, line) for line, below in pairwise(lines))


def read_gallery(text: str) -> Document:
    """The cells of a sphinx-gallery script."""
    docstring, end = _docstring(text) or ("", 0)
    cells = [_prose(docstring)]
    code: list[str] = []
    lines = text.split("\n")[end:]
    number = 0
    while number < len(lines):
        if not _begins_text(lines[number]):
            code.append(lines[number])
            number += 1
            continue
        cells += _code(code)
        code = []
        first = lines[number].lstrip("#").strip().removeprefix("%%").strip()
        number += 1
        block = [first] if first else []
        while number < len(lines) and lines[number].startswith("#") and not _begins_text(lines[number]):
            block.append(lines[number][1:].removeprefix(" "))
            number += 1
        if any(line.strip() for line in block):
            cells.append(_prose("\n".join(block)))
    cells += _code(code)
    return Document("sphinx-gallery script", tuple(cell for cell in cells if cell.source.strip()))


def _docstring(text: str) -> tuple[str, int] | None:
    """The docstring, and the number of its last line."""
    tree = syntax_tree(text)
    if tree is None:
        return None
    first = tree.body[0] if tree.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return ast.get_docstring(tree) or "", first.end_lineno or 1
    return None


def _underlines(line: str, title: str) -> bool:
    rule = len(line) >= 3 and len(set(line)) == 1 and line[0] in "=-~#*^\"'"
    return rule and len(set(title.strip())) > 1


def _begins_text(line: str) -> bool:
    bare = line.rstrip()
    return (len(bare) >= _RULE and set(bare) == {"#"}) or bare.startswith(("# %%", "#%%"))


def _prose(text: str) -> SourceCell:
    return SourceCell("prose", markdown_of(text))


def _code(lines: list[str]) -> list[SourceCell]:
    source = "\n".join(lines).strip("\n")
    return [SourceCell("code", source)] if source.strip() else []
