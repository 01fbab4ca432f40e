"""Knobs: Colab's forms as values."""

from __future__ import annotations

from pathlib import Path

from tutor.course.findings import Findings
from tutor.course.items import Code, Knob
from tutor.course.knobs import is_form, marked_knobs, read_knobs


def knobs(source: str) -> tuple[Knob, ...]:
    findings = Findings(Path("l.md"), "\n" * 40)
    found = read_knobs(Code("k", source, 10), findings)
    assert not findings.problems, findings.problems
    return found


def test_every_form() -> None:
    source = "\n".join(
        [
            "# @markdown how fast it learns,",
            "# @markdown on a log scale",
            'lr = 0.1  # @param {type:"slider", min:0.001, max:1.0, step:0.001, scale:"log"}',
            'steps = 80  #@param {"type": "integer", "min": 1}',
            'kind = "sgd"  # @param ["sgd", "adam"] {type:"string"}',
            "width = 2  # @param [1, 2, 4]",
            "noisy = True  # @param {type:'boolean'}",
            'name = "a # b"',
            "shift = -1.5",
        ]
    )
    lr, steps, kind, width, noisy, name, shift = knobs(source)
    assert lr == Knob("lr", 0.1, "slider", 0.001, 1.0, 0.001, "log", (), "how fast it learns, on a log scale", 12)
    assert (steps.kind, steps.minimum, steps.maximum, steps.line) == ("integer", 1, None, 13)
    assert (kind.kind, kind.choices, width.choices) == ("choice", ("sgd", "adam"), (1, 2, 4))
    assert (noisy.kind, name.kind, name.default) == ("boolean", "string", "a # b")
    assert (shift.default, shift.kind) == (-1.5, "number")


def test_a_literal_without_a_comment_has_the_kind_of_its_type() -> None:
    assert [knob.kind for knob in knobs("a = 1\nb = 1.0\nc = False\nd = 'x'")] == [
        "integer",
        "number",
        "boolean",
        "string",
    ]


FOREIGN = """import torch
lr = 0.03  # @param {type:"slider", min:0.001, max:1.0, scale:"log"}
#@title A form
when = "2020-01-01" #@param {type:"date"}
hidden = 16 #@param {type:"integer"}
seed = 0
print(lr * hidden)
"""


def test_code_from_elsewhere_has_knobs_where_it_marks_them() -> None:
    found = marked_knobs(Code("k", FOREIGN, 10))
    assert [(one.name, one.kind, one.scale, one.line) for one in found] == [
        ("lr", "slider", "log", 11),
        ("hidden", "integer", "linear", 14),
    ]
    assert marked_knobs(Code("k", "lr = 0.1\nnot Python", 1)) == ()


def test_a_form_holds_nothing_but_knobs() -> None:
    assert is_form('#@title Settings\nlr = 0.1 #@param {type:"number"}\nseed = 0\n')
    assert not is_form("lr = 0.1\nseed = 0\n"), "nobody has marked them"
    assert not is_form(FOREIGN) and not is_form("") and not is_form('when = "2020" #@param {type:"date"}')
