"""Escape sequences of terminals as regular expressions, for a stream that comes in pieces."""

from __future__ import annotations

import re

LONGEST_SEQUENCE = 4_096
"""A sequence that is still unfinished after so many characters is none."""

# The body of a string sequence ends at its terminator, and at whatever begins another: so no text is read twice.
_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*"
_CSI = r"(?:\x1b\[|\x9b)(?P<parameters>[0-?]*)[ -/]*"

SPECIAL = re.compile(
    rf"(?P<csi>{_CSI}(?P<final>[@-~]))"
    rf"|(?P<string>{_STRING}(?:\x07|\x1b\\|\x9c))"
    r"|(?P<escape>\x1b[ -/]*[0-Z\\^-~])"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff])"
)
"""A whole sequence, or one control character (also an ESC that begins nothing)."""

UNFINISHED = re.compile(rf"(?:{_CSI}|{_STRING}\x1b?|\x1b[ -/]*)\Z")
"""The beginning of a sequence at the end of a text."""

NOT_PLAIN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Anything but text and newlines."""
