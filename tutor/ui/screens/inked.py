"""Screens with the inks of all text that stands on them: full ones, and those that lie over another."""

from __future__ import annotations

from typing import ClassVar

from textual.screen import ModalScreen, Screen, ScreenResultType

from tutor.ui.widgets.inks import CLASSES, rules_for


class InkedScreen(Screen[ScreenResultType]):
    """A screen on which coloured text can stand."""

    COMPONENT_CLASSES: ClassVar[set[str]] = CLASSES
    DEFAULT_CSS = rules_for("InkedScreen")


class InkedModal(ModalScreen[ScreenResultType]):
    """A screen over another one, on which coloured text can stand."""

    COMPONENT_CLASSES: ClassVar[set[str]] = CLASSES
    DEFAULT_CSS = rules_for("InkedModal")
