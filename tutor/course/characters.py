"""Text from files as harmless text: one kind of line end, and no character that a terminal would obey."""

from __future__ import annotations

from collections.abc import Iterator

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def _table() -> dict[int, str]:
    """Control characters by their pictures, direction overrides and surrogates by U+FFFD, odd line ends by a space."""
    table = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
    table[0x7F] = "\N{SYMBOL FOR DELETE}"
    table.update(dict.fromkeys(range(128, 160), _REPLACEMENT))
    table.update(dict.fromkeys((*range(8234, 8239), *range(8294, 8298)), _REPLACEMENT))
    table.update(dict.fromkeys(range(55296, 57344), _REPLACEMENT))
    table.update({0x2028: " ", 0x2029: " "})
    return table


_VISIBLE = _table()


def visible(text: str) -> str:
    """`text` with every character that acts on a terminal made visible; "\\n" and "\\t" stay."""
    return text if text.isprintable() else text.translate(_VISIBLE)


def one_line(text: str) -> str:
    """`text` made visible and on one line, with single spaces."""
    return " ".join(visible(text).split())


def unified_lines(text: str) -> str:
    """`text` without a byte order mark, with "\\n" as the only line end."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def hostile_characters(text: str) -> Iterator[tuple[int, int, str]]:
    """Line, column (both from 1) and name like "U+001B" of each character that `visible` replaces."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.isprintable():
            for column, character in enumerate(line, 1):
                if ord(character) in _VISIBLE:
                    yield number, column, f"U+{ord(character):04X}"
