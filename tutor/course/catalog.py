"""A course as a list of its lessons: course.toml and the heads of the lesson files, without their bodies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tutor.course.characters import one_line, unified_lines
from tutor.course.findings import Findings
from tutor.course.front_matter import ID, fallback_id, read_front_matter
from tutor.course.model import Course, FrontMatter, LessonEntry, Module
from tutor.course.problems import Problem
from tutor.errors import TutorError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FORMAT_VERSION = 1
MANIFEST = "course.toml"

# Far more than any head; a lesson's body is not read at all.
_HEAD_BYTES = 32_768


def load_course(root: Path) -> Course:
    """The course in the folder `root`, with what is wrong with its list in `Course.problems`.

    A lesson that cannot be read keeps its place, with `LessonEntry.error` set. Raises `TutorError` only where there
    is no course: no readable course.toml of a format that is known here.
    """
    manifest = root / MANIFEST
    text = _manifest_text(manifest)
    findings = Findings(manifest, text)
    table = _manifest_table(manifest, text)
    modules = tuple(_modules(root, table, findings))
    entries = [entry for module in modules for entry in module.lessons]
    problems = [*findings.problems, *_between_lessons(entries), *_unlisted(root, entries)]
    identifier = _text(table, "id")
    if not ID.fullmatch(identifier):
        raise TutorError("Course", f"{manifest} has no usable id.", 'Add a line such as id = "my-course".')
    return Course(root, identifier, _text(table, "title") or identifier, modules, tuple(problems))


def read_entry(path: Path) -> LessonEntry:
    """A lesson as the catalog lists it, from the head of its file alone."""
    try:
        with path.open("rb") as file:
            data = file.read(_HEAD_BYTES)
    except OSError as error:
        return _broken(path, "E126", f"the lesson is listed but cannot be read: {error.strerror or error}")
    # The cut may go through a character: what is damaged then is the body.
    text = unified_lines(data.decode("utf-8", "replace"))
    findings = Findings(path, text)
    front = read_front_matter(text, findings)
    unusable = next((problem for problem in findings.sorted() if problem.code in ("E101", "E110")), None)
    return LessonEntry(path, front, unusable)


def _broken(path: Path, code: str, message: str) -> LessonEntry:
    name = fallback_id(path)
    return LessonEntry(path, FrontMatter(name, one_line(path.stem)), Problem(code, message, path))


def _manifest_text(manifest: Path) -> str:
    try:
        return unified_lines(manifest.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "Give the folder that holds a course.toml."
        raise TutorError("Course", f"{manifest} cannot be read: {reason}.", hint) from None
    except UnicodeDecodeError:
        raise TutorError("Course", f"{manifest} is not UTF-8 text.", "Save it as UTF-8.") from None


def _manifest_table(manifest: Path, text: str) -> dict[str, object]:
    try:
        table: dict[str, object] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        reason = one_line(str(error)).rstrip(".")
        raise TutorError("Course", f"{manifest} is not valid TOML: {reason}.", "Correct that line.") from None
    version = table.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        newer = isinstance(version, int) and version > FORMAT_VERSION
        older = isinstance(version, int) and not isinstance(version, bool) and version < FORMAT_VERSION
        hint = "Update pytutor." if newer else f"Add a line format_version = {FORMAT_VERSION}."
        if older:
            hint = f"Write format_version = {FORMAT_VERSION} and put right what `pytutor check` then names."
        message = f"{manifest} has format_version {version!r}, and this program reads {FORMAT_VERSION}."
        raise TutorError("Course", message, hint)
    return table


def _text(table: dict[str, object], name: str) -> str:
    value = table.get(name)
    return one_line(value) if isinstance(value, str) else ""


def _modules(root: Path, table: dict[str, object], findings: Findings) -> Iterator[Module]:
    listed = table.get("modules")
    if not isinstance(listed, list) or not listed:
        findings.add("E129", "course.toml lists no modules: add a [[modules]] with id, title and lessons")
        return
    seen: set[str] = set()
    for number, module in enumerate(listed, 1):
        if not isinstance(module, dict):
            findings.add("E129", f"module {number} must be a table: write [[modules]]")
            continue
        identifier = _text(module, "id")
        line = _line_of(findings, identifier)
        if not ID.fullmatch(identifier):
            message = f"module {number} needs an id of lower-case letters, digits and hyphens"
            findings.add("E129", message, line)
            identifier = f"module-{number}"
        if identifier in seen:
            findings.add("E111", f"the module id {identifier!r} is used twice", line)
            continue
        seen.add(identifier)
        title = _text(module, "title") or identifier
        yield Module(identifier, title, tuple(_entries(root, module, identifier, findings)))


def _entries(root: Path, module: dict[str, object], identifier: str, findings: Findings) -> Iterator[LessonEntry]:
    lessons = module.get("lessons", [])
    if not isinstance(lessons, list):
        findings.add("E129", f"the lessons of module {identifier!r} must be a list of file names")
        return
    for name in lessons:
        line = _line_of(findings, name if isinstance(name, str) else identifier)
        if not isinstance(name, str) or not name.endswith(".md"):
            findings.add("E129", f"{name!r} in module {identifier!r} is not the name of a .md file", line)
        elif not _inside(root, root / name):
            findings.add("E129", f"{name!r} leaves the folder of the course", line)
        else:
            if not (root / name).is_file():
                findings.add("E126", f"{name!r} is listed, and there is no such file", line)
            # A lesson that is missing keeps its place in the course: the map shows what is wrong with it.
            yield read_entry(root / name)


def _inside(root: Path, path: Path) -> bool:
    """Whether a path stays in a folder, symbolic links followed."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def _line_of(findings: Findings, name: str) -> int:
    return next((number for number, line in enumerate(findings.lines, 1) if name and f'"{name}"' in line), 1)


def _between_lessons(entries: list[LessonEntry]) -> Iterator[Problem]:
    """Ids that are used twice, and requirements that are unknown or run in a circle."""
    by_id: dict[str, LessonEntry] = {}
    for entry in entries:
        other = by_id.setdefault(entry.front.id, entry)
        if other is not entry:
            message = f"the id {entry.front.id!r} is already that of {other.path.name}: ids are unique in a course"
            yield Problem("E111", message, entry.path, _head_line(entry, "id"))
    for entry in entries:
        for required in entry.front.requires:
            if required not in by_id:
                message = f"requires {required!r}, and no lesson of the course has that id"
                yield Problem("E123", message, entry.path, _head_line(entry, "requires"))
    for circle in _circles({name: entry.front.requires for name, entry in by_id.items()}):
        entry = by_id[circle[0]]
        message = f"requires runs in a circle: {' → '.join((*circle, circle[0]))}"
        yield Problem("E124", message, entry.path, _head_line(entry, "requires"))


def _head_line(entry: LessonEntry, key: str) -> int:
    """The line of a front matter key; read again because problems are rare."""
    try:
        lines = entry.path.read_text(encoding="utf-8", errors="replace").split("\n")[:200]
    except OSError:
        return 1
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)


def _circles(requires: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Each circle of requirements once, beginning with its first lesson in the course's order."""
    done: set[str] = set()
    for start in requires:
        path: list[str] = []
        stack = [(start, 0)]
        while stack:
            name, depth = stack.pop()
            del path[depth:]
            if name in path:
                yield tuple(path[path.index(name) :])
                continue
            if name in done or name not in requires:
                continue
            path.append(name)
            stack += [(required, depth + 1) for required in requires[name]]
        done.update(_reachable(start, requires))


def _reachable(start: str, requires: dict[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += requires.get(name, ())
    return found


def _unlisted(root: Path, entries: list[LessonEntry]) -> Iterator[Problem]:
    listed = {entry.path.resolve() for entry in entries}
    for path in sorted(root.rglob("*.md")):
        # A Markdown file with a head is meant as a lesson; a README has none.
        if path.resolve() in listed or any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        if path.name.lower() != "readme.md" and path.is_file():
            yield Problem("E125", f"the lesson file is not listed in {MANIFEST}", path)
