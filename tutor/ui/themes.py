"""The colours: a dark, a light and an ANSI theme for the app, and the editor's highlighting that goes with each."""

from __future__ import annotations

import os
from dataclasses import replace

from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme
from textual.widgets.text_area import TextAreaTheme

# The grounds are nearly grey: over SSH there are 256 colours, and among those a bluish dark grey becomes navy.
DARK = Theme(
    name="pytutor-dark",
    primary="#7aa2f7",
    secondary="#5a7fd0",
    accent="#e6a35c",
    warning="#e0af68",
    error="#f07a8a",
    success="#8fc774",
    foreground="#d5d9e6",
    background="#16181c",
    surface="#1d1f24",
    panel="#262930",
    variables={
        "block-cursor-background": "#7aa2f7",
        "block-cursor-foreground": "#16181c",
        "input-selection-background": "#7aa2f7 35%",
    },
)

LIGHT = Theme(
    name="pytutor-light",
    primary="#2457b3",
    secondary="#4a76c9",
    accent="#a2500a",
    warning="#8a5a00",
    error="#b3203a",
    success="#2e7022",
    foreground="#23262e",
    background="#fafaf7",
    surface="#f2f2ee",
    panel="#e6e6e0",
    dark=False,
    variables={
        "block-cursor-background": "#2457b3",
        "block-cursor-foreground": "#ffffff",
        "input-selection-background": "#2457b3 25%",
    },
)

# The plain blue of many terminals can hardly be read on black.
ANSI = replace(BUILTIN_THEMES["ansi-dark"], name="pytutor-ansi", primary="ansi_bright_blue")

NAMES = {"dark": DARK.name, "light": LIGHT.name, "ansi": ANSI.name}
"""The word of the settings -> the name of the theme."""


def theme_name(choice: str) -> str:
    """The theme for a choice; "auto" is light where COLORFGBG tells of a light terminal, and dark elsewhere."""
    if choice in NAMES:
        return NAMES[choice]
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return NAMES["light" if background in ("7", "15") else "dark"]


def _highlighting(keyword: str, string: str, number: str, name: str, comment: str) -> dict[str, Style]:
    """Styles for the names in `tutor.ui.frame.highlighting`."""
    return {
        "keyword": Style(color=keyword, bold=True),
        "string": Style(color=string),
        "number": Style(color=number),
        "name": Style(color=name, bold=True),
        "builtin": Style(color=name),
        "self": Style(italic=True),
        "comment": Style(color=comment, italic=True),
    }


EDITOR_DARK = TextAreaTheme(
    "pytutor-dark", syntax_styles=_highlighting("#e6a35c", "#8fc774", "#e0af68", "#7aa2f7", "#8b90a3")
)
EDITOR_LIGHT = TextAreaTheme(
    "pytutor-light", syntax_styles=_highlighting("#a2500a", "#2e7022", "#8a5a00", "#2457b3", "#6a6e78")
)
EDITOR_ANSI = TextAreaTheme(
    "pytutor-ansi", syntax_styles=_highlighting("magenta", "green", "yellow", "bright_blue", "cyan")
)


def editor_theme(theme: Theme) -> TextAreaTheme:
    """The editor's theme for a theme of the app."""
    if theme.ansi:
        return EDITOR_ANSI
    return EDITOR_DARK if theme.dark else EDITOR_LIGHT
