"""Going into a review and coming back from it, over whatever screen one was on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.study.review import Review
    from tutor.ui.app import PytutorApp
    from tutor.ui.screens.review import ReviewScreen


class Reviewing:
    """Holds the review that is open, if one is."""

    def __init__(self, app: PytutorApp) -> None:
        self._app = app
        self._review: Review | None = None
        self.screen: ReviewScreen | None = None

    def begin(self) -> None:
        """Ask what is due; where nothing is, say when something will be."""
        from tutor.study.review import Review, due_questions
        from tutor.ui.screens.base import TutorScreen
        from tutor.ui.screens.review import ReviewScreen

        if self.screen is not None or not isinstance(self._app.screen, TutorScreen):
            return
        memory = self._app.study.memory
        questions = due_questions(self._app.study)
        if not questions:
            outlook = memory.outlook()
            self._app.say(outlook.words if outlook.begun else "Nothing to review yet: it begins with what you answer.")
            return
        if self._app.lesson_screen is not None:
            self._app.lesson_screen.drafts.flush()
        self._review = Review(self._app.study, questions)
        self.screen = ReviewScreen(self._review, self._app.reader, self._app.settings)
        self._app.push_screen(self.screen)

    def end(self) -> None:
        """Go back to where it was begun, and say what it came to."""
        screen, self.screen = self.screen, None
        if screen is not None and self._review is not None:
            screen.drafts.flush()
            self._app.pop_screen()
            self._app.say(self._review.words)
