"""What most commands begin with: the course, the store, the settings."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tutor import paths
from tutor.commands.installed import course_folder
from tutor.course.catalog import load_course
from tutor.course.fingerprint import fingerprint
from tutor.course.model import Course
from tutor.errors import TutorError
from tutor.printable import printable
from tutor.settings import Settings, load_settings
from tutor.store import trust
from tutor.store.database import Store
from tutor.study import Study


def course_root(options: argparse.Namespace) -> Path:
    """Folder of the course that the options name, the one inside the package by default."""
    return course_folder(str(options.course)) if options.course else paths.bundled_course_dir()


def open_course(options: argparse.Namespace) -> Course:
    """The course. Raises `TutorError` when the folder holds none."""
    return load_course(course_root(options))


def open_study(options: argparse.Namespace) -> Study:
    """The course with what is kept about it, to look at; a store that cannot be written is said on stderr, once."""
    return Study(open_course(options), _open_store())


def open_study_to_run(options: argparse.Namespace, settings: Settings) -> Study:
    """The same, to run its code: a course from outside asks first. Raises `TutorError` where it may not."""
    store = _open_store()
    course = open_course(options)
    if options.course:
        _ask_for_trust(course, store)
    return Study(course, store, threads=settings.threads, time_limit=settings.time_limit or None)


def open_file_to_run(path: Path, settings: Settings) -> Study:
    """A file from anywhere as a course of one lesson; its code runs in the file's folder, as in Jupyter.

    Raises `TutorError` for a file that cannot be read or turned into a lesson.
    """
    # most starts open the course
    from tutor.exchange.conversion import is_lesson
    from tutor.exchange.single import course_of, lesson_from

    lesson = lesson_from(path)
    course = course_of(path, lesson)
    return Study(
        course,
        _open_store(),
        threads=settings.threads,
        time_limit=settings.time_limit or None,
        parse=lesson_from,
        folder=course.root,
        lenient=not is_lesson(path),
    )


def _open_store() -> Store:
    store = Store.open(paths.data_dir())
    if store.warning:
        print(f"pytutor: {store.warning}", file=sys.stderr)
    return store


def _ask_for_trust(course: Course, store: Store) -> None:
    content = fingerprint(course.root)
    if trust.is_trusted(store, content):
        return
    title = printable(course.title, one_line=True)
    if not sys.stdin.isatty():
        raise TutorError(
            "Not trusted", f"the course {title!r} runs code of its own.", "Open it in a terminal once to say yes."
        )
    print(f"The course {title!r} in {course.root} comes from outside. Its lessons run code on this machine, as you.")
    if input("Trust it, as it is now? [y/N] ").strip().lower() not in ("y", "yes"):
        raise TutorError("Not trusted", "nothing was run.")
    trust.trust(store, content)


def open_settings(options: argparse.Namespace) -> Settings:
    """The settings file with the options of this command line over it; what is wrong in it is said on stderr."""
    settings = load_settings(paths.config_file())
    for warning in settings.warnings:
        print(f"pytutor: {warning}", file=sys.stderr)
    return settings.with_options(python=options.python, device=options.device, theme=getattr(options, "theme", None))
