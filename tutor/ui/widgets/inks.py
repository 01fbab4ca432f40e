"""The styles of all text in the panes: component classes over theme variables, for every theme."""

from __future__ import annotations

_RULES = {
    "title": "color: $primary; text-style: bold;",
    "heading": "color: $text-primary; text-style: bold;",
    "muted": "color: $foreground 65%;",
    "rule": "color: $foreground 35%;",
    "marker": "color: $text-primary; text-style: bold;",
    "inline": "color: $text-warning; background: $foreground 8%;",
    "math": "color: $text-success; text-style: italic;",
    "link": "text-style: underline;",
    "code": "background: $foreground 7%;",
    "keyword": "color: $text-accent; text-style: bold;",
    "string": "color: $text-success;",
    "number": "color: $text-warning;",
    "name": "color: $text-primary; text-style: bold;",
    "builtin": "color: $text-primary;",
    "self": "text-style: italic;",
    "comment": "color: $foreground 60%; text-style: italic;",
    "note": "color: $text-primary;",
    "tip": "color: $text-success;",
    "important": "color: $text-accent;",
    "warning": "color: $text-warning;",
    "caution": "color: $text-error;",
    "right": "color: $text-success;",
    "wrong": "color: $text-error;",
    "cursor": "background: $foreground 15%; text-style: bold;",
    "key": "color: $text-accent;",
}

# With the terminal's own sixteen colours nothing can be blended: dim and reverse take over.
_ANSI_RULES = {
    "muted": "color: ansi_default; text-style: dim;",
    "rule": "color: ansi_default; text-style: dim;",
    "comment": "color: ansi_default; text-style: dim italic;",
    "inline": "color: $text-warning; background: ansi_default;",
    "code": "background: ansi_default;",
    "cursor": "background: ansi_default; text-style: reverse;",
}

CLASSES = {f"flow--{name}" for name in _RULES}
"""For `COMPONENT_CLASSES` of a screen, whose `DEFAULT_CSS` then holds `rules_for` its name: all that stands on it finds
its styles there, as Textual looks for them in a widget and in those around it. A widget that had them itself would have
twenty-five more nodes to style, each time."""


def rules_for(screen: str) -> str:
    """The CSS of all classes for one type of screen."""
    plain = (f"{screen} > .flow--{name} {{ {rule} }}" for name, rule in _RULES.items())
    ansi = (f"{screen}:ansi > .flow--{name} {{ {rule} }}" for name, rule in _ANSI_RULES.items())
    return "\n".join((*plain, *ansi))
