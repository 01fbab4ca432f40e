"""Recognising a listed mistake, and nothing but it."""

import pytest

from tutor.learning.mistakes import matching

MISTAKE = """
def step(model, x, y):
    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    return loss.sum(dim=0, keepdim=True)
"""


@pytest.mark.parametrize(
    "code",
    [
        MISTAKE,
        "import torch\n" + MISTAKE,
        MISTAKE.replace("    loss.backward()", "\n    # no zero_grad\n    loss.backward()  # here"),
        MISTAKE.replace("loss", "error"),
        MISTAKE.replace("x", "features").replace("(model(features) - y)", "(model(features)-y)"),
        MISTAKE.replace("(model, x, y):", '(model: object, x: int, y) -> float:\n    """Take a step."""'),
        MISTAKE.replace("dim=0, keepdim=True", "keepdim=True, dim=0"),
        MISTAKE.replace("    loss.backward()", "    print(loss)\n    loss.backward()"),
    ],
)
def test_the_same_mistake_in_other_words(code: str) -> None:
    assert matching(code, ["pass", MISTAKE]) == 1


@pytest.mark.parametrize(
    "code",
    [
        "",
        "def step(",
        MISTAKE.replace("def step", "def other"),
        MISTAKE.replace("dim=0", "dim=1"),
        MISTAKE.replace("model(x) - y", "y - model(x)"),
        MISTAKE.replace("loss.backward()", "loss.detach()"),
        MISTAKE.replace("loss.backward()", "optimizer.zero_grad(); loss.backward()"),
        MISTAKE.replace("(model, x, y)", "(model, y, x)"),
    ],
)
def test_another_program_is_no_match(code: str) -> None:
    assert matching(code, [MISTAKE]) is None


def test_names_are_renamed_consistently() -> None:
    assert matching("def f(a, b):\n    return a - b", ["def f(x, y):\n    return x - y"]) == 0
    assert matching("def f(a, b):\n    return b - a", ["def f(x, y):\n    return x - y"]) is None


def test_a_loop_counter_may_have_any_name_but_a_result_not() -> None:
    mistake = "for step in range(9):\n    w = w - step"
    assert matching("for i in range(9):\n    w = w - i", [mistake]) == 0
    assert matching("for i in range(9):\n    v = v - i", [mistake]) is None


def test_comprehensions_lambdas_and_async() -> None:
    mistake = "rows = [r * 2 for r in data]\nf = lambda v: v + 1\nasync def g(q):\n    return {k for k in q}"
    code = "rows = [one * 2 for one in data]\nf = lambda z: z + 1\nasync def g(w):\n    return {m for m in w}"
    assert matching(code, [mistake]) == 0
    assert matching(code.replace("z + 1", "z + 2"), [mistake]) is None


def test_a_mistake_that_is_about_printing_keeps_its_prints() -> None:
    assert matching("print(loss)", ["print(loss.item())"]) is None
    assert matching("x = 1\nprint(x)\nprint(2)", ["x = 1\nprint(x)"]) is None


@pytest.mark.parametrize("code", ["\0", "(" * 5_000, "-" * 50_000 + "1", "x" + ".a" * 20_000])
def test_hostile_code_matches_nothing(code: str) -> None:
    assert matching(code, ["x = 1"]) is None


def test_dubious_escapes_warn_nobody(recwarn: pytest.WarningsRecorder) -> None:
    assert matching("x = '\\d' if 1 is 1 else 2", ["x = 1"]) is None
    assert not recwarn.list


ORDER = "def f(x):\n    low = 0\n    high = x + 1\n    low = g(low)\n    return low, high\n"


@pytest.mark.parametrize(
    ("code", "index"),
    [
        (ORDER.replace("    low = 0\n    high = x + 1\n", "    high = x + 1\n    low = 0\n"), 0),
        (ORDER.replace("    low = 0\n    high = x + 1\n", "    b = x + 1\n    a = 0\n").replace("low", "a"), None),
        (ORDER.replace("    high = x + 1\n    low = g(low)\n", "    low = g(low)\n    high = x + 1\n"), 0),
        (ORDER.replace("    low = 0\n", "").replace("    low = g(low)\n", "    low = g(low)\n    low = 0\n"), None),
        (ORDER.replace("g(low)", "g(high)"), None),
    ],
)
def test_the_order_of_statements_counts_where_it_matters(code: str, index: int | None) -> None:
    assert matching(code, [ORDER]) == index


def test_two_functions_may_stand_in_any_order_but_calls_may_not() -> None:
    f, g = "def f():\n    return 1\n", "def g():\n    return 2\n"
    assert matching(g + f, [f + g]) == 0
    assert matching("a = g()\nb = f()", ["b = f()\na = g()"]) is None
