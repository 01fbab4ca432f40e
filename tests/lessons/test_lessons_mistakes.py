"""Every typical mistake of the course is answered by its own feedback, right answers by none."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tutor.course.catalog import load_course
from tutor.course.items import Exercise
from tutor.course.parser import parse_lesson
from tutor.learning.mistakes import matching

LESSONS = Path(__file__).parents[2] / "lessons"
EXERCISES = [
    item
    for entry in load_course(LESSONS).lessons()
    for _, item in parse_lesson(entry.path).items()
    if isinstance(item, Exercise)
]


class _Otherwise(ast.NodeTransformer):
    """Gives the locals of functions, parameters excepted, other names."""

    def __init__(self) -> None:
        self._locals: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # noqa: N802
        outer, parameters = self._locals, {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
        free = {name for one in ast.walk(node) if isinstance(one, ast.Global | ast.Nonlocal) for name in one.names}
        stored = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        self._locals = (outer | stored) - parameters - free
        try:
            return self.generic_visit(node)
        finally:
            self._locals = outer

    def visit_Name(self, node: ast.Name) -> ast.AST:  # noqa: N802
        node.id = f"my_{node.id}" if node.id in self._locals else node.id
        return node


def in_other_words(source: str) -> str:
    """The same program with other names, without its comments, and with prints of its own."""
    return "print('begin')\n" + ast.unparse(_Otherwise().visit(ast.parse(source)))


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.key)
def test_each_mistake_is_answered_by_its_own_feedback(exercise: Exercise) -> None:
    mistakes = [mistake.code.source for mistake in exercise.mistakes]
    for index, mistake in enumerate(mistakes):
        assert matching(mistake, mistakes) == index
        if "print(" not in mistake:
            assert matching(in_other_words(mistake), mistakes) == index
    for answer in (exercise.solution, *exercise.alternatives):
        assert matching(answer.code.source, mistakes) is None
