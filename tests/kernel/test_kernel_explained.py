"""Real errors of the installed torch, from the program that raises them to the words."""

from __future__ import annotations

import json
import re
import warnings
import weakref
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import torch
from error_cases import CASES

from tutor.kernel.facts import MOST
from tutor.kernel.sources import Sources
from tutor.kernel.tracebacks import failure_of, forget
from tutor.runner.protocol.parts import Cell, Failure
from tutor.runner.protocol.run_events import RunFinished
from tutor.runner.protocol.wire import decode, encode
from tutor.study.explaining import explained

VERSION = ".".join(torch.__version__.split(".")[:2])
RECORDED = {
    path.stem.removeprefix("error_messages_"): path for path in Path(__file__).parent.glob("error_messages_*.json")
}
"""Version of torch -> its messages: for each case the kind of the error and how its text begins."""
PREAMBLE = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def wording(message: str) -> str:
    """How a message begins, less what differs between two processes, two builds, or two versions of Python."""
    message = re.sub(r"0x[0-9a-f]+", "0x7f00", message[:400])
    message = re.sub(r"\(/.*?/torch/", "(/torch/", message)
    return re.sub(r"\.? Did you mean.*| on line \d+|\.cpp:\d+", "", message)[:200]


@cache
def messages(version: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = json.loads(RECORDED[version].read_text(encoding="utf-8"))
    return found


def failure(source: str, sources: Sources | None = None, names: dict[str, object] | None = None) -> Failure:
    sources = sources or Sources()
    names = {"__name__": "__main__"} if names is None else names
    exec(PREAMBLE, names)
    try:
        compiled = sources.compile(Cell("key", source, "lesson.md", 7))
        exec(compiled.body, names)
        if compiled.last:
            eval(compiled.last, names)
    except BaseException as error:  # noqa: BLE001
        try:
            error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
            return failure_of(error, sources)
        finally:
            forget(error)
    raise AssertionError("it did not fail")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("name", CASES)
def test_a_real_error_in_words(name: str) -> None:
    source, rule, says = CASES[name]
    found = failure(source)
    words = explained(found)
    assert words is not None, found.message
    assert words.rule == rule
    assert says in words.plain
    assert words.plain.count("`") % 2 == 0


@pytest.mark.parametrize("name", CASES)
def test_a_changed_message_is_noticed(name: str) -> None:
    if VERSION not in RECORDED:
        pytest.skip(f"the messages were recorded with torch {' and '.join(sorted(RECORDED))}")
    if "torch" not in CASES[name][0] and "nn." not in CASES[name][0]:
        return  # Python's own words differ from version to version
    found = failure(CASES[name][0])
    kind, recorded = messages(VERSION)[name]
    assert (found.kind, wording(found.message)) == (kind, wording(recorded))


def test_the_layer_is_named_as_the_learner_reaches_it() -> None:
    source = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.flat = nn.Flatten()
        self.layers = nn.ModuleList([nn.Linear(4, 8), nn.Linear(9, 2)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(self.flat(x))
        return x

model = Net()
model(torch.zeros(5, 2, 2))
"""
    values = failure(source).values
    (layer,) = [value for value in values if value.role == "layer"]
    assert (layer.name, layer.kind, layer.shape) == ("layer", "Linear", (2, 9))
    words = explained(failure(source))
    assert words is not None
    assert "`layer` (Linear) expects 9 numbers per row" in words.what


def test_a_layer_inside_of_a_model_of_torch() -> None:
    words = explained(failure("model = nn.Sequential(nn.Sequential(nn.Linear(4, 3)))\nmodel(torch.zeros(5, 2))"))
    assert words is not None
    assert "`model[0][0]` (Linear) expects 4" in words.what


def test_only_the_failing_expression_is_read() -> None:
    found = failure("a = torch.zeros(2, 3)\nb = torch.zeros(4)\nc = torch.zeros(1)\n(c + c).sum() + (a + b).sum()")
    names = {value.name for value in found.values}
    assert {"a", "b"} <= names
    if hasattr(failure.__code__, "co_positions"):
        assert "c" not in names


def test_properties_are_not_called_and_their_errors_do_no_harm() -> None:
    source = """
called = []
class Odd:
    @property
    def x(self):
        called.append(1)
        return torch.zeros(2)
    def __getattr__(self, name):
        raise RuntimeError("no")
odd = Odd()
torch.zeros(3) + odd.x + odd.x.nothing
"""
    names: dict[str, object] = {}
    failure(source, names=names)
    assert len(names["called"]) == 1  # type: ignore[arg-type]  # by the code itself


def test_nothing_of_a_failed_line_is_kept() -> None:
    names: dict[str, object] = {"seen": []}
    source = """
import weakref
def fail():
    big = torch.zeros(1000)
    seen.append(weakref.ref(big))
    return big @ torch.zeros(3)
fail()
"""
    found = failure(source, names=names)
    assert [value.name for value in found.values] == ["big"]
    (seen,) = names["seen"]  # type: ignore[misc]
    assert isinstance(seen, weakref.ref)
    assert seen() is None


def test_the_values_are_few_and_survive_the_wire() -> None:
    many = " + ".join(f"v{index}" for index in range(40))
    made = "\n".join(f"v{index} = torch.zeros({index + 2})" for index in range(40))
    found = failure(f"{made}\n({many}, 1)[0]")
    assert 0 < len(found.values) <= MOST + 3
    frame = encode(RunFinished(run="1", outcome="error", failure=found))
    length = int.from_bytes(frame[:4], "big")
    assert decode(frame[8 : 8 + length]) == RunFinished(run="1", outcome="error", failure=found)


def test_long_words_are_cut() -> None:
    found = failure("name = 'x' * 100_000\nname + 1")
    assert all(len(value.text) <= 80 for value in found.values)


def test_a_name_that_is_near() -> None:
    near = [value.name for value in failure("learning_rate = 0.1\nleraning_rate * 2").values if value.role == "near"]
    assert near == ["learning_rate"]
    method = [value.name for value in failure("x = torch.zeros(2)\nx.reshap(2)").values if value.role == "near"]
    assert method == ["reshape"]


def test_a_full_gpu_is_told_with_its_figures() -> None:
    text = (
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.69 GiB of which 1.02 GiB is "
        "free. Including non-PyTorch memory, this process has 22.66 GiB memory in use. Of the allocated memory 22.10 "
        "GiB is allocated by PyTorch, and 120.50 MiB is reserved by PyTorch but unallocated."
    )
    words = explained(failure(f"raise torch.OutOfMemoryError({text!r})"))
    assert words is not None and words.rule == "cuda-memory"
    assert words.what.startswith("2.00 GiB more were asked for. The GPU has 23.69 GiB, 1.02 GiB of it free.")
    assert "This process holds 22.66 GiB, tensors 22.10 GiB." in words.what
