"""Which cells above does a piece of code stand on?"""

from __future__ import annotations

import pytest

from tutor.course.needs import needed

SETUP = "import torch\nfrom kit import log"
DATA = "x = torch.zeros(3)"
CHANGE = "x[0] = 1"
PASSED_ON = "train(x)"
DEF = "def double(t):\n    return t * factor"
FACTOR = "factor = 2"
SHOW = "import time\nfor step in range(9):\n    log(step)\n    time.sleep(1)"
SEED = "torch.manual_seed(0)"


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ([SETUP, SEED + "\nw = torch.rand(3)", DEF], [True, False, True]),
        ([SETUP, SEED + "\nw = torch.rand(3)", "x = torch.rand(2)"], [True, True, True]),
        ([SETUP, "def noise(t):\n    torch.manual_seed(0)\n    return t", DEF], [True, True, True]),
    ],
)
def test_a_seed_is_needed_where_something_below_it_is_computed(above: list[str], expected: list[bool]) -> None:
    assert needed(above, ["double(x)"], luck=False) == expected


def test_functions_that_nobody_names_are_not_needed_where_all_code_is_known() -> None:
    trains = "def mean(t):\n    return t / 2\ntrain(mean)"
    assert needed([SETUP, FACTOR, DEF, trains], ["double(1)"]) == [True] * 4
    assert needed([SETUP, FACTOR, DEF, trains], ["double(1)"], complete=True) == [True, True, True, False]
    assert needed([SETUP, FACTOR, DEF, trains], ["mean(1)"], complete=True) == [True, False, False, True]


@pytest.mark.parametrize(
    ("above", "code", "expected"),
    [
        ([DATA, "print(x)"], "print(1)", [False, False]),
        (["print = str", "y = print(1)"], "print(1)", [True, True]),
        (["w = 1", "z = 2"], "def f(w):\n    z = w\n    return [w for w in (z,)]", [False, False]),
        (["w = 1"], "def f():\n    global w\n    w = 2", [True]),
        (["w = 1"], "f = lambda: w", [True]),
        (["w = 1", "class A:\n    w = w"], "A", [True, True]),
    ],
)
def test_builtins_and_names_inside_of_functions_are_no_business_of_others(
    above: list[str], code: str, expected: list[bool]
) -> None:
    assert needed(above, [code]) == expected


@pytest.mark.parametrize(
    ("above", "code", "expected"),
    [
        ([SETUP, DATA, SHOW], "print(x)", [True, True, False]),
        ([SETUP, DATA, CHANGE], "print(x)", [True, True, True]),
        ([SETUP, DATA, PASSED_ON], "print(x)", [True, True, True]),
        ([SETUP, FACTOR, DEF, SHOW], "double(1)", [True, True, True, False]),
        ([SETUP, SEED, SHOW], "torch.rand(2)", [True, True, False]),
        ([SETUP, DATA, SHOW], "1 + 1", [True, False, False]),
        (["from kit import *", SHOW], "digits", [True, False]),
        ([SETUP, "x = (", DATA], "1", [True, True, True]),
        ([SETUP, DATA, "def mean(t):\n    return t / len(x)", SHOW], "1", [True, True, True, False]),
        (["from kit import x", "x = x[:2]", "x[0] = 3"], "x", [True, True, True]),
        (["x = 1", "x += 1", "y = 2"], "x", [True, True, False]),
    ],
)
def test_what_binds_changes_or_may_change_a_name_is_needed(above: list[str], code: str, expected: list[bool]) -> None:
    assert needed(above, [code]) == expected
