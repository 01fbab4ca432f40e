"""LaTeX formulas as lines of Unicode text."""

from __future__ import annotations


def to_unicode(latex: str) -> str:
    """`latex` as it is, for now."""
    return latex
