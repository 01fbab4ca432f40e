"""What an answer has to define: a name that the checks use, the solution makes, and the learner's code does not."""

from __future__ import annotations

import ast
import difflib
import re

from tutor.learning.program import parsed

_UNKNOWN = re.compile(r"NameError: name '(\w+)' is not defined")


def needed(error: str, code: str, solution: str) -> str:
    """One sentence where `error`, an exception or a feedback with one in it, is about such a name; "" for all else."""
    found = _UNKNOWN.search(error)
    if found is None:
        return ""
    name, mine = found.group(1), _made(code)
    if name in mine or name not in _made(solution):
        return ""
    near = difflib.get_close_matches(name, sorted(mine), 1, cutoff=0.7)
    hint = f" It has {near[0]!r}: is that the one?" if near else ""
    return f"Your code makes no {name!r}, which the check needs.{hint}"


def _made(source: str) -> set[str]:
    """The names that a program makes at its top."""
    tree = parsed(source)
    made: set[str] = set()
    for statement in tree.body if tree is not None else []:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            made.add(statement.name)
        else:
            made |= {
                one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            }
    return made
