"""Text of learners, lessons and files, made safe for a terminal that is written to directly."""

from __future__ import annotations

import re

# ESC and C1 introducers with what belongs to them: CSI, OSC/DCS/APC/PM/SOS strings, two-byte escapes.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def printable(text: str, *, one_line: bool = False) -> str:
    """`text` without escape sequences, control characters and direction overrides.

    Newline, tab and carriage return stay (tqdm needs the last), unless `one_line` asks for spaces in their place.
    Lone surrogates become U+FFFD, so that the result can always be encoded.
    """
    clean = _BIDI.sub("", _CONTROLS.sub("", _SEQUENCES.sub("", text)))
    if one_line:
        clean = " ".join(clean.split())
    return clean.encode("utf-8", "replace").decode("utf-8") if _has_surrogate(clean) else clean


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
