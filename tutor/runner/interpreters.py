"""What an interpreter has: its version, torch, devices. Asked in a child process, never in ours."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tutor.errors import TutorError

PROBE_SECONDS = 60.0
"""A first import of torch from a cold or remote disk takes long; an interpreter that hangs takes for ever."""

_OLDEST_PYTHON = (3, 9)
_OLDEST_TORCH = (2, 6)

_QUESTION = """
import json, sys
found = {"executable": sys.executable, "version": list(sys.version_info[:3]), "torch": "", "devices": [], "why": ""}
try:
    import torch
    found["torch"] = str(torch.__version__)
    found["devices"].append("cpu")
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        found["devices"].append("cuda:%d (%s)" % (index, torch.cuda.get_device_name(index)))
    if getattr(torch.backends, "mps", None) and torch.backends.mps.is_available():
        found["devices"].append("mps")
except Exception as error:
    found["why"] = "%s: %s" % (type(error).__name__, error)
    found["missing"] = getattr(error, "name", None) == "torch"
print("\\n" + json.dumps(found))
"""


@dataclass(frozen=True)
class InterpreterReport:
    """What was found. `torch` is its version or "", `problems` are sentences that say what to do."""

    executable: str
    version: str = ""
    torch: str = ""
    devices: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def cuda(self) -> bool:
        """Whether torch sees a CUDA device."""
        return any(name.startswith("cuda") for name in self.devices)


def resolve(python: str | None) -> str:
    """The absolute path of an interpreter, ours by default; symlinks stay, since a virtual environment is one.

    Raises `TutorError` when there is no such program.
    """
    wanted = str(Path(python).expanduser()) if python else sys.executable
    found = shutil.which(wanted)
    if found is None:
        there = Path(wanted).exists()
        raise TutorError(
            "Cannot use this Python",
            f"{wanted} is {'not a program that can be run' if there else 'not there'}.",
            "Give --python the path of an interpreter, such as ~/envs/torch/bin/python.",
        )
    return str(Path(found).absolute())


async def probe(python: str | None = None) -> InterpreterReport:
    """Ask an interpreter, ours by default, what it has; a wrong one is a report with problems, not an error."""
    try:
        executable = resolve(python)
    except TutorError as error:
        return InterpreterReport(python or sys.executable, problems=(f"{error.message} {error.hint}",))
    try:
        process = await asyncio.create_subprocess_exec(
            *(executable, "-c", _QUESTION),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return InterpreterReport(executable, problems=(f"{executable} cannot be started: {error.strerror}.",))
    try:
        said, complaint = await asyncio.wait_for(process.communicate(), PROBE_SECONDS)
    except asyncio.TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        return InterpreterReport(executable, problems=(f"{executable} did not answer in {PROBE_SECONDS:g} s.",))
    try:
        found = json.loads(said.splitlines()[-1])
        version = tuple(int(part) for part in found["version"])
        return _report(executable, version, found)
    except (ValueError, KeyError, TypeError, IndexError):
        last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return InterpreterReport(
            executable, problems=(f"{executable} is no working Python: {last or 'it said nothing'}.",)
        )


def _report(executable: str, version: tuple[int, ...], found: dict[str, object]) -> InterpreterReport:
    problems = []
    torch = str(found["torch"])
    devices = found["devices"]
    if version < _OLDEST_PYTHON:
        problems.append(f"{executable} is Python {_dotted(version)}; {_dotted(_OLDEST_PYTHON)} or newer is needed.")
    if not torch and found.get("missing"):
        problems.append(
            f"{executable} has no torch: run `{executable} -m pip install torch`, "
            "or choose an interpreter that has it with --python."
        )
    elif not torch:
        problems.append(f"torch cannot be imported by {executable} ({found['why']}): reinstall it there.")
    elif _leading_numbers(torch) < _OLDEST_TORCH:
        problems.append(
            f"torch {torch} is older than {_dotted(_OLDEST_TORCH)}, the oldest the lessons were tried with."
        )
    return InterpreterReport(
        executable,
        version=_dotted(version),
        torch=torch,
        devices=tuple(map(str, devices)) if isinstance(devices, list) else (),
        problems=tuple(problems),
    )


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def _leading_numbers(version: str) -> tuple[int, ...]:
    """`(2, 13)` of "2.13.0+cpu"; a version that cannot be read counts as new."""
    parts = version.split(".")[:2]
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else _OLDEST_TORCH
