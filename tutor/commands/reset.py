"""`pytutor reset [LESSON]`: forget what was done. Asks first."""

from __future__ import annotations

import argparse
import sys

from tutor.commands.opening import open_study
from tutor.errors import TutorError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="id or number of a lesson")
    parser.add_argument("--all", action="store_true", help="every lesson of the course")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(options: argparse.Namespace) -> int:
    """Forget progress, drafts and reviews of one lesson, or of all."""
    if bool(options.lesson) == options.all:
        raise TutorError("Reset what?", "name a lesson, or say --all.")
    study = open_study(options)
    lesson = study.lesson(options.lesson) if options.lesson else None
    what = f"lesson {lesson.id} ({lesson.title})" if lesson else "the whole course"
    if not options.yes:
        if not sys.stdin.isatty():
            raise TutorError("Not reset", "there is nobody to ask.", "Say --yes to go ahead.")
        answer = input(f"Forget progress, answers, drafts and reviews of {what}? [y/N] ")
        if answer.strip().lower() not in ("y", "yes"):
            print("Nothing was changed.")
            return 1
    if study.warning:
        # What is forgotten in memory only comes back with the next start.
        raise TutorError("Not reset", "progress cannot be written here.", "`pytutor doctor` names the folder.")
    study.reset(lesson.id if lesson else None)
    print(f"Forgot {what}.")
    return 0
