"""The cells of one run, one after another; in a file that nobody has checked, what fails stops only what needs it."""

from __future__ import annotations

import ast
import warnings
from dataclasses import replace
from typing import Callable, List, Optional, Tuple

from tutor.kernel.executor import COMPILE_ERRORS, Ending, Executor
from tutor.runner.protocol.parts import Cell, Failure

_MISSING = ("ModuleNotFoundError", "ImportError")
_PASSED_OVER = (ast.Import, ast.ImportFrom, ast.Try, ast.If, ast.With)
_TOLD = 3
"""So many cells above are named; of more, only their number is told."""


class Walk:
    """Runs cells. With `lenient`, a cell goes on behind an import that fails, and the run behind a cell above.

    `tell` is given a sentence for each of these.
    """

    def __init__(self, executor: Executor, lenient: bool, tell: Callable[[str], None]) -> None:
        self._executor = executor
        self._lenient = lenient
        self._tell = tell
        self._above: List[str] = []

    def run(self, cell: Cell, show: bool) -> Tuple[Ending, bool]:
        """Run a cell: how it ended, and whether the namespace now holds what it makes, missing packages aside.

        One that went on behind an import ends with that error all the same, or with a worse one further down.
        """
        self._tell_above(show)
        first = ending = self._executor.run(cell, show)
        while self._lenient and (behind := behind_import(cell, ending, empty=not show)) is not None:
            cell, line = behind
            rest = ": the rest runs without it" if cell.source.strip() else ""
            self._tell(f"Line {line} was passed over ({_short(ending.failure)}){rest}.")
            ending = self._executor.run(cell, show)
        missed = ending.ok or (ending.failure is not None and ending.failure.kind == "NameError")
        return (first if missed else ending), ending.ok

    def goes_on(self, ending: Ending) -> bool:
        """Whether the cells below one that failed run."""
        if self._lenient and ending.outcome == "error":
            frames = ending.failure.frames if ending.failure is not None else ()
            self._above.append(f"line {frames[0].line}: {_short(ending.failure)}" if frames else _short(ending.failure))
            return True
        return False

    def _tell_above(self, own: bool) -> None:
        """Before the learner's own cell: which of those above have failed, in one sentence."""
        if own and self._above:
            number = f"{len(self._above)} cells" if len(self._above) > 1 else "A cell"
            shown = "; ".join(self._above[:_TOLD]) + ("; …" if len(self._above) > _TOLD else "")
            self._tell(f"{number} above failed, and the run goes on ({shown}).")


def behind_import(cell: Cell, ending: Ending, empty: bool = False) -> Optional[Tuple[Cell, int]]:
    """What stands below the import at which a cell stopped, on its own lines, and the line of that import.

    None where something else failed, or without `empty` where nothing stands below.
    """
    failure = ending.failure
    if ending.outcome != "error" or failure is None or failure.kind not in _MISSING or not failure.frames:
        return None
    line = failure.frames[0].line - cell.line + 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            body = ast.parse(cell.source).body
    except COMPILE_ERRORS:
        return None
    for number, node in enumerate(body):
        end = node.end_lineno or node.lineno
        below = body[number + 1].lineno if number + 1 < len(body) else end + empty
        if node.lineno <= line <= end < below and isinstance(node, _PASSED_OVER):
            rest = cell.source.split("\n")[end:]
            return replace(cell, source="\n" * end + "\n".join(rest)), failure.frames[0].line
    return None


def _short(failure: Optional[Failure]) -> str:
    """An exception on one line."""
    if failure is None:
        return ""
    return f"{failure.kind}: {failure.message}".strip().split("\n")[0][:120]
