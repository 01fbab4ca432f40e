"""Knobs: `NAME = literal` lines with Colab's `# @param` forms, read with tokenize and ast."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from tutor.course.characters import one_line
from tutor.course.findings import Findings
from tutor.course.items import Code, Knob
from tutor.course.param_forms import KnobError, Literal, knob_of, literal_of


@dataclass(frozen=True)
class _Comment:
    text: str
    column: int


def read_knobs(code: Code, findings: Findings) -> tuple[Knob, ...]:
    """The knobs of a `parameters` cell; lines that are none are told and left out.

    A cell that is not Python has been reported as such and gives no knobs.
    """
    body, comments = _parsed(code.source)
    knobs: list[Knob] = []
    for statement in body:
        line = code.line + statement.lineno - 1
        spec = _spec(statement, comments)
        try:
            knob = _read(statement, spec)
        except KnobError as error:
            findings.add(error.code, str(error), line, spec.column if spec else statement.col_offset + 1)
            continue
        knobs.append(replace(knob, line=line, help=_help(comments, statement.lineno)))
    return tuple(knobs)


def marked_knobs(code: Code) -> tuple[Knob, ...]:
    """The knobs of any other cell: its lines with an `@param` that can be read, as code from Colab has them."""
    body, comments = _parsed(code.source)
    knobs: list[Knob] = []
    for statement in body:
        spec = _spec(statement, comments)
        if spec is not None:
            with suppress(KnobError):
                knob = _read(statement, spec)
                knobs.append(
                    replace(knob, line=code.line + statement.lineno - 1, help=_help(comments, statement.lineno))
                )
    return tuple(knobs)


def is_form(source: str) -> bool:
    """Whether a cell holds nothing but knobs, one of them with an `@param`: what a form of Colab is."""
    body, comments = _parsed(source)
    try:
        for statement in body:
            _read(statement, _spec(statement, comments))
    except KnobError:
        return False
    return any(_spec(statement, comments) for statement in body)


def _parsed(source: str) -> tuple[list[ast.stmt], dict[int, _Comment]]:
    """The statements, and the comments by their lines; nothing of what is not Python."""
    try:
        return ast.parse(source).body, dict(_comments(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return [], {}


def _spec(statement: ast.stmt, comments: dict[int, _Comment]) -> _Comment | None:
    comment = comments.get(statement.end_lineno or statement.lineno)
    return comment if comment is not None and comment.text.startswith("@param") else None


def _read(statement: ast.stmt, spec: _Comment | None) -> Knob:
    name, default = _assignment(statement)
    return knob_of(name, default, spec.text.removeprefix("@param").strip() if spec else "")


def _comments(source: str) -> Iterator[tuple[int, _Comment]]:
    """Line within the source, and the comment on it without its number sign."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], _Comment(token.string.lstrip("#").strip(), token.start[1] + 1)


def _help(comments: dict[int, _Comment], line: int) -> str:
    """The `# @markdown` lines directly above a line, joined."""
    found: list[str] = []
    while (above := comments.get(line - 1)) is not None and above.text.startswith("@markdown"):
        found.insert(0, above.text.removeprefix("@markdown").strip())
        line -= 1
    return one_line(" ".join(found))


def _assignment(statement: ast.stmt) -> tuple[str, Literal]:
    if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1):
        raise KnobError("a parameters cell holds only lines of the form NAME = literal")
    target = statement.targets[0]
    if not isinstance(target, ast.Name):
        raise KnobError("a knob sets one plain name, as in lr = 0.1")
    return target.id, literal_of(statement.value, f"the value of {target.id}")
