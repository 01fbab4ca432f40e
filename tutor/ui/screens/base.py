"""What all full screens share: commands from the table, a key bar, and a message when there is no room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from tutor.ui.frame.key_bar import KeyBar
from tutor.ui.frame.too_small import TooSmall
from tutor.ui.panes import SMALLEST
from tutor.ui.screens.inked import InkedScreen

if TYPE_CHECKING:
    from tutor.ui.app import PytutorApp


class TutorScreen(InkedScreen[None]):
    """A screen of the tutor. Subclasses set `scope` and give `content`."""

    scope: ClassVar[str] = ""
    scopes: ClassVar[tuple[str, ...]] = ()
    """For a screen with the commands of more than one scope."""
    ESCAPE_TO_MINIMIZE: ClassVar[bool | None] = False

    @property
    def tutor(self) -> PytutorApp:
        """The app, with its type."""
        from tutor.ui.app import PytutorApp

        assert isinstance(self.app, PytutorApp)
        return self.app

    def say(self, sentence: str) -> None:
        """Tell the learner one sentence about what this screen shows."""
        from tutor.ui.session_app import SessionApp

        assert isinstance(self.app, SessionApp)
        self.app.say(sentence, of_page=True)

    def content(self) -> Iterable[Widget]:
        """The widgets between the top of the screen and the key bar."""
        return ()

    def compose(self) -> ComposeResult:
        """Content, key bar, and the cover for terminals that are too small."""
        yield from self.content()
        yield KeyBar(id="keys")
        yield TooSmall(id="too-small")

    def offers(self, command: str) -> bool:
        """Whether the command of this name belongs into the key bar now."""
        return bool(command)

    def on_resize(self, event: events.Resize) -> None:
        """Cover the screen while it is too small to be used."""
        self.set_class(event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1], "-tiny")
