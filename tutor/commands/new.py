"""`pytutor new lesson|course`: something to begin with that passes `pytutor check --strict`."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from tutor.authoring.scaffold import course_of, course_text, lesson_id, lesson_text, list_lesson
from tutor.commands.writing import write_new
from tutor.course.catalog import MANIFEST
from tutor.errors import TutorError
from tutor.printable import printable

_OTHER = "Give another name."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("kind", choices=("lesson", "course"), help="what to make")
    parser.add_argument("path", type=Path, metavar="PATH", help="a file that ends with .md, or a folder for a course")
    parser.add_argument("--title", help="its title (default: made of the name)")


def run(options: argparse.Namespace) -> int:
    """Write it, and say how to go on. Nothing is written over."""
    path: Path = options.path
    title = options.title or path.stem.replace("_", " ").replace("-", " ").strip().capitalize() or "A lesson"
    if options.kind == "lesson":
        if path.suffix != ".md":
            raise TutorError("No lesson made", f"{path} does not end with .md.", f"Try {path}.md")
        _lesson(path, title)
    else:
        _course(path, title)
    return 0


def _lesson(path: Path, title: str) -> None:
    write_new(path, lesson_text(title, lesson_id(title, path)), hint=_OTHER)
    shown = shlex.quote(printable(str(path), one_line=True))
    print(f"{shown} is written. Look at it while you write: pytutor preview {shown}")
    manifest = course_of(path)
    if manifest is not None:
        name = path.resolve().relative_to(manifest.parent).as_posix()
        said, place = printable(name, one_line=True), printable(str(manifest), one_line=True)
        if list_lesson(manifest, name):
            print(f'"{said}" is listed last in {place}: move it where it belongs.')
        else:
            print(f'Add "{said}" to the lessons of a module in {place}.')


def _course(folder: Path, title: str) -> None:
    first = "01-first.md"
    if (folder / MANIFEST).exists():
        raise TutorError("No course made", f"{folder / MANIFEST} is there already.", "Give the name of a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TutorError("No course made", f"{folder}: {error.strerror or error}.") from None
    write_new(folder / first, lesson_text("The first lesson", "first-lesson"), hint=_OTHER)
    write_new(folder / MANIFEST, course_text(title, lesson_id(title, folder), [first]), hint=_OTHER)
    shown = shlex.quote(printable(str(folder), one_line=True))
    print(f"{shown} holds a course with one lesson.")
    lesson = shlex.quote(printable(str(folder / first), one_line=True))
    print(f"Look at the lesson while you write: pytutor preview {lesson}")
    print(f"Walk through it: pytutor --course {shown}")
    print(f"Check it: pytutor check --strict {shown}")
