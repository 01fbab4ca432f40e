"""What can be wrong with the files of a course."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Severity(str, Enum):
    """How bad a problem is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """Something wrong with a file: a rule's code, a place and one sentence that says what to do."""

    code: str
    message: str
    path: Path
    line: int = 1
    column: int = 1
    severity: Severity = Severity.ERROR
