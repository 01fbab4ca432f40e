"""Which courses from outside may run their code."""

from __future__ import annotations

import time

from tutor.store.database import Store


def is_trusted(store: Store, content: str) -> bool:
    """Whether the learner has said yes to a course with this content (see `tutor.course.fingerprint`)."""
    return bool(store.rows("SELECT 1 FROM trusted WHERE content = ?", (content,)))


def trust(store: Store, content: str) -> None:
    """Remember that the learner said yes."""
    store.write(
        lambda connection: connection.execute("INSERT OR IGNORE INTO trusted VALUES (?, ?)", (content, time.time()))
    )
