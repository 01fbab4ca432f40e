"""The one error that is meant for people: what happened, and what to do about it; and how a title is put before it."""

from __future__ import annotations


class TutorError(Exception):
    """Something a user can act on.

    `title` names what failed, `message` says why in one sentence, `hint` says what to do.
    """

    def __init__(self, title: str, message: str, hint: str = "") -> None:
        super().__init__(title, message, hint)
        self.title = title
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return " ".join(part for part in (headed(self.title, self.message), self.hint) if part)


def headed(title: str, text: str) -> str:
    """`title` before `text` in one line, with a colon between them unless the title ends a sentence by itself."""
    return f"{title} {text}" if title.endswith(("?", "!", ".", ":", "…")) else f"{title}: {text}"
