"""Parts of the kernel that need no process: devices, copies of namespaces, differences."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from kernel_harness import Zygote

from tutor.kernel import devices
from tutor.kernel.differences import sides
from tutor.kernel.namespace import copy_of, random_state, seed_everything
from tutor.kernel.texts import clean


def machine(gpus: int, mps: bool = False) -> SimpleNamespace:
    """As much of torch as is asked, on a machine with so many GPUs."""
    return SimpleNamespace(
        __version__="2.13",
        device=torch.device,
        cuda=SimpleNamespace(is_available=lambda: gpus > 0, device_count=lambda: gpus),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps)),
    )


@pytest.mark.parametrize(
    ("gpus", "mps", "wanted", "got"),
    [
        (0, False, "auto", "cpu"),
        (2, False, "auto", "cuda:0"),
        (0, True, "auto", "mps"),
        (2, False, "cpu", "cpu"),
        (2, False, "cuda", "cuda:0"),
        (2, False, "cuda:1", "cuda:1"),
        (0, True, "mps", "mps"),
    ],
)
def test_devices(gpus: int, mps: bool, wanted: str, got: str) -> None:
    box = machine(gpus, mps)
    chosen, problem = devices.choose(box, wanted, devices.available(box))
    assert (str(chosen), problem) == (got, "")


@pytest.mark.parametrize(
    ("gpus", "wanted", "words"),
    [
        (1, "cuda:1", "cpu and cuda:0"),
        (0, "cuda", "the CPU only"),
        (2, "mps", "cpu, cuda:0 and cuda:1"),
        (0, "toaster", ""),
    ],
)
def test_a_device_that_is_not_there(gpus: int, wanted: str, words: str) -> None:
    box = machine(gpus)
    chosen, problem = devices.choose(box, wanted, devices.available(box))
    assert str(chosen) == "cpu"
    assert repr(wanted) in problem and words in problem and "The CPU is used instead." in problem


def test_a_copy_of_a_namespace_keeps_what_belongs_together() -> None:
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    names = {"model": model, "optimizer": optimizer, "torch": torch, "lines": (one for one in "ab")}
    copied = copy_of(names)
    assert copied["torch"] is torch and copied["lines"] is names["lines"]
    assert copied["optimizer"].param_groups[0]["params"][0] is copied["model"].weight
    copied["model"].weight.data.zero_()
    assert bool(model.weight.abs().sum() > 0)


def test_random_numbers_go_back() -> None:
    seed_everything(2)
    restore = random_state()
    first = torch.rand(2)
    restore()
    assert torch.equal(first, torch.rand(2))


@pytest.mark.parametrize(
    ("expected", "got", "texts"),
    [
        (1, 1.0, ("1", "1.0")),
        ([1, 2], (1, 2), ("[1, 2]", "(1, 2)")),
        (list(range(60)), [*range(59), 7], ("item 59 is 59", "item 59 is 7")),
        (
            "a" * 300,
            "a" * 250 + "b" * 50,
            (f"{'a' * 70!r} from character 230 on", f"{'a' * 20 + 'b' * 50!r} from character 230 on"),
        ),
        ("a", "b", ("'a'", "'b'")),
        (torch.Size([2]), torch.Size([3]), ("(2,)", "(3,)")),
    ],
)
def test_differences(expected: object, got: object, texts: tuple[str, str]) -> None:
    assert sides(expected, got) == texts


def test_a_nan_is_the_largest_difference() -> None:
    left, right = torch.zeros(30), torch.zeros(30)
    left[3], right[7] = 5.0, float("nan")
    assert sides(left, right, close=True)[1].endswith("with nan at [7]")


def test_texts_are_clean() -> None:
    assert clean("a\ud800b") == "a\\ud800b"
    assert len(clean("x" * 100, 10)) == 10


def test_cells_run_when_the_session_folder_is_gone(zygote: Zygote, tmp_path: Path) -> None:
    other = Zygote(tmp_path / "s")
    kernel = other.kernel()
    shutil.rmtree(tmp_path / "s")
    assert kernel.run("def f(): return 1", "f()").outcome == "ok"
    other.end()
