"""`pytutor [LESSON]` and `pytutor attach`: the Textual tutor."""

from __future__ import annotations

import argparse
import gc
import signal
from typing import TYPE_CHECKING

from tutor.commands.opening import open_settings, open_study_to_run
from tutor.settings import Settings
from tutor.study import Study

if TYPE_CHECKING:
    from tutor.runner.sessions import SessionInfo


def run(options: argparse.Namespace) -> int:
    """Open the tutor on a lesson, or where the learner was."""
    return _open(options, lesson=options.lesson, new=options.new)


def review(options: argparse.Namespace) -> int:
    """Open the tutor on what is due."""
    return _open(options, review=True)


def attach(options: argparse.Namespace, session: SessionInfo) -> int:
    """Open the tutor on a session that is alive."""
    return _open(options, session=session)


def _open(
    options: argparse.Namespace,
    *,
    lesson: str | None = None,
    new: bool = False,
    session: SessionInfo | None = None,
    review: bool = False,
) -> int:
    signal.signal(
        signal.SIGHUP, signal.SIG_DFL
    )  # a window ends with its terminal, even below `nohup`; the session stays
    gc.disable()  # as in `tutor.cli`, which cannot know that other commands come here
    settings = open_settings(options)
    study = open_study_to_run(options, settings)
    return show(study, settings, lesson=lesson, new=new, session=session, mouse=not options.no_mouse, review=review)


def show(
    study: Study,
    settings: Settings,
    *,
    lesson: str | None = None,
    new: bool = False,
    session: SessionInfo | None = None,
    mouse: bool = True,
    review: bool = False,
) -> int:
    """Show a course, with `review` what is due of it. Raises `TutorError` for a lesson that it has not."""
    lesson_id = study.lesson(lesson).id if lesson else None
    # Textual is imported here and not above: `attach --help` and errors before this line must not pay for it.
    from tutor.ui.app import run_app

    return run_app(study, settings, lesson_id=lesson_id, new=new, session=session, mouse=mouse, review=review)
