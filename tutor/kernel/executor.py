"""Running one cell in the namespace, and saying how it ended."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any, Callable, Optional

from tutor.kernel.interrupts import Interrupts
from tutor.kernel.namespace import Namespace
from tutor.kernel.sources import Compiled, Sources
from tutor.kernel.streams import flush_streams
from tutor.kernel.texts import clean
from tutor.kernel.tracebacks import failure_of, forget
from tutor.kernel.workers import end_workers, unheard
from tutor.runner.protocol.parts import Cell, Failure

RESULT_LIMIT = 1 << 15
"""Longest `repr` of a result in characters."""


COMPILE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What `compile` raises for source that is no Python: ValueError is for null bytes, the last two for deep nesting."""


@dataclass(frozen=True)
class Ending:
    """How code ended, in the words of `RunFinished`; `result` is the `repr` of the last expression, "" for none."""

    outcome: str = "ok"
    failure: Optional[Failure] = None
    words: str = ""
    exit_code: Optional[int] = None
    result: str = ""
    stage: str = ""
    ready_seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether it ran to its end."""
        return self.outcome == "ok"


class Executor:
    """Runs cells in a namespace, with SIGINT armed while the learner's code runs and only then."""

    def __init__(self, namespace: Namespace, sources: Sources, interrupts: Interrupts) -> None:
        self.namespace = namespace
        self.sources = sources
        self._interrupts = interrupts

    def run(self, cell: Cell, show: bool = False) -> Ending:
        """Run a cell; with `show`, its last expression becomes the result. Never raises, but see `Interrupts`."""
        try:
            compiled = self.sources.compile(cell)
        except COMPILE_ERRORS as error:
            return self.ending_of(error.with_traceback(None))  # the stack is ours and the compiler's
        self.namespace.definitions.remember(compiled.tree, compiled.text)
        self.namespace.new = False
        ending = self.attempt(lambda: self._execute(compiled, show))
        self.namespace.settle_classes()
        return ending

    def attempt(self, action: Callable[[], str]) -> Ending:
        """Call something that runs the learner's code or the lesson's; what it returns is the result.

        A child that the code forked and that comes to its end ends there: it is no second kernel.
        """
        process = os.getpid()
        ending = self._attempt(action)
        if os.getpid() != process:
            _end_child(ending)
        return ending

    def _attempt(self, action: Callable[[], str]) -> Ending:
        try:
            self._interrupts.arm()
            try:
                return Ending(result=action())
            finally:
                self._interrupts.disarm()
        except BaseException as error:  # noqa: BLE001  the learner's code may raise anything
            return self.ending_of(error)

    def ending_of(self, error: BaseException) -> Ending:
        """How code ended that raised `error`; the frames that failed let go of what they held."""
        if isinstance(error, SystemExit) or not self._interrupts.caused(error):
            return self._ending_of(error, "error")
        with unheard():
            end_workers()  # before a destructor waits for them to end by themselves
            return self._ending_of(error, "interrupted")

    def _ending_of(self, error: BaseException, outcome: str) -> Ending:
        try:
            if isinstance(error, SystemExit):
                return _exit(error.code)
            return Ending(outcome, failure_of(error, self.sources), "Interrupted." if outcome == "interrupted" else "")
        finally:
            with self._interrupts.cleaning_up():
                forget(error)

    def _execute(self, compiled: Compiled, show: bool) -> str:
        names = self.namespace.names
        exec(compiled.body, names)
        if compiled.last is None:
            return ""
        value: Any = eval(compiled.last, names)
        if value is None or not show:
            return ""
        names["_"] = value
        return clean(repr(value), RESULT_LIMIT)


def _exit(code: Any) -> Ending:
    """`sys.exit`: ends the run, not the kernel. What is no number is printed, as Python does."""
    if code is None or isinstance(code, int):
        number = int(code or 0)
        return Ending("exit", words=f"The code called sys.exit({number}).", exit_code=number)
    print(code, file=sys.stderr)
    return Ending("exit", words="The code called sys.exit with a message.", exit_code=1)


def _end_child(ending: Ending) -> None:
    """End a forked child as Python ends a script."""
    if ending.failure is not None:
        print(ending.failure.text, end="", file=sys.stderr)
    flush_streams()
    os._exit(ending.exit_code or 0 if ending.failure is None else 1)
