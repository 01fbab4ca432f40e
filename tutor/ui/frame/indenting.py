"""Indentation of Python while it is typed: what a new line begins with, and moving lines to the right and left."""

from __future__ import annotations

STEP = "    "
_ENDS_BLOCK = ("return", "raise", "break", "continue", "pass")


def begin_after(line: str) -> str:
    """The blanks that a new line begins with after `line`, which is cut at the cursor."""
    blanks = line[: len(line) - len(line.lstrip(" "))]
    words = line.strip()
    if words.endswith((":", "(", "[", "{")) and not words.startswith("#"):
        return blanks + STEP
    if words.split(" ")[0] in _ENDS_BLOCK and not words.endswith((",", "\\")):
        return blanks[: -len(STEP)] if len(blanks) >= len(STEP) else ""
    return blanks


def dedented(line: str) -> str:
    """The line one step further left."""
    blanks = len(line) - len(line.lstrip(" "))
    return line[(blanks % len(STEP)) or min(blanks, len(STEP)) :]


def indented(line: str) -> str:
    """The line one step further right; an empty one stays empty."""
    blanks = len(line) - len(line.lstrip(" "))
    return " " * (len(STEP) - blanks % len(STEP)) + line if line.strip() else line
