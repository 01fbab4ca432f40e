"""What lessons import: logging, pictures, data sets, checks. stdlib and torch only, Python 3.9 and later.

`log` is here at once. The data sets, `show` and `check` are modules of their own, loaded when they are first named, so
that `import tutor.kit` does not import torch: `from tutor.kit import check, courier, messages, show`.
"""

import importlib
from typing import Any, List

from tutor.kit.logging import log

_LAZY = ("check", "courier", "digits", "messages", "moons", "orders", "scripts", "shapes", "show", "topics")

__all__ = ["log"]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> List[str]:
    return sorted([*globals(), *_LAZY])
