"""What a learner works with on a page: snippets with knobs, exercises, quizzes and predictions, as frozen values.

`line` is everywhere the 1-based line of the lesson file.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.course.blocks import Prose


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


Item = Snippet | Exercise | Quiz | Predict
Block = Prose | Item
"""What stands on a page, one below the other."""
