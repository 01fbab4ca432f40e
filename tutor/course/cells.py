"""From a `python` fence to a cell: is it live, what do its options say, is its code Python."""

from __future__ import annotations

import ast
import math
import warnings
from typing import TypeGuard

from markdown_it.token import Token

from tutor.course.findings import Findings, did_you_mean
from tutor.course.front_matter import ID
from tutor.course.items import Code
from tutor.course.options import OptionError, Options, read_options
from tutor.course.prose import fence_language
from tutor.course.tree import Element, Node

TAGS = ("exercise", "test", "parameters", "hide-cell", "raises-exception", "skip-execution")
OPTIONS = ("name", "tags", "timeout", "points", "concept", "launch")
_LOOKS_LIVE = ("python3", "py", "py3", "ipython", "ipython3", "pycon3")


def fence_options(node: Element, findings: Findings) -> Options:
    """What stands behind the fence's language word; unreadable options are told and read as none."""
    info = node.token.info
    start = info.find(fence_language(node.token)) + len(fence_language(node.token))
    try:
        return read_options(info, start)
    except OptionError as error:
        column = findings.column_of(node.line, info) + error.offset
        findings.add("E102", f"fence options: {error}", node.line, column)
        return Options()


def is_python(node: Node) -> TypeGuard[Element]:
    """Whether this is a fence of Python code, live or only shown."""
    return isinstance(node, Element) and node.kind == "fence" and fence_language(node.token) == "python"


def is_live(node: Node, findings: Findings) -> bool:
    """Whether a top-level fence is a cell: `python` without `.noeval`, in backticks, at the left margin.

    Jupytext reads just these as cells.
    """
    return is_python(node) and _evaluated(node.token) and findings.lines[node.line - 1].startswith("```")


def tell_near_miss(node: Element, findings: Findings) -> None:
    """Warn of a top-level fence that its author may think of as a cell."""
    language = fence_language(node.token)
    if not _evaluated(node.token) or language.lower() not in ("python", *_LOOKS_LIVE):
        return
    problem = "is in ~~~ or indented" if language == "python" else f"has the language word {language!r}"
    message = f"this fence {problem}, so its code is shown and never run: write ```python, or add .noeval"
    findings.add("W219", message, node.line)


def _evaluated(token: Token) -> bool:
    return ".noeval" not in token.info.split()


def source_of(node: Element) -> str:
    """A fence's code without its last line end, as it is in the file."""
    return node.token.content.removesuffix("\n")


def read_cell(node: Element, findings: Findings) -> Code:
    """The cell of a Python fence with all its options, its key still to be given; what is wrong with it is told."""
    options = fence_options(node, findings)
    for name in set(options.classes) - {"noeval"}:
        _unknown(node, "." + name, (".noeval",), findings)
    for name in options.values:
        if name not in OPTIONS:
            _unknown(node, name, OPTIONS, findings)
    reader = _OptionReader(node, options, findings)
    code = Code(
        key="",
        source=source_of(node),
        line=node.line + 1,
        name=reader.name(),
        tags=reader.tags(),
        timeout=reader.number("timeout", 1e-3),
        points=reader.number("points", 0),
        concept=reader.text("concept"),
        launch=reader.text("launch"),
    )
    if "raises-exception" not in code.tags:
        check_python(code.source, code.line, findings)
    return code


def _unknown(node: Element, name: str, known: tuple[str, ...], findings: Findings) -> None:
    column = findings.column_of(node.line, name)
    findings.add("E106", f"unknown fence option {name!r}: {did_you_mean(name, known)}", node.line, column)


def check_python(source: str, line: int, findings: Findings) -> bool:
    """Tell of code that is not Python. `line` is the file's line on which `source` begins."""
    error = syntax_error(source)
    if error is None:
        return True
    message, at, column = error
    if source.split("\n")[at - 1 :][:1] and source.split("\n")[at - 1].startswith("```"):
        message = f"the cell that begins on line {line - 1} is not closed: ``` is missing above this line"
    findings.add("E120", f"not valid Python: {message}", line + at - 1, column)
    return False


def syntax_error(source: str) -> tuple[str, int, int] | None:
    """Message, line and column (from 1, within `source`) of what keeps code from being Python; None if it is."""
    with warnings.catch_warnings():
        # Invalid escapes in a lesson's strings would warn on the terminal.
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except SyntaxError as error:
            return error.msg, error.lineno or 1, max(error.offset or 1, 1)
        except (RecursionError, MemoryError):
            return "it is nested too deeply", 1, 1
        except ValueError as error:
            return str(error), 1, 1
    return None


class _OptionReader:
    """Options by their expected type; a wrong one is told and read as absent."""

    def __init__(self, node: Element, options: Options, findings: Findings) -> None:
        self._node, self._options, self._findings = node, options, findings

    def name(self) -> str:
        name = self.text("name")
        if name and not ID.fullmatch(name):
            message = f"name {name!r} must be lower-case letters, digits and single hyphens, as in row-softmax"
            self._tell("E112", message, "name")
            return ""
        return name

    def tags(self) -> frozenset[str]:
        value = self._options.values.get("tags", [])
        if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
            self._tell("E102", 'tags must be a list of texts, as in tags=["exercise"]', "tags")
            return frozenset()
        for tag in value:
            if tag not in TAGS:
                self._tell("E106", f"unknown tag {tag!r}: {did_you_mean(tag, TAGS)}", tag)
        return frozenset(tag for tag in value if tag in TAGS)

    def text(self, name: str) -> str:
        value = self._options.values.get(name, "")
        if isinstance(value, str) and (not value or (value.isprintable() and value.strip())):
            return value
        self._tell("E102", f'{name} must be a text, as in {name}="…"', name)
        return ""

    def number(self, name: str, least: float) -> float | None:
        value = self._options.values.get(name)
        if value is None and name not in self._options.values:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value < 1e9:
            return float(value) if math.isfinite(value) else None
        self._tell("E102", f"{name} must be a number of at least {least:g}", name)
        return None

    def _tell(self, code: str, message: str, near: str) -> None:
        line = self._node.line
        self._findings.add(code, message, line, self._findings.column_of(line, near))
