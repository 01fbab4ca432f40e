"""Where a picture is shown, and cells that become lines of text."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import Iterable, List, Optional, Sequence, Tuple

COLUMNS, LINES = 76, 24
"""The size that is assumed where none is known."""

LEAST, MOST = 24, 160
"""A picture is never narrower or wider than this, in columns."""

Cell = Tuple[str, Optional[int], Optional[int]]
"""A character, the number of its colour among the 256, and that of its ground; None for the terminal's own."""

INKS = (33, 208, 35, 199, 220, 51, 141, 250)
"""A colour for each class, readable on light and on dark."""

GROUNDS = (17, 94, 22, 53, 58, 23, 54, 236)
"""A dark ground for each class, on which white and the inks can be read."""


@dataclass(frozen=True)
class Screen:
    """Size in cells, whether it has colours, and whether only ASCII can be shown."""

    columns: int
    lines: int
    color: bool
    ascii: bool


def screen() -> Screen:
    """What the next picture is drawn on.

    `COLUMNS`, `LINES` and `PYTUTOR_INK` ("color", "plain" or "ascii") go first: with them pytutor says before each run
    what its pane is like. Elsewhere stdout is asked.
    """
    size = shutil.get_terminal_size((COLUMNS, LINES))
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    ink = os.environ.get("PYTUTOR_INK") or ("color" if _is_terminal() else "plain")
    only_ascii = ink == "ascii" or not encoding.startswith("utf")
    color = ink == "color" and not only_ascii and not os.environ.get("NO_COLOR")
    return Screen(min(max(size.columns, LEAST), MOST), max(size.lines, 8), color, only_ascii)


def _is_terminal() -> bool:
    try:
        return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    except (AttributeError, ValueError):
        return False


def line_of(cells: Sequence[Cell], color: bool) -> str:
    """One line: cells in a row that look the same share one escape sequence."""
    if not color:
        return "".join(text for text, _, _ in cells).rstrip()
    parts: List[str] = []
    ink: Tuple[Optional[int], Optional[int]] = (None, None)
    for text, front, ground in cells:
        if (front, ground) != ink:
            parts.append(_sequence(front, ground))
            ink = (front, ground)
        parts.append(text)
    if ink != (None, None):
        parts.append(_sequence(None, None))
        return "".join(parts)
    return "".join(parts).rstrip()


def _sequence(front: Optional[int], ground: Optional[int]) -> str:
    codes = ["0"]
    if front is not None:
        codes.append(f"38;5;{front}")
    if ground is not None:
        codes.append(f"48;5;{ground}")
    return f"\x1b[{';'.join(codes)}m"


def plain(text: str) -> List[Cell]:
    """Text as cells without colour."""
    return [(character, None, None) for character in text]


def put(lines: Iterable[str]) -> None:
    """Print a picture."""
    print("\n".join(lines))


def words(text: object, most: int) -> str:
    """A name or a title as one line of at most `most` printable characters, each one cell wide in most terminals."""
    line = "".join(one if one.isprintable() else " " for one in str(text))
    return line if len(line) <= most else f"{line[: max(0, most - 1)]}~"
