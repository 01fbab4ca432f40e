"""`log()`: what it takes, what it refuses, and that it is nothing without a kernel."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from tutor.kit import log
from tutor.kit.logging import connect


@pytest.fixture
def logged() -> Iterator[list[tuple[dict[str, Any], float | None]]]:
    found: list[tuple[dict[str, Any], float | None]] = []
    connect(lambda values, step: found.append((values, step)))
    yield found
    connect(None)


def test_numbers_of_every_kind(logged: list[tuple[dict[str, Any], float | None]]) -> None:
    log(a=1, b=0.5, c=True, d=torch.tensor(2.0), e=torch.tensor([[3]]), f=np.float32(4), g=np.array([5]))
    log(h=Fraction(1, 2), i=10**400, j=-(10**400))
    assert logged[0] == ({"a": 1.0, "b": 0.5, "c": 1.0, "d": 2.0, "e": 3.0, "f": 4.0, "g": 5.0}, None)
    assert logged[1][0] == {"h": 0.5, "i": math.inf, "j": -math.inf}
    assert all(type(value) is float for value in logged[0][0].values())


def test_a_mapping_and_a_step(logged: list[tuple[dict[str, Any], float | None]]) -> None:
    log({"val/acc": 0.5, "step": 3}, step=torch.tensor(7))
    assert logged == [({"val/acc": 0.5, "step": 3.0}, 7.0)]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"acc": "0.9"}, r"log\(acc=…\) takes a number, not str"),
        ({"acc": None}, r"log\(acc=…\) takes a number, not NoneType"),
        ({"acc": [1]}, r"log\(acc=…\) takes a number, not list"),
        ({"acc": 1j}, r"log\(acc=…\) takes a number, not complex"),
        ({"acc": torch.ones(3)}, r"log\(acc=…\) takes one number, not 3"),
        ({"acc": np.ones((2, 2))}, r"log\(acc=…\) takes one number, not 4"),
        ({3: 1}, "takes names as text"),
    ],
)
def test_what_is_no_number_is_refused_with_or_without_a_kernel(values: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        log(values)


def test_a_step_that_is_no_number() -> None:
    with pytest.raises(TypeError, match="step="):
        log(acc=1, step="first")  # type: ignore[arg-type]


def test_without_a_kernel_it_does_nothing() -> None:
    connect(None)
    log(acc=1)
    log({})
    log()


def test_neither_torch_nor_the_standard_logging_is_disturbed() -> None:
    code = (
        "import sys; from tutor.kit import *; from tutor.kit import log; import logging; "
        "log(acc=1); logging.getLogger('x'); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
