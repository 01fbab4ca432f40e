"""Exceptions in plain words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.learning.explain import Explanation, Thing, Trouble, explain, rules

RECORDED = {
    f"{name} in {file.stem.removeprefix('error_messages_')}": (kind, message)
    for file in sorted((Path(__file__).parents[1] / "kernel").glob("error_messages_*.json"))
    for name, (kind, message) in json.loads(file.read_text(encoding="utf-8")).items()
}

# Wordings of earlier releases of torch, of GPUs, and of other versions of Python, which the tests cannot raise here.
OTHERS = [
    ("RuntimeError", "expected scalar type Long but found Float", "class-targets"),
    ("RuntimeError", "\"nll_loss_forward_reduce_cuda_kernel_2d_index\" not implemented for 'Int'", "class-targets"),
    (
        "RuntimeError",
        "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! "
        "(when checking argument for argument mat1 in method wrapper_CUDA_addmm)",
        "devices",
    ),
    (
        "RuntimeError",
        "Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same",
        "devices",
    ),
    (
        "OutOfMemoryError",
        "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 14.75 GiB of which 13.09 GiB "
        "is free. Including non-PyTorch memory, this process has 1.65 GiB memory in use.",
        "cuda-memory",
    ),
    ("RuntimeError", "CUDA error: device-side assert triggered\nCUDA kernel errors might be reported", "device-assert"),
    (
        "RuntimeError",
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        "[torch.FloatTensor [3]], which is output 0 of ExpBackward0, is at version 1; expected version 0 instead.",
        "in-place-needed",
    ),
    ("URLError", "<urlopen error [Errno -2] Name or service not known>", "network"),
    ("ConnectionError", "HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: /y", "network"),
    ("RuntimeError", "DataLoader worker (pid 12345) is killed by signal: Killed. ", "worker-died"),
    ("RuntimeError", "DataLoader worker (pid(s) 123, 124) exited unexpectedly", "worker-died"),
    (
        "ValueError",
        "Caught ValueError in DataLoader worker process 0.\nOriginal Traceback (most recent call last):\n"
        '  File "x.py", line 1\nValueError: bad label 7',
        "worker-raised",
    ),
    ("AttributeError", "Can't pickle local object 'main.<locals>.<lambda>'", "lambda"),
    ("AttributeError", "Can't get local object 'main.<locals>.<lambda>'", "lambda"),
    (
        "PicklingError",
        "Can't pickle <function <lambda> at 0x7f>: attribute lookup failed",
        "lambda",
    ),
    (
        "TypeError",
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class 'PIL.Image'>",
        "collate",
    ),
    ("UnboundLocalError", "local variable 'x' referenced before assignment", "unbound"),
    ("UnboundLocalError", "cannot access local variable 'x' where it is not associated with a value", "unbound"),
    ("NameError", "name 'model' is not defined. Did you mean: 'modle'?", "name"),
    ("IndexError", "list index out of range", "sequence-index"),
]

things = st.builds(
    Thing,
    st.sampled_from(["", "x", "self.fc", "w.grad"]),
    st.sampled_from(["Tensor", "Parameter", "Linear", "Embedding", "NoneType", "list", "dict", "float"]),
    st.sampled_from(["named", "layer", "input", "near"]),
    st.none() | st.lists(st.integers(0, 5), max_size=4).map(tuple),
    st.sampled_from(["", "float32", "float64", "int64"]),
    st.sampled_from(["", "cpu", "cuda:0"]),
    st.booleans(),
    st.none() | st.integers(-3, 20),
    st.none() | st.integers(-3, 20),
    st.sampled_from(["", "0", "'a'"]),
    st.integers(-1, 3),
)


@pytest.mark.parametrize(("kind", "message", "rule"), OTHERS)
def test_other_wordings(kind: str, message: str, rule: str) -> None:
    found = explain(Trouble(kind, message))
    assert found is not None
    assert found.rule == rule


@pytest.mark.parametrize("name", RECORDED)
def test_the_message_alone_is_enough_for_words(name: str) -> None:
    found = explain(Trouble(*RECORDED[name]))
    if RECORDED[name][1].startswith(("unsupported operand", "'NoneType'")):
        return  # what they mean depends on what the line says
    assert found is not None
    assert found.what.endswith((".", ":")) and found.repair
    assert found.plain.count("`") % 2 == 0
    assert "``" not in found.plain and "None" not in found.what.replace("is None", "")


@given(
    st.sampled_from([*RECORDED.values(), *((kind, message) for kind, message, _ in OTHERS)]),
    st.lists(things, max_size=4).map(tuple),
    st.sampled_from(["", "for x, y in loader:", "x += 1", "torch.stack([a, b])", "return self(x)"]),
)
def test_no_facts_can_break_a_rule(said: tuple[str, str], facts: tuple[Thing, ...], source: str) -> None:
    found = explain(Trouble(*said, facts, source))
    assert found is None or isinstance(found, Explanation)


@given(st.sampled_from(["RuntimeError", "ValueError", "TypeError", "KeyError", "MyError"]), st.text(max_size=200))
def test_any_message(kind: str, message: str) -> None:
    explain(Trouble(kind, message))


def test_an_error_of_the_learners_own_is_left_alone() -> None:
    assert explain(Trouble("MyError", "something of mine")) is None


def test_rules_have_names_of_their_own_and_say_what_they_teach() -> None:
    names = [rule.name for rule in rules()]
    assert len(set(names)) == len(names) >= 40
    assert all("." in concept for rule in rules() for concept in rule.concepts)


def test_labels_from_one() -> None:
    facts = (
        Thing("scores", "Tensor", shape=(4, 3), dtype="float32"),
        Thing("y", "Tensor", "named", (4,), "int64", low=1),
    )
    found = explain(Trouble("IndexError", "Target 3 is out of bounds.", facts))
    assert found is not None
    assert found.repair == "The labels seem to count from 1: `y - 1`."


def test_the_transposed_weight_is_offered() -> None:
    facts = (Thing("x", "Tensor", shape=(8, 3)), Thing("w", "Tensor", shape=(5, 3)))
    found = explain(Trouble("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (8x3 and 5x3)", facts))
    assert found is not None
    assert found.repair == "`w` fits when it is turned: `w.T` is (3, 5)."


def test_the_figures_of_a_full_gpu() -> None:
    found = explain(Trouble(*OTHERS[4][:2]))
    assert found is not None
    assert found.what == (
        "20.00 GiB more were asked for. The GPU has 14.75 GiB, 13.09 GiB of it free. This process holds 1.65 GiB."
    )


@pytest.mark.parametrize("package", ["plotext", "matplotlib.pyplot"])
def test_where_a_package_for_pictures_is_missing_there_are_those_of_the_kit(package: str) -> None:
    found = explain(Trouble("ModuleNotFoundError", f"No module named '{package}'"))
    assert found is not None
    assert f"`{package}` is not installed" in found.what and "from tutor.kit import show" in found.repair


@pytest.mark.parametrize(
    ("line", "said", "repair"),
    [
        ("loss.backward()", "`w` has shape (2,)", "`w.mean().backward()`"),
        ("(w**2).backward()", "`(w**2)` has many numbers", "`(w**2).mean().backward()`"),
        ("    criterion(w, y).backward()", "`criterion(w, y)` has many", "`criterion(w, y).mean().backward()`"),
    ],
)
def test_what_was_computed_in_the_line_is_named_as_it_stands_there(line: str, said: str, repair: str) -> None:
    message = "grad can be implicitly created only for scalar outputs"
    found = explain(Trouble("RuntimeError", message, (Thing("w", "Tensor", shape=(2,), dtype="float32"),), line))
    assert found is not None and said in found.what and repair in found.repair
