"""Markdown of documentation sites: admonitions and tabs of MkDocs, other names of Python, fences of printed values."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Sequence

from tutor.exchange.callouts import callout
from tutor.exchange.python import syntax_tree

_OPEN = re.compile(r'^(!!!|\?\?\?\+?|===[!+]?)(?: +([A-Za-z][\w-]*)(?: +[\w -]+)?)?(?: +"(.*)")? *$')
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_PYTHON = re.compile(r"^(```+|~~~+) *(?:py|python3|Python|pycon)(?: .*)?$")
_CELL = re.compile(r"^(?:```+|~~~+) *python *$", re.MULTILINE)
_KINDS = {"abstract": "note", "info": "note", "success": "tip", "question": "note", "failure": "caution"}
_KINDS |= {"bug": "caution", "example": "note", "quote": "note", "summary": "note"}
_SHOWN = frozenset({"tensor", "array"})
"""What printed tensors and arrays begin with; as functions they would have to be imported by that name."""


def plain_site(text: str) -> str:
    """The text with admonitions as alerts. One that holds runnable code, and a tab, is opened: its code is a cell.

    Fences that are called `py` or `python3` are Python too.
    """
    lines = text.split("\n")
    done: list[str] = []
    number, fence = 0, ""
    while number < len(lines):
        opened = None if fence else _OPEN.match(lines[number])
        end = _end(lines, number + 1)
        if opened is None or not _has_body(opened, lines[number + 1 : end]):
            done.append(lines[number] if fence else _PYTHON.sub(r"\1python", lines[number]))
            fence = _fence(fence, lines[number])
            number += 1
            continue
        body = plain_site(textwrap.dedent("\n".join(lines[number + 1 : end])).strip("\n")).split("\n")
        done += ["", *_admonition(opened[1], opened[2] or "", opened[3], body), ""]
        number = end
    return "\n".join(done)


def _has_body(opened: re.Match[str], body: Sequence[str]) -> bool:
    """Whether it is more than a line that begins in the same way: a tab has a title, an admonition a kind."""
    return bool(opened[3] if opened[1].startswith("===") else opened[2]) and any(line.strip() for line in body)


def is_printed(source: str) -> bool:
    """Whether a fence of Python is no code but what code printed: constants, `tensor([…])`, `array([…])`."""
    tree = syntax_tree(source)
    body = tree.body if tree is not None else []
    return bool(body) and all(isinstance(node, ast.Expr) and _is_value(node.value) for node in body)


def _is_value(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(map(_is_value, node.elts))
    if isinstance(node, ast.UnaryOp):
        return _is_value(node.operand)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _SHOWN
    return isinstance(node, ast.Constant) and node.value is not ...


def _end(lines: Sequence[str], start: int) -> int:
    """The line after what is indented below an opening line."""
    end = start
    for number in range(start, len(lines)):
        if lines[number].startswith(("    ", "\t")):
            end = number + 1
        elif lines[number].strip():
            break
    return end


def _fence(fence: str, line: str) -> str:
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) and not line.strip().strip(fence[0]) else fence


def _admonition(mark: str, name: str, title: str | None, body: list[str]) -> list[str]:
    said = title if title is not None else "" if mark.startswith("===") else name.capitalize()
    if mark.startswith("===") or _CELL.search("\n".join(body)):
        return [*([f"**{said}**", ""] if said else []), *body]
    kind = name.lower()
    alert = callout(_KINDS.get(kind, kind), said if title is not None else "", body)
    return alert or callout("note", said, body) or body
