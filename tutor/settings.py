"""The learner's settings: one TOML file, every key with a default. A bad value is said and not used."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tutor import paths
from tutor.amounts import amount
from tutor.toml_faults import toml_fault

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

THEMES = ("auto", "dark", "light", "ansi")


@dataclass(frozen=True)
class Settings:
    """Everything that can be set. `warnings` holds one sentence for each thing that is wrong with the file.

    `python` is the interpreter that runs lessons' code ("" for ours), `device` what `device` holds in it (auto, cpu,
    cuda, cuda:N, mps), `threads` torch's thread count for lesson cells. The limits go before those of a lesson, and 0
    is none of ours: `time_limit` seconds a cell, `memory_limit` bytes that the kernel may hold, `output_limit` bytes
    of a run's output that are kept from its beginning. `idle_minutes` how long a session waits when nothing runs and
    nobody is attached, `fps` the frames a second of a live plot (0: 10, or 5 over SSH), `keys` keys by action id,
    over those of the key table.
    """

    theme: str = "auto"
    python: str = ""
    device: str = "auto"
    threads: int = 1
    time_limit: float = 0.0
    memory_limit: int = 0
    output_limit: int = 0
    idle_minutes: float = 30.0
    fps: float = 0.0
    ascii_plots: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[str, ...] = ()

    def with_options(
        self, *, python: str | None = None, device: str | None = None, theme: str | None = None
    ) -> Settings:
        """These settings with what the command line says over them; None and "" leave a setting alone."""
        return replace(self, python=python or self.python, device=device or self.device, theme=theme or self.theme)

    def session_options(self) -> dict[str, Any]:
        """The keyword arguments of `tutor.runner.sessions.start` that are settings."""
        return {
            "python": self.python or None,
            "device": self.device,
            "memory_limit": self.memory_limit or None,
            "output_limit": self.output_limit or None,
            "idle_minutes": self.idle_minutes,
        }


def load_settings(path: Path | None = None) -> Settings:
    """The settings in `path`, by default the platform's settings file. No file is no problem; nothing is raised."""
    path = paths.config_file() if path is None else path
    try:
        text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        return Settings(warnings=(f"{path} cannot be read ({error.strerror or error}); the defaults are used.",))
    except UnicodeDecodeError:
        return Settings(warnings=(f"{path} is not UTF-8 text; the defaults are used.",))
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line, column, reason = toml_fault(text, error)
        return Settings(warnings=(f"{path}:{line}:{column}: not valid TOML: {reason}. The defaults are used.",))
    values: dict[str, Any] = {}
    warnings = []
    for key, value in table.items():
        if key not in _READERS:
            near = difflib.get_close_matches(key, _READERS, n=1)
            advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(_READERS)}."
            warnings.append(f"{path}: there is no setting {key!r}; {advice}")
            continue
        if key == "keys" and isinstance(value, dict):
            value, bad = _good_keys(value)
            warnings += [f"{path}: keys.{name} must be {_KEYS}, not {keys}; it is left out." for name, keys in bad]
        read, allowed = _READERS[key]
        try:
            values[key] = read(value)
        except (ValueError, TypeError):
            warnings.append(f"{path}: {key} must be {allowed}, not {_shown(value)}; the default is used.")
    return Settings(**values, warnings=tuple(warnings))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _theme(value: object) -> str:
    if value not in THEMES:
        raise ValueError
    return str(value)


def _python(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise TypeError
    return os.path.expanduser(value)  # noqa: PTH111 - a bare command name must stay one


def _device(value: object) -> str:
    kind, colon, number = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind == "cuda" and (number.isdecimal() if colon else True):
        return f"cuda{colon}{number}"
    if colon or kind not in ("auto", "cpu", "mps"):
        raise ValueError
    return kind


def _number(low: float, high: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError
        return float(value)

    return read


def _threads(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1024:
        raise ValueError
    return value


def _limit(least: str, most: str) -> Callable[[object], int]:
    low, high = amount(least), amount(most)

    def read(value: object) -> int:
        if value == 0 and not isinstance(value, bool):
            return 0
        if not isinstance(value, str):
            raise TypeError
        found = amount(value)
        if not low <= found <= high:
            raise ValueError
        return found

    return read


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError
    return float(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _keys(value: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError
    found = {}
    for action, keys in value.items():
        found[action] = (keys,) if isinstance(keys, str) else tuple(keys)
    return MappingProxyType(found)


_KEYS = "'key' or ['key', 'key']"


def _good_keys(table: dict[str, object]) -> tuple[dict[str, object], list[tuple[str, str]]]:
    """The entries that name keys, and in words those that do not."""
    good: dict[str, object] = {}
    bad = []
    for action, keys in table.items():
        listed = [keys] if isinstance(keys, str) else keys
        if isinstance(listed, list) and all(isinstance(key, str) and key for key in listed):
            good[action] = keys
        else:
            bad.append((_shown(action)[1:-1], _shown(keys)))
    return good, bad


_READERS: dict[str, tuple[Callable[[object], Any], str]] = {
    "theme": (_theme, "one of " + ", ".join(map(repr, THEMES))),
    "python": (_python, "the path of a Python interpreter"),
    "device": (_device, "'auto', 'cpu', 'cuda', 'cuda:N' or 'mps'"),
    "threads": (_threads, "a whole number from 1 to 1024"),
    "time_limit": (_seconds, "a number of seconds, or 0 for what the lesson says"),
    "memory_limit": (
        _limit("1 MB", "1000000 GB"),
        "an amount such as '4 GB', or 0 for what the lesson says",
    ),
    "output_limit": (_limit("1 KB", "64 MB"), "an amount from '1 KB' to '64 MB', or 0 for what the lesson says"),
    "idle_minutes": (_number(1, 60 * 24 * 365), "a number of minutes from 1"),
    "fps": (_number(1, 30), "a number from 1 to 30"),
    "ascii_plots": (_flag, "true or false"),
    "keys": (_keys, f"a table of action = {_KEYS}"),
}
