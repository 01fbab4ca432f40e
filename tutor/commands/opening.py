"""What most commands begin with: the course, the store, the settings."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tutor import paths
from tutor.course.catalog import load_course
from tutor.course.model import Course
from tutor.settings import Settings, load_settings
from tutor.store.database import Store
from tutor.study import Study


def course_root(options: argparse.Namespace) -> Path:
    """Folder of the course that the options name, the one inside the package by default."""
    return Path(options.course) if options.course else paths.bundled_course_dir()


def open_course(options: argparse.Namespace) -> Course:
    """The course. Raises `TutorError` when the folder holds none."""
    return load_course(course_root(options))


def open_study(options: argparse.Namespace) -> Study:
    """The course with what is kept about it; a store that cannot be written is said on stderr, once."""
    store = Store.open(paths.data_dir())
    if store.warning:
        print(f"pytutor: {store.warning}", file=sys.stderr)
    return Study(open_course(options), store)


def open_settings(options: argparse.Namespace) -> Settings:
    """The settings file with the options of this command line over it; what is wrong in it is said on stderr."""
    settings = load_settings(paths.config_file())
    for warning in settings.warnings:
        print(f"pytutor: {warning}", file=sys.stderr)
    return settings.with_options(python=options.python, device=options.device, theme=getattr(options, "theme", None))
