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
