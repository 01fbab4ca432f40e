"""Writes a document as a lesson: one Markdown file in the format of the course."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from tutor.course.characters import hostile_characters, visible
from tutor.course.front_matter import fallback_id
from tutor.course.knobs import is_form
from tutor.course.parser import parse_lesson
from tutor.errors import TutorError
from tutor.exchange.document import Document, SourceCell
from tutor.exchange.magics import PlainCode, without_magics
from tutor.exchange.network import downloads
from tutor.exchange.prose import headings, plain, safe_prose, shown_word, title_at, with_levels

_PAGE_LINES = 90
"""A page is what a person takes in at once: after so many lines the next cell begins another one."""
_WORDS_A_MINUTE = 150
_MINUTES_A_CELL = 0.75
_TAGS = ("hide-cell", "raises-exception", "skip-execution")
_HIDDEN = frozenset({"remove-cell", "remove-input", "hide-input"})


@dataclass(frozen=True)
class Converted:
    """A lesson's text, and one sentence for each thing that was changed, dropped or tagged on the way."""

    text: str
    notes: tuple[str, ...]


def as_lesson(document: Document, path: Path) -> Converted:
    """The lesson for a document that stands in `path`. Raises `TutorError` when its cells would not be the same."""
    notes = list(document.notes)
    # Prose shows a control character as a picture; code that holds one is shown and not run.
    prose = (replace(cell, source=visible(cell.source)) if cell.kind == "prose" else cell for cell in document.cells)
    document = replace(document, cells=tuple(prose))
    title, cells = _titled(document, path)
    needs: list[str] = []
    blocks: list[_Block] = []
    live: list[str] = []
    for number, cell in enumerate(cells, 1):
        if cell.kind == "prose":
            source, plain = safe_prose(cell.source)
            if plain:
                notes.append(f"Text {number} is shown as it was written: it holds what a lesson cannot.")
            blocks.append(_prose_block(source))
            continue
        code = without_magics(cell.source)
        where = f"Cell {len([one for one in cells[:number] if one.kind == 'code'])}"
        notes += [f"{where}: {sentence}" for sentence in code.told]
        needs += code.needs
        why = _not_run(code)
        if why:
            notes.append(f"{where} is shown and not run: {why}.")
            blocks.append(
                _Block(
                    _fence(
                        visible(code.source),
                        shown_word("text" if code.language == "ipython" else code.language or "python"),
                    )
                )
            )
            continue
        tags = _tags(cell, code.source)
        notes += [f"{where} is tagged {tag}: {_WHY[tag]}." for tag in tags if tag not in cell.tags and tag in _WHY]
        live.append(code.source)
        blocks.append(_Block(_fence(code.source, _live_word(tags))))
    text = _front_matter(title, path, needs, blocks) + "\n" + _pages(title, blocks)
    _check(path, text, live)
    return Converted(text, tuple(dict.fromkeys(notes)))


_WHY = {
    "raises-exception": "its saved output is an error",
    "skip-execution": "it downloads something",
}


_NOT_RUN = {"python": "it is no Python 3", "ipython": "its commands are those of a notebook or a shell, not Python"}


@dataclass(frozen=True)
class _Block:
    """A piece of the lesson. `page` is the title of the last page that begins in it, `lines` those of that page."""

    text: str
    page: str = ""
    begins: bool = False

    @property
    def lines(self) -> int:
        """Source lines from the last page's heading on, with the empty one below."""
        return self.text.rpartition("\n## ")[2].count("\n") + 2

    @property
    def is_code(self) -> bool:
        """Whether it is a fence."""
        return self.text.startswith("```")

    @property
    def is_cell(self) -> bool:
        """Whether it is a fence that is run."""
        return self.is_code and self.text.lstrip("`").startswith(("python\n", "python tags="))

    @property
    def begins_shown(self) -> bool:
        """Whether its first line opens a fence that is marked as only shown."""
        return self.is_code and self.text.partition("\n")[0].endswith(" .noeval")


def _prose_block(source: str) -> _Block:
    found = [line for line, level in headings(source) if level == 2]
    return _Block(source, title_at(source, found[-1]) if found else "", bool(found) and found[0] == 0)


def _not_run(code: PlainCode) -> str:
    if code.language:
        return _NOT_RUN.get(code.language, f"it is {code.language[:20]}")
    return "it holds a control character" if any(True for _ in hostile_characters(code.source)) else ""


def _titled(document: Document, path: Path) -> tuple[str, list[SourceCell]]:
    """The title, and the cells with the headings of pages at level 2 and the title's own taken out."""
    levels = [level for cell in document.cells if cell.kind == "prose" for _, level in headings(cell.source)]
    cells = list(document.cells)
    title = ""
    for index, cell in enumerate(cells):
        found = headings(cell.source) if cell.kind == "prose" else []
        if not found:
            continue
        line, level = found[0]
        if level == min(levels) and (level == 1 or levels.count(level) == 1):
            title = plain(title_at(cell.source, line))
            first = with_levels("\n".join(cell.source.split("\n")[: _after(cell.source, line)]), {level: 0})
            rest = "\n".join(cell.source.split("\n")[_after(cell.source, line) :])
            cells[index] = SourceCell("prose", f"{first}\n{rest}".strip("\n"), cell.tags)
            levels.remove(level)
        break
    shift = 2 - min(levels) if levels else 0
    level_of = {level: min(max(level + shift, 2), 6) for level in range(1, 7)}
    cells = [
        SourceCell("prose", with_levels(cell.source, level_of), cell.tags) if cell.kind == "prose" else cell
        for cell in cells
    ]
    return title or plain(path.stem.replace("_", " ").replace("-", " ")).capitalize() or "Untitled", [
        cell for cell in cells if cell.source.strip()
    ]


def _after(source: str, line: int) -> int:
    """The line after a heading, its underline included."""
    return line + (1 if source.split("\n")[line].lstrip().startswith("#") else 2)


def _tags(cell: SourceCell, source: str) -> list[str]:
    wanted = {tag for tag in cell.tags if tag in _TAGS}
    if cell.tags & _HIDDEN:
        wanted.add("hide-cell")
    if cell.raised:
        wanted.add("raises-exception")
    if is_form(source):
        wanted.add("parameters")
    if downloads(source):
        wanted.add("skip-execution")
    return sorted(wanted)


def _live_word(tags: list[str]) -> str:
    return f"python tags={json.dumps(tags)}" if tags else "python"


def _fence(source: str, word: str) -> str:
    longest = max((len(run) for run in re.findall("^`+", source, re.MULTILINE)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{word}\n{source}\n{fence}"


def _pages(title: str, blocks: list[_Block]) -> str:
    """The blocks with a heading where a page grows too long, or has none."""
    parts: list[str] = []
    lines, number, current = 0, 1, title
    if not blocks or not blocks[0].begins:
        parts.append(f"## {title}")
    for before, block in pairwise([_Block(""), *blocks]):
        full = lines + block.text.count("\n") > _PAGE_LINES
        # A sentence that leads to its code stays with it.
        if lines and full and not block.begins and (before.is_code or lines > 2 * _PAGE_LINES):
            number += 1
            parts.append(f"## {current} ({number})")
            lines = 0
        if block.page:
            lines, number, current = 0, 1, block.page
        lines += block.lines
        # Jupytext would part a fence that is only shown from what follows it, were it the first thing below a cell.
        parts.append(f"<!-- not run -->\n\n{block.text}" if before.is_cell and block.begins_shown else block.text)
    return "\n\n".join(parts) + "\n"


def _front_matter(title: str, path: Path, needs: list[str], blocks: list[_Block]) -> str:
    words = sum(len(block.text.split()) for block in blocks if not block.is_code)
    cells = sum(block.is_code for block in blocks)
    minutes = max(1, round(words / _WORDS_A_MINUTE + cells * _MINUTES_A_CELL))
    lines = [
        "---",
        f"title: {_quoted(title)}",
        f"id: {fallback_id(path)}",
        f"summary: {_quoted(f'From {path.name}.')}",
        f"minutes: {minutes}",
    ]
    if needs:
        lines.append(f"needs: {json.dumps(list(dict.fromkeys(needs)))}")
    return "\n".join([*lines, "---", ""])


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split())[:120], ensure_ascii=False)


def _check(path: Path, text: str, live: list[str]) -> None:
    """The live cells of the lesson must be the code cells of the document."""
    lesson = parse_lesson(path, text)
    ours = [cell.source for cell in lesson.live_cells()]
    if lesson.errors or [source.strip("\n") for source in ours] != [source.strip("\n") for source in live]:
        first = lesson.errors[0] if lesson.errors else None
        where = f"line {first.line} of the result: {first.message}" if first else _difference(ours, live)
        raise TutorError("Cannot open", f"{path} cannot be turned into a lesson without changing its code: {where}.")


def _difference(ours: list[str], theirs: list[str]) -> str:
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False), 1):
        if one.strip("\n") != other.strip("\n"):
            return f"cell {number} differs"
    return f"{len(theirs)} cells became {len(ours)}"
