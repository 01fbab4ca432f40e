"""Reading a learner's file, with one sentence when it cannot be read."""

from __future__ import annotations

from pathlib import Path

from tutor.errors import TutorError


def read_source(path: Path) -> str:
    """Text of a Python file. Raises `TutorError` when it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TutorError("Cannot read", f"{path}: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        raise TutorError("Cannot read", f"{path} is not UTF-8 (byte {error.start}).") from None
