"""Courses that other packages bring along, found without importing them."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

from tutor.course.catalog import MANIFEST
from tutor.course.findings import did_you_mean
from tutor.errors import TutorError

GROUP = "pytutor.courses"
"""The entry points' group. A package declares `name = "package:folder"`, the folder inside it with the course.toml."""


def installed_courses() -> Mapping[str, Path]:
    """Name -> folder of each installed course, in the order of their names.

    Packages are located and not imported: a course runs no code before somebody has said yes to it.
    """
    from importlib.metadata import entry_points  # slow to import, and most starts need no other course

    found: dict[str, Path] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        top, _, inner = point.module.partition(".")
        spec = importlib.util.find_spec(top)
        places = spec.submodule_search_locations if spec is not None else None
        for place in places or ():
            folder = Path(place, *inner.split("."), *point.attr.split("."))
            if (folder / MANIFEST).is_file():
                found[point.name] = folder
    return found


def course_folder(wanted: str) -> Path:
    """The folder that `--course` means: one of the file system, else an installed course's.

    Raises `TutorError` where it is neither.
    """
    path = Path(wanted)
    if path.exists() or len(path.parts) != 1:
        return path
    installed = installed_courses()
    if wanted in installed:
        return installed[wanted]
    hint = did_you_mean(wanted, installed) if installed else "Give a folder that holds a course.toml."
    raise TutorError("No such course", f"{wanted!r} is neither a folder nor an installed course.", hint)
