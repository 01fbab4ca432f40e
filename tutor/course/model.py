"""What a course is made of: modules, lessons and pages, as frozen values that look things up and do no more.

`line` is everywhere the 1-based line of the lesson file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tutor.course.items import Block, Code, Exercise, Item, Predict, Quiz, Snippet
from tutor.course.problems import Problem, Severity


@dataclass(frozen=True)
class Page:
    """One screenful of a lesson: what stands under a level-2 heading. `number` counts from 1."""

    number: int
    title: str
    blocks: tuple[Block, ...]
    line: int = 0

    @property
    def items(self) -> tuple[Item, ...]:
        """What can be worked with on this page, hidden snippets left out, in order."""
        return tuple(
            block
            for block in self.blocks
            if isinstance(block, Exercise | Quiz | Predict) or (isinstance(block, Snippet) and not block.hidden)
        )


@dataclass(frozen=True)
class FrontMatter:
    """What the head of a lesson file says. `minutes` is the learner's time.

    Limits: `timeout` in seconds per cell, `memory` in bytes that its code may hold, `output` in bytes that are kept
    from the beginning of what a run prints; None leaves it to the runner. The learner's settings go before them.
    """

    id: str
    title: str
    summary: str = ""
    objectives: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    minutes: int | None = None
    seed: int | None = None
    timeout: float = 30.0
    needs: tuple[str, ...] = ()
    memory: int | None = None
    output: int | None = None


@dataclass(frozen=True)
class Lesson:
    """A lesson. `problems` is what is wrong with it; one with errors may have pages all the same."""

    path: Path
    front: FrontMatter
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """The id under which progress is stored."""
        return self.front.id

    @property
    def title(self) -> str:
        """Title for people."""
        return self.front.title

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are errors."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def trains(self) -> bool:
        """Whether its code mentions an optimizer."""
        return any("optim" in code.source for code in self.live_cells())

    def items(self) -> Iterator[tuple[Page, Item]]:
        """Every item with its page, hidden snippets included, in the order of the file."""
        for page in self.pages:
            for block in page.blocks:
                if isinstance(block, Snippet | Exercise | Quiz | Predict):
                    yield page, block

    def live_cells(self) -> list[Code]:
        """Snippets, starters and tests in the order of the file: what Jupyter runs too."""
        cells: list[Code] = []
        for _, item in self.items():
            if isinstance(item, Snippet):
                cells.append(item.code)
            elif isinstance(item, Exercise):
                cells += [item.starter, *item.tests]
        return sorted(cells, key=lambda code: code.line)

    def item(self, key: str) -> Item | None:
        """The item with this key."""
        return next((item for _, item in self.items() if item.key == key), None)


@dataclass(frozen=True)
class LessonEntry:
    """A lesson as the catalog lists it, without its pages. `error` is set where even its head cannot be read."""

    path: Path
    front: FrontMatter
    error: Problem | None = None

    @property
    def file_number(self) -> int | None:
        """The number that a file name such as `03-one-neuron.md` begins with."""
        digits = self.path.stem.split("-")[0].split("_")[0]
        return int(digits) if digits.isdecimal() else None


@dataclass(frozen=True)
class Module:
    """A part of the course."""

    id: str
    title: str
    lessons: tuple[LessonEntry, ...]


@dataclass(frozen=True)
class Course:
    """A course: `root` is the folder of its course.toml."""

    root: Path
    id: str
    title: str
    modules: tuple[Module, ...]
    problems: tuple[Problem, ...] = field(default=())

    def lessons(self) -> Iterator[LessonEntry]:
        """All lessons in order."""
        for module in self.modules:
            yield from module.lessons

    def numbered(self) -> Iterator[tuple[int, LessonEntry]]:
        """All lessons in order, each with the number that it is called by.

        That is the number of its file where every file has one of its own, else its place, counted from 0.
        """
        entries = list(self.lessons())
        numbers = [entry.file_number for entry in entries]
        own = None not in numbers and len(set(numbers)) == len(numbers)
        for place, (number, entry) in enumerate(zip(numbers, entries, strict=True)):
            yield (number if own and number is not None else place), entry
