"""`pytutor --plain [LESSON]`: the tutor as lines of text."""

from __future__ import annotations

import argparse
import asyncio

from tutor.commands.headless import attached
from tutor.commands.opening import open_settings, open_study_to_run
from tutor.course.model import Lesson
from tutor.errors import TutorError
from tutor.plain.tutor import PlainTutor
from tutor.runner import sessions
from tutor.settings import Settings
from tutor.study import Study


def run(options: argparse.Namespace) -> int:
    """Talk until the learner quits."""
    settings = open_settings(options)
    return talk(open_study_to_run(options, settings), settings, options.lesson, new=options.new)


def talk(study: Study, settings: Settings, lesson: str | None, *, new: bool = False) -> int:
    """Talk about a course, from a lesson on. Raises `TutorError` for a lesson that it has not."""
    found, page = _where(study, lesson)
    return asyncio.run(_talk(study, settings, found, page, new))


def _where(study: Study, wanted: str | None) -> tuple[Lesson, int]:
    """The lesson that was asked for, else where the learner was, else the first one that can be read."""
    if wanted:
        lesson, page = study.lesson(wanted), 1
    elif place := study.place():
        lesson, page = study.lesson(place.lesson_id), place.page
    else:
        first = next((entry for entry in study.course.lessons() if entry.error is None), None)
        if first is None:
            raise TutorError("No lesson", "this course has none that can be read.", "`pytutor check` says why.")
        lesson, page = study.lesson(first.front.id), 1
    if not lesson.pages:
        raise TutorError("No page", f"{lesson.path} has none.", f"`pytutor check {lesson.path}` says why.")
    return lesson, page


async def _talk(study: Study, settings: Settings, lesson: Lesson, page: int, new: bool) -> int:
    alive = [] if new else [info for info in await sessions.find() if info.for_lessons]
    info = sessions.newest(alive) if alive else await sessions.start(**settings.session_options())
    async with attached(info) as headless:
        await headless.ready()
        return await PlainTutor(study, headless, lesson, page).talk()
