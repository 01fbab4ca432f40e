"""Python scripts that no notebook tool has marked: comments between the code are prose, those with rules headings.

Cells are paragraphs of the script put together: imports, definitions, and statements up to a comfortable length.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.exchange.document import Document, SourceCell
from tutor.exchange.python import syntax_tree

_CELL_LINES = 26
"""A cell is seen at once: after so many lines the next paragraph begins another one."""
_MARK = re.compile(r"^# ?\+(?: *$| *[\[{]| +\w+=)|^# ?- *$|^# +jupyt(?:er|ext):|^# #{1,6} \w", re.MULTILINE)
_FOR_MACHINES = re.compile(r"^#(?:!|.*?coding[:=])")
"""What the first two lines may tell the system and Python (PEP 263)."""
_RULED = re.compile(r"^[-=*#~_\s]*?[-=*#~_]{3,}\s+(\S.*?)\s+[-=*#~_]{3,}[#\s]*$")
_FIELD = re.compile(r"^(Title|Authors?|Date created|Last modified|Description|Accelerator): *(.*)$")
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|```)", re.MULTILINE)

Kind = Literal["prose", "comment", "imports", "definitions", "statements"]


def is_marked(text: str) -> bool:
    """Whether Jupytext's light format has left marks in a script: then its cells are as it says."""
    return _MARK.search(text) is not None


def read_script(text: str) -> Document | None:
    """The cells of a script; None where Python cannot read it."""
    tree = syntax_tree(text)
    if tree is None:
        return None
    lines = text.split("\n")
    cells: list[SourceCell] = []
    group: list[_Piece] = []
    for piece in _pieces(lines, tree):
        if group and not _together(group, piece):
            cells.append(_code(lines, group))
            group = []
        if piece.kind == "prose":
            cells.append(SourceCell("prose", piece.prose))
        else:
            group.append(piece)
    if group:
        cells.append(_code(lines, group))
    return Document("Python script", tuple(cell for cell in cells if cell.source.strip()))


@dataclass(frozen=True)
class _Piece:
    """Lines of a script from `start` up to `end` that stand together; `prose` is Markdown for those that are words."""

    kind: Kind
    start: int
    end: int
    prose: str = ""


def _together(group: Sequence[_Piece], piece: _Piece) -> bool:
    """Whether a piece goes into the cell of those above it."""
    if piece.kind == "prose":
        return False
    kinds = {one.kind for one in (*group, piece)} - {"comment"}
    return len(kinds) <= 1 and piece.end - group[0].start <= _CELL_LINES


def _code(lines: Sequence[str], group: Sequence[_Piece]) -> SourceCell:
    return SourceCell("code", "\n".join(lines[group[0].start : group[-1].end]).strip("\n"))


def _pieces(lines: Sequence[str], tree: ast.Module) -> Iterator[_Piece]:
    """The paragraphs of a script: an empty line that is in no statement ends one, a text of its own is one."""
    nodes: dict[int, list[ast.stmt]] = {}
    inside: set[int] = set()
    texts: dict[int, int] = {}
    for node in tree.body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))]) - 1
        last = node.end_lineno or node.lineno
        nodes.setdefault(first, []).append(node)
        inside.update(range(first, last))
        if (
            _is_text(node)
            and lines[first].startswith(('"', "'", "r", "R"))
            and not lines[last - 1][node.end_col_offset :]
        ):
            texts[first] = last
    start = number = 0
    while number <= len(lines):
        ends = number == len(lines) or number in texts or (number not in inside and not lines[number].strip())
        if not ends:
            number += 1
            continue
        if start < number:
            yield from _paragraph(lines, start, number, [one for n in range(start, number) for one in nodes.get(n, [])])
        if number in texts:
            yield _Piece("prose", number, texts[number], _written(nodes[number][0]))
            number = start = texts[number]
        else:
            number = start = number + 1


def _paragraph(lines: Sequence[str], start: int, end: int, nodes: list[ast.stmt]) -> Iterator[_Piece]:
    """A paragraph, with a heading above its code taken off."""
    while start < min(end, 2) and _FOR_MACHINES.match(lines[start]):
        start += 1
    code = next((n for n in range(start, end) if not lines[n].startswith("#")), end)
    comments = list(lines[start:code])
    heading, rest = _heading(comments)
    if heading:
        yield _Piece("prose", start, code, heading)
        start, comments = code - len(rest), rest
    if code == end and not nodes:
        if comments and _is_code([line.lstrip("#") for line in comments]):
            yield _Piece("comment", start, end)
        elif comments:
            yield _Piece("prose", start, end, _words([line[1:].removeprefix(" ") for line in comments]))
    elif start < end:
        yield _Piece(_kind(nodes), start, end)


def _kind(nodes: Sequence[ast.stmt]) -> Kind:
    if all(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes):
        return "imports"
    if any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in nodes):
        return "definitions"
    return "statements"


def _heading(comments: list[str]) -> tuple[str, list[str]]:
    """A heading that comments begin with, as Markdown, and the comments below it: words between rules, or in one."""
    bare = [line.strip().strip("#").strip() for line in comments]
    if bare and (found := _RULED.match(comments[0].strip().lstrip("#"))) is not None:
        return f"## {_escaped(found[1])}", comments[1:]
    if len(comments) >= 3 and _is_rule(comments[0]) and bare[1] and not _is_rule(comments[1]) and _is_rule(comments[2]):
        return f"## {_escaped(bare[1])}", comments[3:]
    return "", comments


def _is_rule(comment: str) -> bool:
    signs = set(comment.strip()) - {" ", "#"}
    return len(comment.strip()) >= 8 and len(signs) <= 1 and signs <= set("-=*~_")


def _is_code(lines: Sequence[str]) -> bool:
    """Whether lines are code, such as somebody has switched off with `#`."""
    tree = syntax_tree(textwrap.dedent("\n".join(lines)))
    body = tree.body if tree is not None else []
    return any(isinstance(node.value, ast.Call) if isinstance(node, ast.Expr) else not _reads(node) for node in body)


def _reads(node: ast.stmt) -> bool:
    """Whether a statement may as well be words: "loss: small", "import data", "pass"."""
    return isinstance(node, ast.AnnAssign | ast.Pass | ast.Break | ast.Continue | ast.Delete)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _written(node: ast.stmt) -> str:
    """A text that stands in a script by itself: Markdown where it looks like it, with the fields of Keras' examples."""
    value = node.value.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) else ""
    text = inspect.cleandoc(str(value))
    lines = text.split("\n")
    if _FIELD.match(lines[0]):
        return "\n".join(_field(line) for line in lines)
    return text if _MARKDOWN.search(text) else _plain(lines)


def _field(line: str) -> str:
    found = _FIELD.match(line)
    if found is None:
        return line
    return f"# {found[2]}\n" if found[1] == "Title" else f"- **{found[1]}**: {found[2]}"


def _words(lines: Sequence[str]) -> str:
    """Words as `_plain` has them, with the code that they end with shown as code."""
    code = next((number for number in range(1, len(lines)) if _is_code(lines[number:])), len(lines))
    shown = ["", "```python .noeval", *lines[code:], "```"] if code < len(lines) else []
    return "\n".join([_plain(lines[:code]), *shown])


def _plain(lines: Sequence[str]) -> str:
    """Words that are no Markdown: rules are left out, lists stay lists, signs mean nothing."""
    kept = [line for line in lines if not line.strip() or not _is_rule("# " + line)]
    return textwrap.dedent("\n".join(map(_escaped, kept))).strip("\n")


def _escaped(text: str) -> str:
    text = re.sub(r"([\\<$]|(?<!^)(?<!\s)\*|\*(?!\s))", r"\\\1", text)
    return re.sub(r"^(\s*)(#)", r"\1\\\2", text)
