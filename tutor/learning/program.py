"""A program as the lines that one thinks in: a statement or the head of a block each, with its depth."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

STEP = "    "
_QUIET = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)


@dataclass(frozen=True)
class Line:
    """A logical line. `text` has no indentation of its own, `depth` counts the steps it stands to the right.

    A statement over several lines of the file stays one `text` with line breaks, the further lines relative to the
    first.
    """

    text: str
    depth: int


def parsed(source: str) -> ast.Module | None:
    """The syntax tree, None for what is not Python."""
    try:
        with warnings.catch_warnings():
            # A dubious escape in the learner's text is no business of the terminal that we run in.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def logical_lines(source: str) -> tuple[Line, ...]:
    """The logical lines, without blank lines, comments that stand alone, and strings that nobody uses.

    Empty for what is not Python, and for a program in which moving lines would change the text of a string.
    """
    if parsed(source) is None:
        return ()
    rows = source.split("\n")
    found: list[Line] = []
    depth, first, lone = 0, 0, True
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            depth += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
            if token.type == tokenize.NEWLINE:
                if not lone:
                    found.append(Line(_text(rows[first - 1 : token.start[0]]), depth))
                first, lone = 0, True
            elif token.type not in _QUIET:
                if depth and token.end[0] > token.start[0] and not (lone and token.type == tokenize.STRING):
                    return ()
                first = first or token.start[0]
                lone = lone and token.type == tokenize.STRING
    except (tokenize.TokenError, SyntaxError):
        return ()
    return tuple(found)


def assembled(lines: Iterable[Line]) -> str:
    """The program that lines make; two empty lines stand before what begins at the left after something deeper."""
    rows: list[str] = []
    before = 0
    for line in lines:
        if rows and line.depth == 0 and (before or line.text.startswith(("def ", "class ", "@"))):
            rows += ["", ""] if not rows[-1].startswith("@") else []
        rows.append(indented([line]))
        before = line.depth
    return "\n".join(rows) + "\n" if rows else ""


def indented(lines: Iterable[Line]) -> str:
    """Lines at their depth, with nothing between them."""
    return "\n".join(STEP * line.depth + row if row else row for line in lines for row in line.text.split("\n"))


def _text(rows: list[str]) -> str:
    """Rows of one statement without the indentation of the first."""
    width = len(rows[0]) - len(rows[0].lstrip())
    return "\n".join(row[min(width, len(row) - len(row.lstrip())) :].rstrip() for row in rows)
