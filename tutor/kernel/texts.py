"""Short texts of things that the learner made, whatever their `__str__` and `__repr__` do."""

from __future__ import annotations


def clean(text: str, limit: int = 4096) -> str:
    """At most `limit` characters of `text`, without lone surrogates, which no stream can carry."""
    if len(text) > limit:
        text = text[: limit - 2] + " …"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def message_of(error: BaseException, limit: int = 4096) -> str:
    """What an exception says, or that it cannot say it."""
    try:
        return clean(str(error), limit)
    except BaseException as failure:  # noqa: BLE001  the learner's own __str__
        return f"<its text cannot be shown: __str__ raised {type(failure).__name__}>"


def text_of(value: object, limit: int = 300) -> str:
    """`repr(value)`, or that it cannot be made."""
    try:
        return clean(repr(value), limit)
    except Exception as failure:  # noqa: BLE001  the learner's own __repr__
        return f"<{type(value).__name__} whose __repr__ raised {type(failure).__name__}>"
