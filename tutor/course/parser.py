"""Reads a lesson: one Markdown file in, pages of prose and items out, and every problem with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tutor.course.blocks import plain
from tutor.course.cells import is_live, read_cell, tell_near_miss
from tutor.course.characters import hostile_characters, unified_lines, visible
from tutor.course.exercises import ExerciseDraft
from tutor.course.findings import Findings
from tutor.course.front_matter import fallback_id, read_front_matter
from tutor.course.items import Block, Code, Snippet
from tutor.course.keys import Keys
from tutor.course.knobs import marked_knobs, read_knobs
from tutor.course.model import FrontMatter, Lesson, Page
from tutor.course.prose import diagram_twin, is_fence, prose, shown_source
from tutor.course.regions import read_region
from tutor.course.spans import inline
from tutor.course.tree import Box, Element, Node, read_tree, walk


def parse_lesson(path: Path, text: str | None = None) -> Lesson:
    """The lesson in `path`, or in `text` as if it stood there.

    Never raises for what a file holds: problems are in `Lesson.problems`, sorted by place, and whatever can be shown
    is in the pages. A file that cannot be read gives a lesson without pages and one problem.
    """
    if text is None:
        try:
            text = path.read_bytes().decode("utf-8")
        except OSError as error:
            return _unreadable(path, f"the file cannot be read: {error.strerror or error}")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            column = error.start - error.object.rfind(b"\n", 0, error.start)
            return _unreadable(path, "the file is not UTF-8 text: save it as UTF-8", error.object, line, column)
    text = unified_lines(text)
    findings = Findings(path, text)
    for line, column, name in hostile_characters(text):
        findings.add("E108", f"control character {name}: remove it; lessons show it as a picture", line, column)
        break
    text = visible(text)
    findings.lines = text.split("\n")
    front = read_front_matter(text, findings)
    nodes = read_tree(text, findings)
    builder = _LessonBuilder(front, findings)
    for index in range(len(nodes)):
        builder.node(nodes, index)
    pages = builder.finish()
    if not pages:
        findings.add("E132", "the lesson has no pages: begin one with a level-2 heading (## …)")
    return Lesson(path, front, pages, findings.sorted())


def _unreadable(path: Path, message: str, data: bytes = b"", line: int = 1, column: int = 1) -> Lesson:
    findings = Findings(path, data.decode("utf-8", "replace"))
    findings.add("E108", message, line, column)
    name = fallback_id(path)
    return Lesson(path, FrontMatter(name, name), (), findings.sorted())


class _LessonBuilder:
    """Walks over the top-level nodes and deals them out to pages, items and the exercise in progress."""

    def __init__(self, front: FrontMatter, findings: Findings) -> None:
        self._front, self._findings = front, findings
        self._keys = Keys(front.id)
        self._names: dict[str, int] = {}
        self._pages: list[Page] = []
        self._title: tuple[str, int] | None = None
        self._blocks: list[Block | None] = []
        self._exercise: ExerciseDraft | None = None
        self._consumed = -1
        self._seen_top_heading = False

    def node(self, nodes: list[Node], index: int) -> None:
        """Take in the node at `index` of the top level."""
        node = nodes[index]
        if index <= self._consumed:
            return
        if isinstance(node, Element) and node.kind == "heading" and node.token.tag in ("h1", "h2"):
            self._heading(node)
        elif isinstance(node, Box):
            self._box(node)
        elif isinstance(node, Element) and is_live(node, self._findings):
            self._live(node, nodes, index)
        else:
            if isinstance(node, Element) and node.kind == "fence":
                tell_near_miss(node, self._findings)
            twin = diagram_twin(nodes, index)
            self._refuse_items(node.children if isinstance(node, Element) else ())
            self._blocks += prose([node] if twin is None else twin.children)
            self._consumed = index if twin is None else index + 1

    def finish(self) -> tuple[Page, ...]:
        """The pages, after the last node."""
        self._end_page()
        return tuple(self._pages)

    def _heading(self, node: Element) -> None:
        first_top = node.token.tag == "h1" and not self._seen_top_heading and self._title is None
        self._seen_top_heading = self._seen_top_heading or node.token.tag == "h1"
        self._end_exercise()
        if first_top:
            return
        if self._title is not None:
            self._end_page()
        # What stands above the first level-2 heading opens the first page instead of making one of its own.
        self._title = (plain(inline(node)) or "Untitled", node.line)

    def _end_page(self) -> None:
        self._end_exercise()
        blocks = tuple(block for block in self._blocks if block is not None)
        if self._title is not None or blocks:
            title, line = self._title or (self._front.title, 1)
            self._pages.append(Page(len(self._pages) + 1, title, blocks, line))
        self._title, self._blocks = None, []

    def _end_exercise(self) -> None:
        draft, self._exercise = self._exercise, None
        if draft is not None:
            self._blocks[draft.place] = draft.finish(self._findings)

    def _box(self, box: Box) -> None:
        self._refuse_items(box.children, inside=box)
        if box.tag == "region":
            if box.role:
                self._remember(str(box.options.values[box.role]), box.line)
                self._blocks += read_region(box, self._keys, self._findings)
            else:
                self._blocks += prose(box.children)
        elif box.role in ("", "note"):
            self._blocks += prose([box])
        elif box.role == "answer":
            self._findings.add("E113", "an answer belongs inside a quiz or a predict region", box.line)
        elif self._exercise is None:
            article = "an" if box.role == "alternative" else "a"
            message = f"{article} {box.role} without an exercise above it on this page"
            self._findings.add("E113", message, box.line)
        else:
            self._exercise.attach(box, self._findings)

    def _live(self, node: Element, nodes: list[Node], index: int) -> None:
        cell = read_cell(node, self._findings)
        self._remember(cell.name, node.line)
        if "exercise" in cell.tags and "test" in cell.tags:
            self._findings.add("E102", "a cell is an exercise or its test, not both", node.line)
        if "exercise" in cell.tags:
            self._end_exercise()
            cell = replace(cell, key=self._keys.named(cell.name, cell.source))
            self._exercise = ExerciseDraft(cell, len(self._blocks))
            self._blocks.append(None)
        elif "test" not in cell.tags:
            self._snippet(replace(cell, key=self._keys.cell(cell.source)), nodes, index)
        elif self._exercise is not None:
            self._exercise.tests.append(replace(cell, key=self._exercise.child_key(cell.source)))
        else:
            self._findings.add("E113", "a test without an exercise above it on this page", node.line)

    def _snippet(self, cell: Code, nodes: list[Node], index: int) -> None:
        knobs = read_knobs(cell, self._findings) if "parameters" in cell.tags else marked_knobs(cell)
        below = nodes[index + 1] if index + 1 < len(nodes) else None
        if isinstance(below, Element) and is_fence(below, "output"):
            self._consumed = index + 1
            self._blocks.append(Snippet(cell, knobs, shown_source(below.token.content), below.line + 1))
        else:
            self._blocks.append(Snippet(cell, knobs))

    def _remember(self, name: str, line: int) -> None:
        """Tell of a name that is used twice in the lesson."""
        if name and name in self._names:
            message = f"the name {name!r} is already used on line {self._names[name]}: names are unique in a lesson"
            self._findings.add("E111", message, line, self._findings.column_of(line, name))
        self._names.setdefault(name, line)

    def _refuse_items(self, nodes: Sequence[Node], inside: Box | None = None) -> None:
        """Tell of what works at the top level only: cells in details, exercise parts and regions in anything."""
        in_details = inside is not None and inside.tag == "details"
        in_region = inside is not None and inside.tag == "region"
        for node in walk(nodes):
            if isinstance(node, Box):
                # What a region may hold is judged where the region is read.
                if node.role not in ("", "note") and not (in_region and node.tag == "details"):
                    self._findings.add("E105", f"a {node.role} must stand at the top level of the lesson", node.line)
            elif in_details and is_live(node, self._findings) and isinstance(node, Element) and not node.token.level:
                message = "a runnable fence inside <details>: write ```python .noeval, or Jupyter runs it"
                self._findings.add("E107", message, node.line)
