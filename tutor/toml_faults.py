"""Where a TOML file is wrong, and how: the parser names the end of the file for what was begun lines above."""

from __future__ import annotations

import re
import sys

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_MOST_LINES = 500
"""In a longer file the beginning of what has no end is not looked for."""


def toml_fault(text: str, error: Exception) -> tuple[int, int, str]:
    """Line and column, from 1, and the reason with the line as it stands; `error` is what `tomllib.loads` raised."""
    said = str(error)
    found = _PLACE.search(said)
    reason = (said[: found.start()] if found else said).rstrip(".")
    lines = text.split("\n")
    if found is None or not found[1]:
        line, column = _begun(lines), 1
    else:
        line, column = int(found[1]), int(found[2])
    written = lines[line - 1].strip() if line <= len(lines) else ""
    advice = ", and text needs quotes" if reason == "Invalid value" and re.search(r"=\s*[A-Za-z]", written) else ""
    shown = f" in `{written[:60]}`" if written else ""
    return line, column, f"{reason[:1].lower()}{reason[1:]}{shown}{advice}"


def _begun(lines: list[str]) -> int:
    """The line on which something begins that makes the file wrong: the lines above it alone are right."""
    good = 0
    for number in range(1, min(len(lines), _MOST_LINES) + 1):
        try:
            tomllib.loads("\n".join(lines[:number]))
        except (ValueError, RecursionError):
            continue
        good = number
    return min(good + 1, len(lines))
