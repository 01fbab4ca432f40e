"""Where tensors can live on this machine, asked for without initialising CUDA."""

from __future__ import annotations

from typing import Any, Tuple

from tutor.runner.protocol.parts import Device


def available(torch: Any) -> Tuple[Device, ...]:
    """The devices, the CPU first.

    Names of GPUs are not asked for: that would initialise CUDA, cost a second and some hundred megabytes, and forbid
    checks in a fork.
    """
    found = [Device("cpu")]
    if torch.cuda.is_available():
        found += [Device(f"cuda:{index}") for index in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append(Device("mps"))
    return tuple(found)


def choose(torch: Any, wanted: str, devices: Tuple[Device, ...]) -> Tuple[Any, str]:
    """The `torch.device` for `wanted` ("auto", "cpu", "cuda", "cuda:1", "mps"), and "" or why it is another one."""
    names = [device.name for device in devices]
    if wanted == "auto":
        gpus = [name for name in names if name.startswith("cuda")]
        return torch.device((gpus or [name for name in names if name == "mps"] or ["cpu"])[0]), ""
    if wanted == "cuda" and "cuda:0" in names:
        return torch.device("cuda:0"), ""
    if wanted in names:
        return torch.device(wanted), ""
    there = "the CPU only" if names == ["cpu"] else f"{', '.join(names[:-1])} and {names[-1]}"
    return torch.device("cpu"), (
        f"There is no device {wanted!r}: torch {torch.__version__} sees {there}. The CPU is used instead."
    )
