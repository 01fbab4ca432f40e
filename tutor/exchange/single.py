"""A file from anywhere as a course of one lesson, so that it is walked through like any other."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from tutor.course.blocks import Aside, ListBlock, ListItem, Paragraph, Span
from tutor.course.model import Course, Lesson, LessonEntry, Module
from tutor.course.parser import parse_lesson
from tutor.exchange.conversion import convert

_ID_LENGTH = 12


def lesson_from(path: Path) -> Lesson:
    """The lesson that a file is or is turned into; what was changed on the way stands folded on its first page.

    Raises `TutorError` for a file that cannot be read or converted.
    """
    converted = convert(path)
    lesson = parse_lesson(path, converted.text)
    if not converted.notes or not lesson.pages:
        return lesson
    told = ListBlock(tuple(ListItem((Paragraph((Span(note),)),)) for note in converted.notes))
    title = f"What was changed to show {path.name}"
    first = replace(lesson.pages[0], blocks=(Aside(title, (told,)), *lesson.pages[0].blocks))
    return replace(lesson, pages=(first, *lesson.pages[1:]))


def course_of(path: Path, lesson: Lesson) -> Course:
    """The course that holds this lesson alone. Its id belongs to the place of the file: progress is kept under it."""
    place = path.resolve()
    name = hashlib.sha256(str(place).encode("utf-8", "surrogateescape")).hexdigest()[:_ID_LENGTH]
    module = Module("file", path.name, (LessonEntry(path, lesson.front),))
    return Course(place.parent, f"opened-{name}", lesson.title, (module,))
