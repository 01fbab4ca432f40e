"""Finding a lesson by what people call it, and reading it when its file has changed."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

from tutor.course.model import Course, Lesson, LessonEntry
from tutor.errors import TutorError


class Shelf:
    """The lessons of a course. `parse` reads a file; `on_read` is told of each lesson read, with its file's stamp."""

    def __init__(self, course: Course, parse: Callable[[Path], Lesson], on_read: Callable[[Lesson, str], None]) -> None:
        self._course = course
        self._parse = parse
        self._on_read = on_read
        self._read: dict[Path, tuple[str, Lesson]] = {}

    def lesson(self, name: str) -> Lesson:
        """The lesson called `name`, see `entry`."""
        return self.read(self.entry(name))

    def read(self, entry: LessonEntry) -> Lesson:
        """The lesson of an entry; its file is read again only when it has changed."""
        stamp = file_stamp(entry.path)
        known = self._read.get(entry.path)
        if known is not None and known[0] == stamp:
            return known[1]
        lesson = self._parse(entry.path)
        self._read[entry.path] = (stamp, lesson)
        self._on_read(lesson, stamp)
        return lesson

    def forget(self) -> None:
        """Read each lesson again when it is wanted next, whatever its file's stamp says."""
        self._read.clear()

    def entry(self, name: str) -> LessonEntry:
        """The entry with this id, number ("3", "03"), file name, or unique beginning of an id or file name.

        Raises `TutorError` when there is none, or more than one, with the nearest names.
        """
        entries = list(self._course.lessons())
        wanted = name.strip().removesuffix(".md").rsplit("/", 1)[-1].casefold()
        for exact in (
            [one for one in entries if wanted == one.front.id.casefold()],
            [one for one in entries if wanted == one.path.stem.casefold()],
            [one for number, one in self._course.numbered() if wanted.isdecimal() and number == int(wanted)],
        ):
            if exact:
                return exact[0]
        begun = [one for one in entries if wanted and any(key.startswith(wanted) for key in _names(one))]
        if len(begun) == 1:
            return begun[0]
        if begun:
            listed = ", ".join(one.front.id for one in begun[:5])
            raise TutorError("Which lesson?", f"{name!r} may be any of {listed}.", "Type a little more of it.")
        raise TutorError("No such lesson", f"this course has none called {name!r}.", self._advice(wanted, entries))

    def _advice(self, wanted: str, entries: list[LessonEntry]) -> str:
        by_name = {key: one.front.id for one in entries for key in _names(one)}
        near = difflib.get_close_matches(wanted, by_name, n=1, cutoff=0.5)
        return f"Did you mean {by_name[near[0]]!r}?" if near else "See `pytutor list`."


def file_stamp(path: Path) -> str:
    """What changes when a file is written: its time and size; "" where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns}:{found.st_size}"


def _names(entry: LessonEntry) -> tuple[str, ...]:
    stem = entry.path.stem.casefold()
    return entry.front.id.casefold(), stem, stem.lstrip("0123456789").lstrip("-_")
