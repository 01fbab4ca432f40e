"""Styles on their way to the terminal: what is set already is not set again.

Textual begins each piece of text with all of its style, background included, and resets everything behind it: half of
what a live plot would send. Here only what differs from the piece before is sent. Over a slow line that is seen.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from textual.driver import Driver

_SGR = re.compile(r"\x1b\[([0-9;:]*)m")
_MOVES = re.compile(r"(?:\r?\n|\x1b\[\d+;\d+H)*")
"""What paints nothing, whatever the style."""

_EXTENDED = {"2": 5, "5": 3}
"""What follows 38 and 48 -> how many numbers there are with them: red, green and blue, or one of 256."""


class _Style(NamedTuple):
    """A style in three parts, each as it is written: bold and the like, the colour of the text, that behind it."""

    marks: str
    color: str
    ground: str


class Pen:
    """The style in which a terminal is, as far as it is known: from the first reset that is sent."""

    def __init__(self) -> None:
        self._now: str | None = None

    def thinned(self, text: str) -> str:
        """What paints the same as `text`, and leaves the terminal in the same style, in fewer bytes."""
        first, *pieces = _SGR.split(text)
        sent = [first]
        wanted = self._now or ""
        for style, piece in zip(pieces[::2], pieces[1::2], strict=True):
            afresh = style in ("", "0") or style.startswith("0;")
            wanted = style[2:] if afresh else ";".join(filter(None, (wanted, style)))
            if self._now is None:
                sent.append(f"\x1b[{style}m")
                self._now = wanted if afresh else None
            elif not _MOVES.fullmatch(piece):
                sent.append(self._become(wanted))
            sent.append(piece)
        if self._now is not None:
            sent.append(self._become(wanted))
        return "".join(sent)

    def _become(self, wanted: str) -> str:
        before, self._now = self._now or "", wanted
        return _change(before, wanted)


def thinning(driver: type[Driver]) -> type[Driver]:
    """A driver like this one that sends no style twice."""

    class Thinning(driver):  # type: ignore[misc,valid-type]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pen = Pen()

        def write(self, data: str) -> None:
            """Write to the terminal."""
            super().write(self._pen.thinned(data))

    return Thinning


@lru_cache(maxsize=4096)
def _change(now: str, wanted: str) -> str:
    """The sequence that leads from one style to another; "" is the terminal's own."""
    if now == wanted:
        return ""
    if not now or not wanted:
        return f"\x1b[{wanted or '0'}m"
    before, after = _read(now), _read(wanted)
    kept = before.marks == after.marks and (after.color or not before.color) and (after.ground or not before.ground)
    if not kept:
        return f"\x1b[0;{wanted}m"
    news = [new for old, new in zip(before[1:], after[1:], strict=True) if new != old]
    return f"\x1b[{';'.join(news)}m" if news else ""


def _read(style: str) -> _Style:
    marks: list[str] = []
    color = ground = ""
    codes = style.split(";")
    while codes:
        size = _EXTENDED.get(codes[1], 1) if codes[0] in ("38", "48") and len(codes) > 1 else 1
        one, codes = codes[:size], codes[size:]
        written = ";".join(one)
        if re.fullmatch("3[0-8]|9[0-7]", one[0]):
            color = written
        elif re.fullmatch("4[0-8]|10[0-7]", one[0]):
            ground = written
        elif one[0] not in ("39", "49"):
            marks.append(written)
        elif one[0] == "39":
            color = ""
        else:
            ground = ""
    return _Style(";".join(marks), color, ground)
