"""The course map: where one was, and all lessons with how far one is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.course.model import LessonEntry
from tutor.study import Study
from tutor.ui.course_map import continue_line, lesson_line, module_line, review_line, start_line
from tutor.ui.frame.key_bar import KeyBar
from tutor.ui.keys import bindings
from tutor.ui.screens.base import TutorScreen
from tutor.ui.visible import visible_line

REVIEW = "review"
"""Id of the line that begins a review."""


class CourseMap(OptionList):
    """The lessons, one a line."""

    key_help = (("↑ ↓", "Choose a lesson."), ("enter", "Open it, where you left it."))
    """What the help says while the map has the focus."""


class HomeScreen(TutorScreen):
    """Enter opens a lesson; the first line goes on where one was."""

    scope: ClassVar[str] = "home"
    CSS_PATH = "home.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("home")

    def __init__(self, study: Study) -> None:
        super().__init__()
        self._study = study
        self._progress = study.progress(read=False)
        self.heading = Static(id="heading", markup=False)
        self.map = CourseMap(id="map", markup=False)
        self._targets: list[LessonEntry | None] = []
        self._outlook = study.memory.outlook()

    def content(self) -> Iterable[Widget]:
        """Title and map."""
        yield self.heading
        yield self.map

    def on_mount(self) -> None:
        """Show what is known at once; lessons that have never been read are read after the first paint."""
        self.map.focus()
        self.query_one(KeyBar).note = "enter opens"
        self._draw()
        self.call_after_refresh(self.refresh_progress)

    def refresh_progress(self) -> None:
        """Read what is new or has changed, and show it."""
        self._progress = self._study.progress()
        self._draw()

    def on_screen_resume(self) -> None:
        """Somebody has been away and done something."""
        self._outlook = self._study.memory.outlook()
        self._progress = self._study.progress(read=False)
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """The lines are as wide as the screen."""
        self._draw()

    def _draw(self) -> None:
        done = sum(one.done for one in self._progress.values())
        total = sum(one.total for one in self._progress.values())
        skipped = sum(one.skipped for one in self._progress.values())
        # Until every lesson has been read once, their sum would be too small.
        said = f"  {done} of {total} done" if total and self._known(self._study.course.lessons()) else ""
        if said and done - skipped == total:
            said += ": complete. `pytutor certificate` prints the proof."
        heading = Content.styled(visible_line(self._study.course.title), "bold")
        heading += Content.styled(said, "$foreground 65%")
        if self._outlook.begun and not self._outlook.due:
            heading += Content.styled(f"\n{self._outlook.words}", "$foreground 65%")
        self.heading.update(heading)
        at = self.map.highlighted
        options, self._targets = self._lines()
        self.map.clear_options()
        self.map.add_options(options)
        self.map.highlighted = at if at is not None and at < len(options) else 0

    def _known(self, lessons: Iterable[LessonEntry]) -> bool:
        known = [self._progress.get(entry.front.id) for entry in lessons if entry.error is None]
        return all(one is not None and one.known for one in known)

    def _lines(self) -> tuple[list[Option], list[LessonEntry | None]]:
        """The options, and the lesson that each opens."""
        width = max(40, min(self.app.size.width, 100) - 4)
        options: list[Option] = []
        targets: list[LessonEntry | None] = []

        def add(line: Content, target: LessonEntry | None) -> None:
            options.append(Option(line, disabled=target is None))
            targets.append(target)

        place = self._study.place()
        here = place.lesson_id if place is not None else ""
        entries = list(self._study.course.lessons())
        current = next((entry for entry in entries if entry.front.id == here), None)
        usable = next((entry for entry in entries if entry.error is None), None)
        if current is not None and place is not None:
            add(continue_line(current, place.page), current)
        elif usable is not None:
            add(start_line(usable), usable)
        else:
            words = "Nothing here can be opened." if entries else "This course has no lessons yet."
            add(Content(f" {words}"), None)
        if self._outlook.due:
            options.append(Option(review_line(self._outlook), id=REVIEW))
            targets.append(None)
        numbers = {entry.path: number for number, entry in self._study.course.numbered()}
        for module in self._study.course.modules:
            add(Content(""), None)
            known = [self._progress[entry.front.id] for entry in module.lessons if entry.front.id in self._progress]
            total = sum(one.total for one in known) if self._known(module.lessons) else 0
            add(module_line(module.title, sum(one.done for one in known), total), None)
            for entry in module.lessons:
                progress = self._progress.get(entry.front.id)
                add(lesson_line(numbers[entry.path], entry, progress, entry is current, width), entry)
        return options, targets

    @on(OptionList.OptionSelected)
    async def _selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id == REVIEW:
            self.tutor.action_review()
            return
        target = self._targets[event.option_index]
        if target is None:
            return
        if target.error is not None:
            problem = target.error
            self.tutor.say(f"{problem.path.name}, line {problem.line}: {problem.message}", severity="error")
            return
        await self.tutor.open_lesson(target.front.id)

    def action_back(self) -> None:
        """Back to the lesson that is open."""
        self.tutor.leave_map()

    def offers(self, command: str) -> bool:
        """There is a way back only when a lesson is open."""
        return command != "back" or self.tutor.lesson_screen is not None
