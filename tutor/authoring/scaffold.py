"""A lesson and a course to begin with: complete, and clean for the linter."""

from __future__ import annotations

import json
import re
import string
import sys
from pathlib import Path

from tutor.course.catalog import FORMAT_VERSION, MANIFEST
from tutor.course.front_matter import ID, fallback_id

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def lesson_text(title: str, identifier: str) -> str:
    """The text of a new lesson that passes `pytutor check --strict`. `identifier` is one that `lesson_id` gives."""
    template = Path(__file__).with_name("templates") / "lesson.md"
    safe = re.sub(r"[\x00-\x1f\x7f]+", " ", title).strip() or "A lesson"
    heading = string.Template(template.read_text(encoding="utf-8"))
    # The head is YAML, where a title such as `Yes: no` needs its quotes; below it is Markdown.
    front, _, body = heading.template.partition("\n---\n")
    quoted = json.dumps(safe, ensure_ascii=False)
    return (
        string.Template(front).safe_substitute(title=quoted, id=identifier)
        + "\n---\n"
        + body.replace("$title", re.sub(r"([\\`*_<\[$#])", r"\\\1", safe)).replace("$id", identifier)
    )


def lesson_id(title: str, path: Path) -> str:
    """An id made of the title, or where that has no letters for one, of the file's name."""
    made = "-".join(re.findall(r"[a-z0-9]+", title.lower()))
    return made if ID.fullmatch(made) else fallback_id(path)


def course_text(title: str, identifier: str, lessons: list[str]) -> str:
    """The text of a course.toml with one module."""
    return "\n".join(
        [
            f"format_version = {FORMAT_VERSION}",
            f"id = {json.dumps(identifier)}",
            f"title = {json.dumps(title, ensure_ascii=False)}",
            "",
            "[[modules]]",
            'id = "first"',
            'title = "First steps"',
            f"lessons = {json.dumps(lessons)}",
            "",
        ]
    )


def course_of(path: Path) -> Path | None:
    """The course.toml of the course that a lesson file lies in, None where it lies in none."""
    return next((folder / MANIFEST for folder in path.resolve().parents if (folder / MANIFEST).is_file()), None)


def list_lesson(manifest: Path, name: str) -> bool:
    """Write a lesson's `name` behind the last one that a course.toml lists; whether that could be done.

    The text is changed in that place only, and only where it then says the same with this lesson more.
    """
    try:
        text = manifest.read_text(encoding="utf-8")
        wanted = tomllib.loads(text)
        wanted["modules"][-1]["lessons"].append(name)
        start = text.rindex("lessons")
        end = text.rindex("]", start)
        listed, quoted = text[:end].rstrip(), json.dumps(name, ensure_ascii=False)
        gap = text[len(listed) : end]
        comma = "" if listed.endswith(("[", ",")) else ","
        if "\n" in text[start:end]:
            last = listed.split("\n")[-1]
            made = f"{listed}{comma}\n{last[: len(last) - len(last.lstrip())]}{quoted},{gap}{text[end:]}"
        else:
            made = f"{listed}{comma}{' ' * len(comma)}{quoted}{gap}{text[end:]}"
        if tomllib.loads(made) != wanted:
            return False
        manifest.write_text(made, encoding="utf-8", newline="\n")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False
    return True
