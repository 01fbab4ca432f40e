"""One check from its first cell to its last test statement; runs in a fork of the kernel, or in the kernel itself."""

from __future__ import annotations

import ast
import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from tutor.kernel.conditions import Conditions
from tutor.kernel.executor import COMPILE_ERRORS, Ending, Executor
from tutor.kernel.leftovers import Leftovers
from tutor.kernel.namespace import copy_of, random_state, seed_everything
from tutor.kernel.recording import Recording
from tutor.kernel.sources import Compiled, code_of
from tutor.kernel.streams import Tee
from tutor.kernel.texts import clean
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Check
from tutor.runner.protocol.run_events import CheckVerdict, Observed

STAGES = ("", "setup", "code", "tests", "solution")

_COMPOUND = (ast.For, ast.While, ast.With, ast.If, ast.Try)


class CheckRun:
    """Runs a check in the executor's namespace, which it changes.

    `say` gets each verdict as soon as it is known, `reach` each stage as it begins.
    """

    def __init__(
        self,
        request: Check,
        executor: Executor,
        say: Callable[[Event], None],
        reach: Callable[[str], None],
        recording: Recording,
    ) -> None:
        self._request = request
        self._executor = executor
        self._names = executor.namespace.names
        self._say = say
        self._reach_stage = reach
        self._recording = recording
        self._stage = ""
        self._count = 0
        self._before: Dict[str, Any] = {}
        self._undo: Callable[[], None] = lambda: None

    def go(self) -> Ending:
        """Run everything; how it ended, with the stage."""
        ending = self.set_up()
        return self.judge() if ending.ok else ending

    def set_up(self) -> Ending:
        """Run the cells above."""
        self._reach("setup")
        if self._request.seed is not None:
            seed_everything(self._request.seed)
        return replace(self._run_above(self._request.setup), stage=self._stage)

    def judge(self) -> Ending:
        """Run the learner's code and the tests, in a namespace that has the cells above."""
        ending = replace(self._judge(), stage=self._stage)
        self._tell_facts()
        return ending

    def _tell_facts(self) -> None:
        """What was seen of a training loop in the answer; what the tests do is left out."""
        code = self._request.code
        lines = range(code.line, code.line + code.source.count("\n") + 1)
        facts = tuple(fact for fact in self._recording.observed() if fact.line in lines)
        if facts:
            self._say(Observed(run=self._request.run, facts=facts))

    def _judge(self) -> Ending:
        request = self._request
        if any("_solution" in cell.source for cell in request.tests):
            self._before = copy_of(self._names)
            self._undo = random_state()
        leftovers = Leftovers(request, self._names)
        self._reach("code")
        self._executor.sources.place(request.code)  # whose training is the learner's
        self._recording.observe()
        ending, printed = self._run_code(request.code)
        if not ending.ok:
            return ending
        leftovers.drop(request.code.source)
        self._reach("tests")
        self._names.update(_source=request.code.source, _stdout=printed, _ast=ast.parse(request.code.source))
        for cell in request.tests:
            ending = self._run_tests(cell)
            if not ending.ok:
                return ending
        return Ending()

    def _run_above(self, cells: Iterable[Cell]) -> Ending:
        """Run the cells above, silently: what they print was seen where they stand and is not the answer's."""
        ending = Ending()
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            for cell in cells:
                ending = self._executor.run(cell)
                if not ending.ok:
                    break
        return ending

    def _reach(self, stage: str) -> None:
        self._stage = stage
        self._reach_stage(stage)

    def _run_code(self, cell: Cell) -> Tuple[Ending, str]:
        tee = Tee(sys.stdout)
        with redirect_stdout(tee):
            ending = self._executor.run(cell)
        if ending.outcome == "exit":
            ending = replace(ending, words=f"Your code called sys.exit({ending.exit_code}), so it was not checked.")
        return ending, tee.text

    def _run_tests(self, cell: Cell) -> Ending:
        try:
            compiled = self._executor.sources.compile(cell)
        except COMPILE_ERRORS as error:
            return self._executor.ending_of(error.with_traceback(None))
        for statement in compiled.tree.body:
            if "_solution" not in self._names and _mentions_solution(statement):
                ending = self._solve()
                if not ending.ok:
                    return ending
                self._reach("tests")
            ending = self._test(statement, compiled)
            if not ending.ok:
                return ending
        return Ending()

    def _solve(self) -> Ending:
        """Make `_solution`: the namespace after the solution, which gets the names and the luck the code had."""
        self._reach("solution")
        names, solution = self._before, self._request.solution
        self._names["_solution"] = names
        if solution is None:
            return Ending()
        try:
            compiled = self._executor.sources.compile(solution)
        except COMPILE_ERRORS as error:
            return self._executor.ending_of(error.with_traceback(None))
        redo = random_state()
        self._undo()
        with redirect_stdout(io.StringIO()):
            ending = self._executor.attempt(lambda: _execute(compiled, names))
        redo()
        return ending

    def _test(self, statement: ast.stmt, compiled: Compiled) -> Ending:
        """One statement. An assert that fails, or whose condition raises, is a verdict and no end."""
        if isinstance(statement, ast.Assert):
            return self._assert(statement, compiled)
        code = code_of(ast.Module([statement], []), compiled.name)
        ending = self._executor.attempt(lambda: _run(code, self._names))
        inner = _first_assert(statement)
        if ending.ok:
            if inner is not None:
                self._tell(inner, compiled, ok=True, message=_constant(inner.msg))
            return ending
        if ending.failure is None or ending.outcome != "error":
            return ending
        if ending.failure.kind == "AssertionError" and (inner is not None or isinstance(statement, ast.Expr)):
            self._tell(inner or statement, compiled, ok=False, message=ending.failure.message)
            return Ending()
        self._tell(statement, compiled, ok=False, message="The check could not go on.", failure=ending.failure)
        return ending

    def _assert(self, statement: ast.Assert, compiled: Compiled) -> Ending:
        conditions = Conditions(compiled.name, self._names)
        held: List[Tuple[bool, Tuple[str, str]]] = []
        said: List[str] = []

        def judge() -> str:
            held.append(conditions.judge(statement.test))
            return ""

        def feedback() -> str:
            said.append(clean(str(conditions.value(statement.msg)))) if statement.msg else None
            return ""

        ending = self._executor.attempt(judge)
        if not ending.ok:
            if ending.outcome != "error":
                return ending
            self._tell(statement, compiled, ok=False, message=_constant(statement.msg), failure=ending.failure)
            return Ending()
        ok, (expected, got) = held[0]
        if ok:
            self._tell(statement, compiled, ok=True, message=_constant(statement.msg) or _finding(statement.test))
            return ending
        ending = self._executor.attempt(feedback)
        message = said[0] if said else _constant(statement.msg)
        self._tell(statement, compiled, ok=False, message=message, expected=expected, got=got, failure=ending.failure)
        return ending if ending.outcome not in ("ok", "error") else Ending()

    def _tell(self, statement: ast.stmt, compiled: Compiled, **verdict: Any) -> None:
        node: ast.AST = statement.test if isinstance(statement, ast.Assert) else statement
        source = clean(ast.get_source_segment(compiled.text, node) or "")
        if not isinstance(statement, ast.Assert):
            source = source.split("\n")[0]
        self._say(
            CheckVerdict(run=self._request.run, index=self._count, source=source, line=statement.lineno, **verdict)
        )
        self._count += 1


def _execute(compiled: Compiled, names: Dict[str, Any]) -> str:
    _run(compiled.body, names)
    if compiled.last is not None:
        eval(compiled.last, names)
    return ""


def _run(code: Any, names: Dict[str, Any]) -> str:
    exec(code, names)
    return ""


def _mentions_solution(statement: ast.stmt) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "_solution" for one in ast.walk(statement))


def _first_assert(statement: ast.stmt) -> Optional[ast.Assert]:
    """The first assert inside of a loop, a `with`, an `if` or a `try`."""
    if not isinstance(statement, _COMPOUND):
        return None
    return next((one for one in ast.walk(statement) if isinstance(one, ast.Assert)), None)


def _finding(test: ast.expr) -> str:
    """What passed where a lesson asserts a finding of the check kit: "shape" for `report.shape.ok`."""
    if isinstance(test, ast.Attribute) and test.attr == "ok" and isinstance(test.value, ast.Attribute):
        return test.value.attr.replace("_", " ")
    return ""


def _constant(message: Optional[ast.expr]) -> str:
    """A feedback sentence that is the same whether the check passes or not; "" for one with values in it."""
    return message.value if isinstance(message, ast.Constant) and isinstance(message.value, str) else ""
