"""Python as Python reads it, without a word to the terminal about what looks dubious in somebody's file."""

from __future__ import annotations

import ast
import warnings


def syntax_tree(source: str) -> ast.Module | None:
    """The syntax tree; None for what Python cannot read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
