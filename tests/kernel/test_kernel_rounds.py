"""How many rounds a loop still has, read from its text and names: a number that is right, or none."""

from __future__ import annotations

import linecache
import sys
import textwrap
import threading
from types import SimpleNamespace

import pytest

from tutor.kernel.rounds import Loops, rounds_left


def told(*code: str, **names: object) -> list[object]:
    """What each call of `left()` or `place()` in `code` is told; in a thread, for pytest has loops too."""
    found: list[object] = []
    text = textwrap.dedent("\n".join(code))
    name = f"rounds-{abs(hash(text))}.py"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    loops = Loops()

    def place() -> None:
        known = loops.outermost(sys._getframe(1))
        found.append(known and (known.number, known.total))

    scope = {"left": lambda: found.append(rounds_left(sys._getframe(1))), "place": place, **names}
    thread = threading.Thread(target=exec, args=(compile(text, name, "exec"), scope))
    thread.start()
    thread.join()
    return found


def test_a_range_counts_down() -> None:
    assert told("for epoch in range(3):", "    left()") == [2, 1, 0]
    assert told("for _ in range(4, 10, 3):", "    left()") == [1, 0]


def test_names_attributes_and_sums_are_looked_up() -> None:
    assert told("for e in range(n + 1):", "    left()", n=1) == [1, 0]
    assert told("for e in range(args.epochs):", "    left()", args=SimpleNamespace(epochs=2)) == [1, 0]
    assert told("for e in tqdm(range(first, 3)):", "    left()", first=1, tqdm=lambda rounds: rounds) == [1, 0]


def test_the_loop_may_be_that_of_a_caller() -> None:
    code = """
    def one_epoch(loader):
        for batch in loader():
            pass

    def train(epochs):
        for epoch in range(epochs):
            one_epoch(lambda: (left(), [1, 2])[1])

    train(3)
    """
    assert told(code) == [2, 1, 0]


class Counting:
    """Has a number that only running a function of the learner's tells."""

    @property
    def n(self) -> int:
        return 2


@pytest.mark.parametrize(
    "code",
    [
        "left()",
        "for rate in [1]:\n    for e in range(2):\n        left()",
        "def train():\n    for e in range(2):\n        left()\nfor rate in [1]:\n    train()",
        "def train():\n    for e in range(2):\n        left()\n[train() for rate in [1]]",
        "e = 0\nwhile e < 2:\n    e += 1\n    left()",
        "for e in [1, 2]:\n    left()",
        "for e in range(len([1, 2])):\n    left()",
        "n = 2\nfor e in range(n):\n    n = 5\n    left()",
        "for e in range(2):\n    e = 7\n    left()",
        "for e in range(2): left()",
        "for e, f in zip(range(2), range(2)):\n    left()",
        "for e in range(x.n):\n    left()",
    ],
)
def test_in_doubt_nothing_is_told(code: str) -> None:
    assert set(told(code, x=Counting())) == {None}


def test_code_without_its_text_is_in_doubt() -> None:
    found: list[int | None] = []
    code = compile("for e in range(2):\n    left()", "<gone>", "exec")
    thread = threading.Thread(target=exec, args=(code, {"left": lambda: found.append(rounds_left(sys._getframe(1)))}))
    thread.start()
    thread.join()
    assert found == [None, None]


def test_the_outermost_loop_tells_its_round_whatever_is_inside() -> None:
    code = """
    def one_epoch(batches):
        for batch in batches:
            while True:
                place()
                break

    for epoch in range(10, 13):
        if epoch == 10:
            one_epoch([1, 2])
        else:
            place()
    """
    assert told(code) == [(1, 3), (1, 3), (2, 3), (3, 3)]


def test_one_loop_after_another_each_tells_its_own() -> None:
    code = """
    def train(rounds):
        for step in range(rounds):
            place()
            place()

    train(2)
    train(1)
    for again in range(2):
        train(1)
    """
    assert told(code) == [(1, 2), (1, 2), (2, 2), (2, 2), (1, 1), (1, 1), (1, 2), (1, 2), (2, 2), (2, 2)]


@pytest.mark.parametrize(
    "code",
    [
        "place()",
        "for rate in [1]:\n    for e in range(2):\n        place()",
        "while True:\n    for e in range(2):\n        place()\n    break",
        "[[place() for e in range(2)] for rate in [1]]",
        "for e in range(2):\n    place()\n    if e > 5:\n        break",
        "for e in range(2):\n    place()\n    for b in []:\n        pass\n    else:\n        if e > 5: break",
        "def train():\n    for e in range(2):\n        place()\n        if e > 5:\n            return\ntrain()",
        "for e in range(2):\n    for e in range(2):\n        place()",
        "n = [2]\nfor e in range(n[0]):\n    place()",
    ],
)
def test_of_an_outermost_loop_in_doubt_nothing_is_told(code: str) -> None:
    assert set(told(code)) == {None}


def test_looking_keeps_no_variable_of_a_function_alive() -> None:
    code = """
    import weakref

    class Big:
        pass

    def train():
        big = Big()
        seen = weakref.ref(big)
        for e in range(1):
            place()
            del big
            found.append(seen())

    train()
    """
    found: list[object] = []
    assert told(code, found=found) == [(1, 1)]
    assert found == [None]
