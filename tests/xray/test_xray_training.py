"""Layers and gradients: the values of a report, and what is said about them."""

from __future__ import annotations

import math

import pytest

from tutor.xray import gradients, layers

GOOD = [-1.0] * 12


def told(**norms: list[object]) -> list[str]:
    rows = [{"name": name.replace("_", "."), "shape": [2], "norms": values} for name, values in norms.items()]
    longest = max(len(values) for values in norms.values())
    return gradients.words(gradients.gradients({"rows": rows, "steps": list(range(longest))}))


def test_gradients_that_are_well() -> None:
    assert told(a_weight=GOOD, b_weight=GOOD, c_weight=GOOD) == ["Every parameter gets a gradient."]


def test_vanishing_and_exploding_are_said() -> None:
    assert told(a_weight=[-5.2] * 9, b_weight=[-3.0] * 9, c_weight=[-1.0] * 9) == [
        "Vanishing: a.weight gets a gradient 15,849 times smaller than later layers."
    ]
    assert told(a_weight=[1.0, 2.0, 5.0]) == ["Exploding: the gradient of a.weight is 100,000."]


def test_missing_zero_and_broken_gradients_are_said() -> None:
    assert told(a=[None, None], b=GOOD)[0] == "No gradient reaches a: the graph view says where it is cut."
    assert told(a=["zero"], b=GOOD)[0] == "The gradient of a is exactly 0."
    assert told(a=[-1, -1, "nan"])[0] == "The gradient of a became NaN at pass 3."
    assert told(a=[-1, "inf"])[0] == "The gradient of a became infinite at pass 2."
    many = told(**{f"p{number}": [None] for number in range(5)})
    assert many[0].startswith("No gradient reaches p0, p1 and 3 more")


def test_the_scale_holds_all_norms_and_at_least_four_decades() -> None:
    rows = [{"name": "a", "norms": [-1.0, "zero", "nan", "inf", None]}, {"name": "b", "norms": [-7.5]}]
    assert gradients.gradients({"rows": rows}).scale == (-8.0, -1.0)
    assert gradients.gradients({"rows": rows[:1]}).scale == (-5.0, -1.0)
    assert gradients.gradients({}).scale == (-4.0, 0.0)


def test_the_newest_norm_is_the_last_that_there_was() -> None:
    (one,) = gradients.gradients({"rows": [{"name": "a", "norms": [-2.0, -1.0, None]}]}).parameters
    assert one.last == -1.0 and one.norm is not None and math.isclose(one.norm, 0.1)


def figures(std: float = 1.0, **more: float) -> dict[str, float]:
    return {"mean": 0.0, "std": std, "zeros": 0.0, "least": -1.0, **more}


def test_what_a_function_does_between_two_layers_is_a_row_of_its_own() -> None:
    came = figures(zeros=0.5, least=0.0, dead=0.5)
    found = layers.activations({"rows": [{"name": "fc2", "type": "Linear", **figures(), "from": came}]})
    assert [(one.name, one.dead) for one in found] == [("→ fc2", 0.5), ("fc2", None)]
    assert layers.words(found) == ["50% of the units of → fc2 are dead: 0 for every example, so they learn nothing."]


def test_a_relu_that_is_a_layer_is_not_told_twice() -> None:
    relu = figures(zeros=0.5, least=0.0)
    rows = [{"name": "relu", "type": "ReLU", **relu}, {"name": "fc2", "type": "Linear", **figures(), "from": relu}]
    assert [one.name for one in layers.activations({"rows": rows})] == ["relu", "fc2"]


def test_saturation_and_a_spread_that_shrinks_are_said() -> None:
    rows = [{"name": "tanh", "type": "Tanh", **figures(saturated=0.9)}]
    assert layers.words(layers.activations({"rows": rows}))[0].startswith("90% of what leaves tanh is saturated")
    rows = [{"name": f"fc{at}", "type": "Linear", **figures(std)} for at, std in enumerate((1.0, 0.1, 0.01, 0.5))]
    assert layers.words(layers.activations({"rows": rows}))[0].startswith("The spread shrinks from 1 to 0.01")


@pytest.mark.parametrize("rows", [[{}], [{"name": 1, "norms": "x", "std": "y", "from": 3}], [{"norms": [{}, []]}]])
def test_hostile_rows(rows: list[dict[str, object]]) -> None:
    assert layers.activations({"rows": rows}) == ()
    assert gradients.words(gradients.gradients({"rows": rows, "steps": "x"})) is not None
    assert layers.lines({"lines": rows})[0].shape == "" and layers.layers({"rows": rows})[0].calls == 0
