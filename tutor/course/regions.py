"""Quizzes and predicts: what stands between `<!-- #region quiz="id" -->` and `<!-- #endregion -->`."""

from __future__ import annotations

from dataclasses import replace

from tutor.course.blocks import ListBlock, ListItem
from tutor.course.cells import is_python, read_cell, source_of
from tutor.course.findings import Findings, did_you_mean
from tutor.course.fresh import TOO_MANY, read_generator
from tutor.course.front_matter import ID
from tutor.course.items import Block, Option, Predict, Quiz
from tutor.course.keys import Keys, content_hash
from tutor.course.prose import is_fence, prose
from tutor.course.tree import Box, Element, Node

_REGION_OPTIONS = {"quiz": ("quiz", "concept"), "predict": ("predict", "ask", "of", "concept")}


ASKED = ("output", "shape", "curve")
"""What a predict may ask for."""


def read_region(box: Box, keys: Keys, findings: Findings) -> tuple[Block, ...]:
    """The quiz or predict in a box; where it is malformed (which is told), what of it can be shown as prose."""
    _check_details(box, findings)
    name = _name(box, findings)
    for option in box.options.values:
        if option not in _REGION_OPTIONS[box.role]:
            column = findings.column_of(box.line, option)
            known = did_you_mean(option, _REGION_OPTIONS[box.role])
            findings.add("E106", f"unknown {box.role} option {option!r}: {known}", box.line, column)
    answers = [node for node in box.children if isinstance(node, Box) and node.role == "answer"]
    generators = [node for node in box.children if isinstance(node, Box) and node.role == "generator"]
    rest = [node for node in box.children if node not in (*answers, *generators)]
    if len(answers) != 1:
        found = "none" if not answers else f"{len(answers)} of them"
        message = f'a {box.role} needs exactly one <details class="answer">, and here is {found}'
        findings.add("E114", message, box.line)
        return prose(rest)
    source = "\n".join(findings.lines[box.line - 1 : box.end])
    key = keys.named(name, source)
    make = _quiz if box.role == "quiz" else _predict
    item = make(box, rest, answers[0], key, name, findings)
    for extra in generators[0 if isinstance(item, Quiz) else 1 :]:
        findings.add("E133", "a quiz has no numbers of its own" if isinstance(item, Quiz) else TOO_MANY, extra.line)
    if isinstance(item, Predict) and generators:
        item = replace(item, generator=read_generator(generators[0], item.code, findings))
    return prose(rest) if item is None else (item,)


def _name(box: Box, findings: Findings) -> str:
    value = box.options.values.get(box.role)
    if isinstance(value, str) and ID.fullmatch(value):
        return value
    message = f'a {box.role} needs an id of lower-case letters, digits and hyphens, as in {box.role}="what-is-loss"'
    findings.add("E112", message, box.line, findings.column_of(box.line, box.role))
    return ""


def _concept(box: Box, findings: Findings) -> str:
    value = box.options.values.get("concept", "")
    if isinstance(value, str):
        return value
    message = 'concept must be a text, as in concept="tensor.view"'
    findings.add("E102", message, box.line, findings.column_of(box.line, "concept"))
    return ""


def _asked_hash(box: Box, findings: Findings) -> str:
    """Hash of what is asked: not of a concept or a generator, which only say how it comes back."""
    options = box.options.values
    asked = [f"{name}={options[name]}" for name in ("ask", "of") if name in options]
    generators = [node for node in box.children if isinstance(node, Box) and node.role == "generator"]
    lines = [
        text
        for number, text in enumerate(findings.lines[box.line : box.end], box.line + 1)
        if text.strip() and not any(one.line <= number <= one.end for one in generators)
    ]
    return content_hash(*asked, *lines)


def _check_details(box: Box, findings: Findings) -> None:
    for node in box.children:
        if isinstance(node, Box) and node.role in ("hint", "solution", "alternative", "mistake"):
            findings.add("E113", f"a {node.role} belongs to an exercise and cannot stand in a {box.role}", node.line)


def _quiz(box: Box, rest: list[Node], answer: Box, key: str, name: str, findings: Findings) -> Quiz | None:
    lists = [node for node in rest if isinstance(node, Element) and node.kind == "ordered_list"]
    tasks = [node for node in answer.children if _is_task_list(node)]
    if not lists:
        findings.add("E115", "a quiz needs its options as an ordered list: 1. first, 2. second, …", box.line)
        return None
    if not tasks:
        message = "the answer needs a task list: - [x] for a right option, - [ ] for a wrong one, each with its why"
        findings.add("E116", message, answer.line)
        return None
    options = _items(lists[-1])
    marks = _items(tasks[0])
    if len(options) < 2:
        findings.add("E115", f"a quiz needs at least two options, and here is {len(options)}", lists[-1].line)
        return None
    if len(options) != len(marks):
        message = f"{len(options)} options but {len(marks)} answers: each option needs its line in the task list"
        findings.add("E115", message, answer.line)
        return None
    if not any(mark.checked for mark in marks):
        findings.add("E116", "no answer is marked right: write [x] before it", tasks[0].line)
        return None
    return Quiz(
        key=key,
        name=name,
        question=prose([node for node in rest if node is not lists[-1]]),
        options=tuple(
            Option(option.blocks, bool(mark.checked), mark.blocks) for option, mark in zip(options, marks, strict=True)
        ),
        more=prose([node for node in answer.children if node is not tasks[0]]),
        line=box.line,
        hash=_asked_hash(box, findings),
        concept=_concept(box, findings),
    )


def _is_task_list(node: Node) -> bool:
    return (
        isinstance(node, Element)
        and node.kind in ("bullet_list", "ordered_list")
        and any(isinstance(item, Element) and "checked" in (item.token.meta or {}) for item in node.children)
    )


def _items(node: Node) -> tuple[ListItem, ...]:
    block = prose([node])[0]
    return block.items if isinstance(block, ListBlock) else ()


def _predict(box: Box, rest: list[Node], answer: Box, key: str, name: str, findings: Findings) -> Predict | None:
    cells = [node for node in rest if isinstance(node, Element) and is_python(node)]
    outputs = [node for node in answer.children if isinstance(node, Element) and is_fence(node, "output")]
    if len(cells) != 1:
        message = f"a predict needs exactly one python fence, and here are {len(cells)}"
        findings.add("E117", message, box.line)
        return None
    asked = _asked(box, findings)
    if asked is None:
        return None
    ask, of = asked
    if ask == "output" and len(outputs) != 1:
        message = f"the answer of a predict needs exactly one output fence, and here are {len(outputs)}"
        findings.add("E117", message, answer.line)
        return None
    if ask in ("shape", "curve") and outputs:
        message = f"a {ask} is computed and never written: remove the output fence from the answer"
        findings.add("E117", message, outputs[0].line)
        return None
    cell = cells[0]
    return Predict(
        key=key,
        name=name,
        question=prose([node for node in rest if node is not cell]),
        code=replace(read_cell(cell, findings), key=key, name=name),
        ask=ask,
        of=of,
        expected=source_of(outputs[0]) if outputs else None,
        expected_line=outputs[0].line + 1 if outputs else 0,
        answer=prose([node for node in answer.children if node not in outputs]),
        line=box.line,
        hash=_asked_hash(box, findings),
        concept=_concept(box, findings),
    )


def _asked(box: Box, findings: Findings) -> tuple[str, str] | None:
    """What a predict asks for and of which variable; None, and told, where that cannot be understood."""
    ask = box.options.values.get("ask", "output")
    of = box.options.values.get("of", "")
    if ask not in ASKED:
        column = findings.column_of(box.line, "ask")
        hint = did_you_mean(str(ask), ASKED)
        message = f"a predict can ask for an output, a shape or a curve, not for {ask!r}: {hint}"
        findings.add("E117", message, box.line, column)
        return None
    if ask == "shape" and not (isinstance(of, str) and of.isidentifier()):
        message = 'ask="shape" needs the name of a variable: of="y"'
        findings.add("E117", message, box.line, findings.column_of(box.line, "ask"))
        return None
    if ask == "output" and of:
        message = 'of= goes with ask="shape" or ask="curve" only'
        findings.add("E117", message, box.line, findings.column_of(box.line, "of="))
    return str(ask), str(of) if ask != "output" else ""
