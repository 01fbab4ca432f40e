"""The tutor's app over a lesson file that is being written."""

from __future__ import annotations

from tutor.settings import Settings
from tutor.study import Study
from tutor.ui.app import PytutorApp
from tutor.ui.connecting import connector
from tutor.ui.desk import Desk
from tutor.ui.preview.manuscript import Manuscript
from tutor.ui.preview.screen import PreviewScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.session import Connect


class PreviewApp(PytutorApp):
    """Shows the manuscript's lesson on a screen with the author's keys."""

    def __init__(
        self, study: Study, settings: Settings, manuscript: Manuscript, *, connect: Connect, page: int | None = None
    ) -> None:
        super().__init__(study, settings, connect=connect, lesson_id=manuscript.lesson.id, page=page)
        self._manuscript = manuscript

    def make_lesson_screen(self, desk: Desk) -> LessonScreen:
        """The one with the author's keys."""
        return PreviewScreen(self.study, self.reader, desk, self.settings, self._manuscript)


def run_preview(study: Study, settings: Settings, manuscript: Manuscript, *, page: int | None, mouse: bool) -> int:
    """Show the preview until the author leaves; the exit code. Its session ends with it."""
    app = PreviewApp(study, settings, manuscript, connect=connector(settings, private=True), page=page)
    app.run(mouse=mouse)
    return app.return_code or 0
