"""A lesson as a Jupyter notebook, whose text Jupytext turns back into the same lesson."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.course.findings import Findings
from tutor.course.items import Code, Exercise
from tutor.course.model import Lesson
from tutor.course.tree import Box, Element, Node, read_tree

_ANSWERS = frozenset({"solution", "alternative", "mistake", "answer", "generator"})
_INJECTED = ("_solution", "_source", "_stdout", "_ast")
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

Output = dict[str, Any]
"""An output of a cell as nbformat has it."""


def without_answers(lesson: Lesson, text: str) -> str:
    """The lesson's text without solutions, alternatives, mistakes and the answers of questions."""
    findings = Findings(lesson.path, text)
    lines = text.split("\n")
    for first, last in sorted(_answer_lines(read_tree(text, findings)), reverse=True):
        # The empty line below goes too: what stood around the answer is as far apart as before.
        del lines[first - 1 : last + (1 if last < len(lines) and not lines[last].strip() else 0)]
    return "\n".join(lines)


def _answer_lines(nodes: Sequence[Node]) -> Iterator[tuple[int, int]]:
    for node in nodes:
        if isinstance(node, Box) and node.role in _ANSWERS and node.tag == "details":
            yield node.line, node.end
        elif isinstance(node, Box | Element):
            yield from _answer_lines(node.children)


def notebook_of(
    lesson: Lesson,
    text: str,
    *,
    solved: bool = False,
    outputs: Mapping[str, Sequence[Output]] | None = None,
) -> Any:
    """The notebook of a lesson's text, an nbformat notebook of version 4.

    `solved` puts the solutions in place of the starters, so that it runs from top to bottom. `outputs` are those of
    live cells by key. The cells of notebook and lesson are the same ones (rule E109).
    """
    import jupytext

    notebook = jupytext.reads(text, "md")
    notebook.metadata.setdefault("kernelspec", dict(_KERNEL))
    solutions = {
        item.starter.key: item.solution.code.source for _, item in lesson.items() if isinstance(item, Exercise)
    }
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, live in zip(code_cells, lesson.live_cells(), strict=True):
        if solved:
            cell.source = solutions.get(live.key, cell.source)
            if _only_here(live):
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), "skip-execution"]
        cell.outputs = list((outputs or {}).get(live.key, ()))
    return notebook


def notebook_text(notebook: Any) -> str:
    """The notebook as JSON, the same one for the same lesson.

    nbformat's own writer sorts keys, which would change the order of the options on a fence, and gives cells random
    ids.
    """
    cells = [
        {**cell, "id": f"cell-{number}", "source": cell.source.splitlines(keepends=True)}
        for number, cell in enumerate(notebook.cells, 1)
    ]
    return json.dumps({**notebook, "cells": cells}, indent=1, ensure_ascii=False) + "\n"


def outputs_of(chunks: Sequence[tuple[str, str]], result: str, error: tuple[str, str, str] | None) -> list[Output]:
    """nbformat outputs of a run: printed text as (stream, text), the value shown, and (type, message, traceback)."""
    made: list[Output] = []
    for stream, text in chunks:
        if made and made[-1].get("name") == stream:
            made[-1]["text"] += text
        else:
            made.append({"output_type": "stream", "name": stream, "text": text})
    if result:
        data = {"text/plain": result}
        made.append({"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None})
    if error is not None:
        kind, message, traceback = error
        made.append({"output_type": "error", "ename": kind, "evalue": message, "traceback": traceback.split("\n")})
    return made


def _only_here(live: Code) -> bool:
    """Whether a cell needs what only this program has: the learner's source, several processes."""
    return bool(live.launch) or ("test" in live.tags and any(name in live.source for name in _INJECTED))
