"""Sphinx's admonitions as GitHub's alerts."""

from __future__ import annotations

from collections.abc import Sequence

_KINDS = {
    "note": "NOTE",
    "seealso": "NOTE",
    "admonition": "NOTE",
    "topic": "NOTE",
    "tip": "TIP",
    "hint": "TIP",
    "important": "IMPORTANT",
    "warning": "WARNING",
    "attention": "WARNING",
    "danger": "CAUTION",
    "caution": "CAUTION",
    "error": "CAUTION",
}


def callout(name: str, title: str, body: Sequence[str]) -> list[str] | None:
    """The lines of an alert for the admonition `name`; None where there is no such admonition."""
    kind = _KINDS.get(name)
    if kind is None:
        return None
    inner = [*([f"**{title}**", ""] if title else []), *body]
    while inner and not inner[0].strip():
        inner = inner[1:]
    while inner and not inner[-1].strip():
        inner = inner[:-1]
    return [f"> [!{kind}]", *(f"> {line}".rstrip() for line in inner)]
