"""`pytutor preview FILE`: the lesson as learners see it, while it is being written."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tutor.commands.opening import open_settings
from tutor.errors import TutorError
from tutor.exchange.single import course_of
from tutor.store.database import Store
from tutor.study import Study


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a lesson file")
    parser.add_argument("--page", type=int, metavar="N", help="begin on this page")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")


def run(options: argparse.Namespace) -> int:
    """Open the preview. What is done in it is kept nowhere."""
    from tutor.ui.preview.app import run_preview
    from tutor.ui.preview.manuscript import Manuscript

    path: Path = options.file
    if not path.is_file():
        raise TutorError("No lesson", f"{path} is no file.", f"`pytutor new lesson {path}` makes one.")
    manuscript = Manuscript(path)
    if not manuscript.lesson.pages:
        first = manuscript.lesson.errors[0]
        raise TutorError("Nothing to show", f"{path}:{first.line}: {first.message.rstrip('.')}.")
    settings = open_settings(options)
    course = course_of(path, manuscript.lesson)
    with tempfile.TemporaryDirectory(prefix="pytutor-preview-") as folder:
        study = Study(course, Store.open(Path(folder)), threads=settings.threads, parse=manuscript.read)
        try:
            return run_preview(study, settings, manuscript, page=options.page, mouse=not options.no_mouse)
        finally:
            study.close()
