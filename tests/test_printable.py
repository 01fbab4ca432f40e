"""Nothing that steers a terminal gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.printable import printable


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x1b[2Jb", "ab"),
        ("\x9b31mred", "red"),
        ("\x1bPq#0\x1b\\x", "x"),
        ("\x1bcreset", "reset"),
        ("50%|##\r100%|####\n", "50%|##\r100%|####\n"),
        ("bell\x07 back\x08", "bell back"),
        ("\u202eevil\u202c", "evil"),
        ("tab\there", "tab\there"),
        ("[/bold] list[int]", "[/bold] list[int]"),
        ("unfinished \x1b[", "unfinished "),
        ("lone \ud800", "lone ?"),
    ],
)
def test_only_text_is_left(text: str, safe: str) -> None:
    assert printable(text) == safe


def test_one_line_has_no_line_breaks() -> None:
    assert printable("a\nb\r\n\tc", one_line=True) == "a b c"


@given(st.text())
def test_any_text_can_be_written_and_steers_nothing(text: str) -> None:
    safe = printable(text)
    safe.encode("utf-8")
    assert not any(ord(character) < 32 and character not in "\n\t\r" for character in safe)
    assert not any(0x7F <= ord(character) < 0xA0 for character in safe)
    assert printable(safe) == safe
