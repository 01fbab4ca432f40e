"""Fresh numbers: an item again, with other values for the constants that its generator names.

A generator is a `<details class="generator">` with one fence of knob lines: which constants of the item's own code may
change, and within which range. Nothing is run to make the numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import gcd, prod

from tutor.course.blocks import Paragraph, Span
from tutor.course.cells import check_python, is_python, source_of
from tutor.course.findings import Findings
from tutor.course.items import Answer, Code, Exercise, Knob, Predict
from tutor.course.knobs import read_knobs
from tutor.course.tree import Box, Element
from tutor.course.turning import Value, ends, turned, values

TOO_MANY = "an item has one generator: put all its constants into one"
_NOTE = "With the lesson's own numbers:"


def read_generator(box: Box, item: Code, findings: Findings) -> tuple[Knob, ...]:
    """The constants of `item` that may change; none, and it is told, where the generator does not fit its code."""
    fences = [node for node in box.children if isinstance(node, Element) and is_python(node)]
    if len(fences) != 1:
        message = f"a generator needs exactly one ```python .noeval fence, and here are {len(fences)}"
        findings.add("E133", message, box.line)
        return ()
    source, line = source_of(fences[0]), fences[0].line + 1
    if not check_python(source, line, findings):
        return ()
    knobs = read_knobs(Code("", source, line), findings)
    standing = values(item.source)
    fitting = []
    for knob in knobs:
        if knob.name not in standing:
            message = f"the code has no line {knob.name} = {knob.default!r} whose value could be another one"
        elif standing[knob.name] != knob.default:
            message = f"{knob.name} is {knob.default!r} here and {standing[knob.name]!r} in the code: they must agree"
        elif (found := _range(knob)) is None:
            message = f"{knob.name} needs its values: # @param [2, 3, 5], or whole numbers from min to max"
        elif knob.default not in found:
            message = f"{knob.name} is {knob.default!r}, which is none of its values"
        else:
            fitting.append(knob)
            continue
        findings.add("E133", message, knob.line)
    return tuple(fitting)


def draw(knobs: tuple[Knob, ...], seed: int) -> dict[str, Value]:
    """A value for each knob, the same for the same seed; they differ from the lesson's own in one name at least.

    Seeds in a row go through all sets of values before one comes again.
    """
    ranges = [_range(knob) or (knob.default,) for knob in knobs]
    own = _index([choices.index(knob.default) for knob, choices in zip(knobs, ranges, strict=True)], ranges)
    others = count(knobs)
    if not others:
        return {knob.name: knob.default for knob in knobs}
    at = seed * _stride(others) % others
    at += at >= own
    drawn: dict[str, Value] = {}
    for knob, choices in zip(reversed(knobs), reversed(ranges), strict=True):
        at, place = divmod(at, len(choices))
        drawn[knob.name] = choices[place]
    return {knob.name: drawn[knob.name] for knob in knobs}


def count(knobs: tuple[Knob, ...]) -> int:
    """How many sets of values there are beside the lesson's own."""
    return prod(len(_range(knob) or (knob.default,)) for knob in knobs) - 1


def told(knobs: tuple[Knob, ...], seed: int) -> str:
    """The numbers of a seed in words: "rows = 5, columns = 2"."""
    return ", ".join(f"{name} = {value!r}" for name, value in draw(knobs, seed).items())


def fresh_predict(item: Predict, seed: int) -> Predict:
    """The prediction with the numbers of a seed; itself where it has no generator.

    What it prints or which shape it has is then no longer known, but computed by running it.
    """
    if not item.generator:
        return item
    answer = (Paragraph((Span(_NOTE, italic=True),), item.line), *item.answer) if item.answer else ()
    code = _with(item.code, draw(item.generator, seed))
    return replace(item, code=code, expected=None, answer=answer)


def fresh_exercise(item: Exercise, seed: int) -> Exercise:
    """The exercise with the numbers of a seed, in its tests and answers too; itself where it has no generator."""
    if not item.generator:
        return item
    drawn = draw(item.generator, seed)
    return replace(
        item,
        starter=_with(item.starter, drawn),
        tests=tuple(_with(test, drawn) for test in item.tests),
        solution=_answer(item.solution, drawn),
        alternatives=tuple(_answer(one, drawn) for one in item.alternatives),
        mistakes=tuple(_answer(one, drawn) for one in item.mistakes),
    )


def _range(knob: Knob) -> Sequence[Value] | None:
    if knob.kind == "choice":
        return knob.choices
    if knob.kind == "boolean":
        return (False, True)
    both = ends(knob)
    if both is None or not all(isinstance(end, int) for end in both):
        return None
    return range(int(both[0]), int(both[1]) + 1, int(knob.step or 1))


def _index(places: list[int], ranges: Sequence[Sequence[Value]]) -> int:
    """The number of a set of values, of which the last knob's goes round first."""
    at = 0
    for place, choices in zip(places, ranges, strict=True):
        at = at * len(choices) + place
    return at


def _stride(others: int) -> int:
    """Steps that go through all of `others` and are so long that neighbours have little in common: the golden ratio."""
    return next(step for step in itertools.count(int(others * 0.618) or 1) if gcd(step, others) == 1)


def _with(code: Code, drawn: Mapping[str, Value]) -> Code:
    source = code.source
    for name, value in drawn.items():
        source = turned(source, name, value) or source
    return replace(code, source=source)


def _answer(answer: Answer, drawn: Mapping[str, Value]) -> Answer:
    return replace(answer, code=_with(answer.code, drawn))
