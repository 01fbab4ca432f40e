"""Foreign text made fit for a cell grid: what is left takes the width it seems to take, and does nothing else."""

from __future__ import annotations

import re

from tutor.printable import printable

# Soft hyphen, zero-width and format characters, variation selectors: terminals disagree about their width.
# Direction overrides: text would not read as it stands.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Everything that str.splitlines() takes for an end of line, beside the newline itself.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def visible(text: str) -> str:
    """`text` with newlines as its only control characters; tabs become spaces up to the next multiple of four."""
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("", printable(_BREAKS.sub("\n", text))).expandtabs(4)


def visible_line(text: str) -> str:
    """`visible`, on one line."""
    return " ".join(visible(text).split())


def drop_invisible(text: str) -> str:
    """`text` without the characters whose width terminals disagree about."""
    return text if text.isascii() else _INVISIBLE.sub("", text)
