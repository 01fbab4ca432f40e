"""`pytutor open FILE`: walk through a notebook, a script or a Markdown file as if it were a lesson."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tutor.commands.opening import open_file_to_run, open_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="an .ipynb, .py or .md file")
    parser.add_argument("--new", action="store_true", help="start another session beside those that are alive")
    parser.add_argument("--plain", action="store_true", help="lines of text instead of a screen")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")


def run(options: argparse.Namespace) -> int:
    """Open the tutor on the file."""
    settings = open_settings(options)
    study = open_file_to_run(options.file, settings)
    lesson = next(iter(study.course.lessons())).front.id
    if options.plain or not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        from tutor.commands import plain

        return plain.talk(study, settings, lesson, new=options.new)
    from tutor.commands import learn

    return learn.show(study, settings, lesson=lesson, new=options.new, mouse=not options.no_mouse)
