"""Progress as a file: written, and added to what is there."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tutor.errors import TutorError
from tutor.store.database import Store
from tutor.store.luggage import add, courses, everything
from tutor.study.memory import refold

LARGEST = 256 * 1024 * 1024
"""Bytes of a file that is read at all."""


def pack(store: Store, path: Path) -> str:
    """Write everything that is kept into a file of the learner's own; one sentence about it.

    An existing file is replaced as a whole. Raises `TutorError` where it cannot be written.
    """
    document = everything(store)
    beside = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1, allow_nan=False)
            file.write("\n")
        beside.replace(path)
    except OSError as error:
        raise TutorError("Not exported", f"{path} cannot be written: {error.strerror}.") from None
    solved = sum(row["status"] == "passed" for row in document["items"])
    return f"Wrote {path}: {solved} solved, {len(document['reviews'])} reviews, {len(document['drafts'])} drafts."


def unpack(store: Store, path: Path) -> str:
    """Add a file of `pack` to what is there; one sentence about it. Raises `TutorError` for what is none."""
    try:
        if path.stat().st_size > LARGEST:
            raise TutorError("Not imported", f"{path} is larger than {LARGEST // 2**20} MB.", "Nothing was changed.")
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TutorError("Not imported", f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise TutorError("Not imported", f"{path} is no JSON document.", "Nothing was changed.") from None
    before = _solved(store)
    added = add(store, document)
    for course in courses(document):
        refold(store, course)
    return f"Added {path}: {_solved(store) - before} solved that were not, of {added['items']} items it holds."


def _solved(store: Store) -> int:
    return int(store.rows("SELECT count(*) FROM items WHERE status = 'passed'")[0][0])
