"""GPUs: memory that is not there, and devices that are not there.

The figures stand in the message itself, in the words of `c10/cuda/CUDACachingAllocator.cpp`.
"""

from __future__ import annotations

import re

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Trouble

RULES = Rules()

_UNITS = {"bytes": 1.0, "KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30}
_AMOUNT = r"(\d+(?:\.\d+)? (?:bytes|KiB|MiB|GiB))"
_SMALLER = "Make the batch smaller; evaluate under `torch.no_grad()`; keep `loss.item()` and not `loss` from each step."


@RULES.on(rf"out of memory.*Tried to allocate {_AMOUNT}", teaches="device.memory")
def _cuda_memory(trouble: Trouble, found: re.Match[str]) -> Words:
    total = _amount(trouble, rf"total capacity of {_AMOUNT}")
    free = _amount(trouble, rf"{_AMOUNT} (?:is )?free")
    held = _amount(trouble, rf"this process has {_AMOUNT}")
    allocated = _amount(trouble, rf"{_AMOUNT} is allocated by PyTorch")
    pieces = _amount(trouble, rf"{_AMOUNT} is reserved by PyTorch but unallocated")
    others = re.findall(rf"Process (\d+) has {_AMOUNT} memory in use", trouble.message)
    what = f"{found[1]} more were asked for."
    if total:
        what += f" The GPU has {total}" + (f", {free} of it free." if free else ".")
    if held or allocated:
        what += f" This process holds {held or allocated}" + (f", tensors {allocated}." if held and allocated else ".")
    if others:
        what += " " + " ".join(f"Process {pid} holds {amount} of it." for pid, amount in others[:3])
    if pieces and allocated and _bytes(pieces) > 0.25 * _bytes(allocated):
        return what, (
            f"{pieces} lie free in pieces that are too small: set PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True "
            f"before you start. {_SMALLER}"
        )
    if total and held and _bytes(found[1]) + _bytes(held) > _bytes(total) > 2 * _bytes(found[1]):
        return what, f"{_SMALLER} Stopping hard (in the palette) gives back what earlier runs hold."
    if others and total and _bytes(found[1]) < _bytes(total) / 2:
        return what, f"Somebody else uses this GPU: `nvidia-smi` shows who. {_SMALLER}"
    return what, _SMALLER


@RULES.on(r"invalid device ordinal|[Ii]nvalid device id|device >= 0 && device < num_gpus", teaches="device.move")
def _no_such_gpu(trouble: Trouble, found: re.Match[str]) -> Words:
    asked = re.search(r"cuda:(\d+)", trouble.source)
    number = f"`cuda:{asked[1]}`" if asked else "a GPU"
    return f"This code asks for {number}, and there is no GPU of that number: they are counted from `cuda:0`.", (
        "`torch.cuda.device_count()` tells how many there are. `device`, which is there already, is the one to use."
    )


def _amount(trouble: Trouble, pattern: str) -> str:
    found = re.search(pattern, trouble.message)
    return found[1] if found else ""


def _bytes(amount: str) -> float:
    number, _, unit = amount.partition(" ")
    return float(number) * _UNITS[unit]
