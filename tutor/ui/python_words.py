"""The words of Python that have a colour of their own: on the page, and in the editor."""

from __future__ import annotations

import builtins
import keyword
from types import BuiltinFunctionType

CONSTANTS = frozenset({"True", "False", "None"})

KEYWORDS = frozenset(keyword.kwlist) - CONSTANTS

EXCEPTIONS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
)

BUILTINS = (
    frozenset(
        name
        for name, value in vars(builtins).items()
        if isinstance(value, type | BuiltinFunctionType) and not name.startswith("_")
    )
    - EXCEPTIONS
)
"""Functions and types that are there without an import; `__build_class__` and its like are not for learners."""

SELVES = frozenset({"self", "cls"})
