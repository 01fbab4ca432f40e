"""What a course from outside consists of, as one hash: a changed file asks for trust anew."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tutor.errors import TutorError


def fingerprint(root: Path) -> str:
    """SHA-256 over names and contents of all files below `root`. Raises `TutorError` for a file that cannot be read."""
    whole = hashlib.sha256()
    try:
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                whole.update(os.fsencode(path.relative_to(root)) + b"\0")
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    except OSError as error:
        raise TutorError("Cannot read the course", f"{error.filename}: {error.strerror or error}.") from None
    return whole.hexdigest()
