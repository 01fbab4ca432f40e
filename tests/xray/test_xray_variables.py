"""Variables as rows, whatever the report holds."""

from __future__ import annotations

import json

import pytest

from tutor.xray.fields import parsed
from tutor.xray.state import Sight
from tutor.xray.variables import Variable, shape_text, variables

TENSOR = {"name": "W", "kind": "tensor", "shape": [3, 4], "dtype": "float32", "device": "cpu", "leaf": True}


def row(**fields: object) -> Variable:
    return variables({"rows": [fields]})[0]


@pytest.mark.parametrize(
    ("more", "grad"),
    [
        ({"needs": True}, "yes"),
        ({"needs": True, "grad": True}, "✓"),
        ({"needs": True, "leaf": False}, "graph"),
        ({"needs": False}, ""),
    ],
)
def test_a_tensor_says_whether_it_learns(more: dict[str, object], grad: str) -> None:
    found = row(**{**TENSOR, **more})
    assert (found.what, found.dtype, found.device, found.grad) == ("(3, 4)", "float32", "cpu", grad)


def test_other_kinds() -> None:
    module = row(name="net", kind="module", type="Linear", parameters=1234, frozen=4, training=False, device="cpu")
    assert module.what == "Linear: 1,234 parameters, 4 frozen, eval mode"
    assert row(name="n", kind="number", type="int", text="7", mark="changed") == Variable("n", "7", mark="changed")
    assert row(name="s", kind="text", text="'abc'", length=300).what == "'abc' …"
    assert row(name="l", kind="other", type="list", length=2, held="Tensor").what == "list of 2 Tensor"


@pytest.mark.parametrize("shape", [((), "()"), ((5,), "(5,)"), ((2, 3), "(2, 3)"), (None, "")])
def test_shapes_look_as_in_python(shape: tuple[tuple[int, ...] | None, str]) -> None:
    assert shape_text(shape[0]) == shape[1]


@pytest.mark.parametrize(
    "text", ["", "[]", "1e999", "[" * 99_999, '{"rows": 7}', '{"rows": [7, null, {"name": 3}, {"shape": "x"}]}']
)
def test_a_report_that_is_none_shows_nothing(text: str) -> None:
    assert variables(parsed(text)) == ()


def test_a_sight_keeps_the_newest_report_of_each_view() -> None:
    sight = Sight()
    assert sight.report("variables") is None
    for run in ("one", "two"):
        sight.take(run, "variables", json.dumps({"rows": [{"name": run}]}))
    report = sight.report("variables")
    assert report is not None and variables(report)[0].name == "two"
    assert sight.run("variables") == "two" and sight.version == 2
    sight.clear()
    assert sight.report("variables") is None and sight.version == 3


def test_a_report_that_is_kept_is_chosen_by_its_subject() -> None:
    sight = Sight()
    sight.take("r", "weights", '{"subject": "a"}', kept=True)
    sight.take("r", "weights", '{"subject": "b"}', kept=True)
    sight.take("r", "steps", '{"back": 0, "at": 3}', kept=True)
    sight.take("r", "steps", '{"back": 0, "at": 4}', kept=True)
    before = sight.version
    sight.choose("weights", "a")
    sight.choose("steps", "0:3")
    assert (sight.report("weights"), sight.report("steps")) == ({"subject": "a"}, {"back": 0, "at": 3})
    assert sight.version == before + 2
    sight.choose("weights", "none of these")
    sight.choose("weights", "a")
    assert sight.version == before + 2, "nothing else is shown"


def test_the_function_that_a_variable_belongs_to() -> None:
    fields = parsed('{"rows": [{"name": "loss", "kind": "tensor", "shape": [], "in": "train"}, {"name": "x"}]}')
    assert [(one.name, one.function) for one in variables(fields)] == [("loss", "train"), ("x", "")]
