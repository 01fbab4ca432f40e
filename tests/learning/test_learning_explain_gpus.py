"""A full GPU and one that is not there, in the words of torch 2.6 to 2.13."""

import pytest

from tutor.learning.explain import Explanation, Trouble, explain

FULL = (
    "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.69 GiB of which 1.02 GiB is "
    "free. Including non-PyTorch memory, this process has 22.66 GiB memory in use. Of the allocated memory 22.10 GiB "
    "is allocated by PyTorch, and 120.50 MiB is reserved by PyTorch but unallocated. If reserved but unallocated "
    "memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation."
)
SHARED = (
    "CUDA out of memory. Tried to allocate 512.00 MiB. GPU 0 has a total capacity of 23.69 GiB of which 95.06 MiB is "
    "free. Process 4021 has 21.30 GiB memory in use. Including non-PyTorch memory, this process has 2.20 GiB memory "
    "in use. Of the allocated memory 1.90 GiB is allocated by PyTorch, and 12.00 MiB is reserved by PyTorch but "
    "unallocated."
)
TORN = (
    "CUDA out of memory. Tried to allocate 3.00 GiB. GPU 0 has a total capacity of 23.69 GiB of which 1.02 GiB is "
    "free. Including non-PyTorch memory, this process has 22.66 GiB memory in use. Of the allocated memory 14.00 GiB "
    "is allocated by PyTorch, and 8.10 GiB is reserved by PyTorch but unallocated."
)


def of(message: str, source: str = "") -> Explanation:
    found = explain(Trouble("OutOfMemoryError", message, (), source))
    assert found is not None
    return found


def test_a_full_gpu_is_told_with_all_its_figures() -> None:
    found = of(FULL)
    assert found.what == (
        "2.00 GiB more were asked for. The GPU has 23.69 GiB, 1.02 GiB of it free. "
        "This process holds 22.66 GiB, tensors 22.10 GiB."
    )
    assert "Make the batch smaller" in found.repair and "gives back what earlier runs hold" in found.repair


def test_another_process_is_named() -> None:
    found = of(SHARED)
    assert "Process 4021 holds 21.30 GiB of it." in found.what and "This process holds 2.20 GiB" in found.what
    assert "nvidia-smi" in found.repair and "gives back" not in found.repair


def test_memory_in_pieces_is_told() -> None:
    assert of(TORN).repair.startswith("8.10 GiB lie free in pieces that are too small: set PYTORCH_CUDA_ALLOC_CONF=")


def test_a_tensor_larger_than_the_gpu_blames_no_earlier_runs() -> None:
    found = of(FULL.replace("Tried to allocate 2.00 GiB", "Tried to allocate 2000.00 GiB"))
    assert found.what.startswith("2000.00 GiB more") and "earlier runs" not in found.repair


@pytest.mark.parametrize(
    ("message", "source", "named"),
    [
        ("CUDA error: invalid device ordinal\nCUDA kernel errors might be reported late", 'x.to("cuda:1")', "`cuda:1`"),
        ("CUDA error: invalid device ordinal", "torch.cuda.set_device(3)", "a GPU"),
        ("Invalid device id", "torch.cuda.get_device_name(3)", "a GPU"),
    ],
)
def test_a_gpu_that_is_not_there(message: str, source: str, named: str) -> None:
    for kind in ("RuntimeError", "AcceleratorError", "AssertionError"):
        found = explain(Trouble(kind, message, (), source))
        assert found is not None and found.rule == "no-such-gpu"
        assert named in found.what and "device_count()" in found.repair
