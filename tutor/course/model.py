"""What a course is made of. Frozen values without behaviour beyond looking things up.

Everything textual is plain data: no markup, no terminal codes. Line numbers are 1-based lines of the lesson file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

# ------------------------------------------------------------------------------------------- problems


class Severity(str, Enum):
    """How bad a problem is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """Something wrong with a file: a rule's code, a place and one sentence that says what to do."""

    code: str
    message: str
    path: Path
    line: int = 1
    column: int = 1
    severity: Severity = Severity.ERROR


# --------------------------------------------------------------------------------------------- prose


@dataclass(frozen=True)
class Span:
    """A run of text with one style. `math` text is already Unicode; `source` then holds the LaTeX."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    strike: bool = False
    math: bool = False
    link: str = ""
    source: str = ""


Spans = tuple[Span, ...]


def plain(spans: Spans) -> str:
    """The text of spans without their styles."""
    return "".join(span.text for span in spans)


@dataclass(frozen=True)
class Heading:
    """A heading inside a page, level 3 to 6 (a level-2 heading begins a page)."""

    level: int
    spans: Spans
    line: int = 0


@dataclass(frozen=True)
class Paragraph:
    """Running text. A hard line break is a "\\n" inside a span's text."""

    spans: Spans
    line: int = 0


@dataclass(frozen=True)
class ListItem:
    """One item of a list; `checked` is None for an ordinary item, else the state of its task box."""

    blocks: tuple[Block, ...]
    checked: bool | None = None


@dataclass(frozen=True)
class ListBlock:
    """A list; `start` is the first number of an ordered one, None for bullets."""

    items: tuple[ListItem, ...]
    start: int | None = None
    line: int = 0


@dataclass(frozen=True)
class Quote:
    """A block quote."""

    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True)
class Callout:
    """A GitHub alert; `kind` is note, tip, important, warning or caution."""

    kind: str
    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True)
class Aside:
    """A `<details class="note">`, or one without a class: shown folded under `summary`."""

    summary: str
    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True)
class Table:
    """A pipe table. `align` holds "left", "right", "center" or "" per column; every row has as many cells."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    align: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True)
class Formula:
    """A displayed formula: Unicode text and the LaTeX it came from."""

    text: str
    latex: str
    line: int = 0


@dataclass(frozen=True)
class Image:
    """A picture, shown by its alt text."""

    alt: str
    source: str
    line: int = 0


@dataclass(frozen=True)
class ShownCode:
    """Code or text that is shown and never run. `language` is the fence's word ("" for none)."""

    language: str
    source: str
    line: int = 0


@dataclass(frozen=True)
class Rule:
    """A thematic break."""

    line: int = 0


# --------------------------------------------------------------------------------------------- items


@dataclass(frozen=True)
class Knob:
    """A tunable constant: `name = default  # @param {...}`.

    `kind` is slider, number, integer, boolean, string or choice. Bounds are None where the lesson gives none;
    `scale` is "linear" or "log"; `line` is the line of the assignment in the lesson file.
    """

    name: str
    default: bool | int | float | str
    kind: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    scale: str = "linear"
    choices: tuple[bool | int | float | str, ...] = ()
    help: str = ""
    line: int = 0


@dataclass(frozen=True)
class Code:
    """A live cell. `line` is the file's line on which `source` begins (the line after the opening fence)."""

    key: str
    source: str
    line: int
    name: str = ""
    tags: frozenset[str] = frozenset()
    timeout: float | None = None
    points: float | None = None
    concept: str = ""
    launch: str = ""


@dataclass(frozen=True)
class Snippet:
    """A runnable cell on the page. Hidden ones (`hide-cell`) run and are not shown.

    `output` is the text of the output fence that follows, None where there is none; `output_line` its first line.
    """

    code: Code
    knobs: tuple[Knob, ...] = ()
    output: str | None = None
    output_line: int = 0

    @property
    def key(self) -> str:
        """Key of the cell."""
        return self.code.key

    @property
    def hidden(self) -> bool:
        """Whether the page does not show it."""
        return "hide-cell" in self.code.tags


@dataclass(frozen=True)
class Hint:
    """One step of help."""

    summary: str
    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True)
class Answer:
    """A solution, an alternative or a mistake: its code, and the blocks around it (why, or the feedback)."""

    summary: str
    code: Code
    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True)
class Exercise:
    """Something to solve. `hash` changes when starter, tests or solution change.

    `generator` holds the constants that get fresh values when the item comes back, see `tutor.course.fresh`.
    """

    key: str
    name: str
    starter: Code
    tests: tuple[Code, ...]
    hints: tuple[Hint, ...]
    solution: Answer
    alternatives: tuple[Answer, ...] = ()
    mistakes: tuple[Answer, ...] = ()
    hash: str = ""
    generator: tuple[Knob, ...] = ()

    @property
    def code(self) -> Code:
        """What stands in the editor at first, as with the other items that have code."""
        return self.starter

    @property
    def concept(self) -> str:
        """The idea that it asks for, one of the lesson's `concepts`; "" where it names none."""
        return self.starter.concept


@dataclass(frozen=True)
class Option:
    """One option of a quiz: its text, whether it is right, and why."""

    blocks: tuple[Block, ...]
    right: bool
    why: tuple[Block, ...]


@dataclass(frozen=True)
class Quiz:
    """A question with options; more than one may be right. `more` stands in the answer beside the task list.

    `concept` is the idea that it asks for, one of the lesson's `concepts`; "" where it names none.
    """

    key: str
    name: str
    question: tuple[Block, ...]
    options: tuple[Option, ...]
    more: tuple[Block, ...] = ()
    line: int = 0
    hash: str = ""
    concept: str = ""


@dataclass(frozen=True)
class Predict:
    """Code whose outcome is guessed before it runs.

    `ask` is "output" (compare with `expected`, the text of the output fence), "shape" (compare with the shape of the
    variable `of`) or "curve" (compare with the way the series `of` went, "" for the loss). Shape and curve are computed
    by running the code; `expected` is then None. `concept` is as in a quiz, `generator` as in an exercise.
    """

    key: str
    name: str
    question: tuple[Block, ...]
    code: Code
    ask: str = "output"
    of: str = ""
    expected: str | None = None
    expected_line: int = 0
    answer: tuple[Block, ...] = ()
    line: int = 0
    hash: str = ""
    concept: str = ""
    generator: tuple[Knob, ...] = ()


Prose = Heading | Paragraph | ListBlock | Quote | Callout | Aside | Table | Formula | Image | ShownCode | Rule
Item = Snippet | Exercise | Quiz | Predict
Block = Prose | Item


# --------------------------------------------------------------------------------------------- course


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
