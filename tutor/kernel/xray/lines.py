"""The shapes of the tensors that each line makes, read while the line runs for the first time.

A trace function is there only while somebody looks, only in the thread that runs the cell, and only until it has seen
what there is to see: after a few thousand lines, or a thousand without news, it is taken away and the rest of a
training runs untouched. What comes after that is read from the namespace when the cell has ended.
"""

from __future__ import annotations

import ast
import linecache
import os
import sys
from types import FrameType
from typing import Any, Dict, FrozenSet, Iterable, List, Mapping, Optional, Tuple

import torch

from tutor.kernel.texts import clean
from tutor.kernel.unseen import unseen
from tutor.kernel.xray.reports import Row

MAX_ROWS = 60
MAX_LINES = 3_000
MAX_CALLS = 20_000
MAX_STALE = 1_000
"""Lines that run, calls of other code, and lines without news after which tracing ends."""

MAX_PAUSES = 4
"""After many calls in a row that are not the learner's, such as an import, tracing rests until `resume`, so often."""

_COMPILER = os.path.join("torch", "_dynamo", "convert_frame.py")

Place = Tuple[str, int]
"""A file and the first line of a statement in it."""


class LineTrace:
    """Traces one run at a time. `rows` is what it has found, in the order of the lines."""

    def __init__(self) -> None:
        self._files: FrozenSet[str] = frozenset()
        self._statements: Dict[str, Dict[int, int]] = {}
        self._targets: Dict[Place, Tuple[str, ...]] = {}
        self._found: Dict[Tuple[str, int, str], Row] = {}
        self._tracing = False
        self._pauses = 0
        self._paused = False
        self._lines = self._calls = self._stale = 0

    @property
    def rows(self) -> List[Row]:
        """A row for each tensor that a line made."""
        return [self._found[key] for key in sorted(self._found, key=lambda key: key[:2])][:MAX_ROWS]

    def start(self, files: Iterable[str], trees: Mapping[str, List[ast.AST]]) -> None:
        """Trace what runs in these files from now on; `trees` are the statements of each."""
        self._files = frozenset(files)
        self._statements, self._targets, self._found = {}, {}, {}
        self._lines = self._calls = self._stale = self._pauses = 0
        for name, parts in trees.items():
            for tree in parts:
                self._learn(name, tree)
        if sys.gettrace() is None:
            self._tracing = True
            sys.settrace(self._called)

    def join(self, frame: Optional[FrameType]) -> None:
        """Trace those functions too that are running already, in this frame and in those that called it."""
        while frame is not None and self._tracing:
            if frame.f_code.co_filename in self._files:
                frame.f_trace = _FrameTrace(self, frame.f_code.co_filename)
            frame = frame.f_back

    def stop(self) -> None:
        """Trace no more."""
        self._paused = False
        if self._tracing:
            self._tracing = False
            sys.settrace(None)

    def resume(self) -> None:
        """A model is called, or a step is over: what follows may be the learner's code again."""
        if self._paused and sys.gettrace() is None:
            self._paused, self._tracing, self._calls = False, True, 0
            sys.settrace(self._called)

    def finish(self, names: Mapping[str, Any], file: str, own: range) -> None:
        """The run is over: what was not traced is read from the namespace, where the last line that makes it stands.

        Only the lines `own` of `file`, the learner's own cell, are looked at: those of other cells did not run now.
        """
        self.stop()
        last: Dict[str, Place] = {}
        for place, targets in self._targets.items():
            for name in targets:
                last[name] = max(last.get(name, place), place)
        seen = {(file, line) for file, line, _ in self._found}
        for name, place in last.items():
            if place not in seen and name in names and place[0] == file and place[1] in own:
                self._keep(place, name, names[name])

    def _learn(self, name: str, tree: ast.AST) -> None:
        statements = self._statements.setdefault(name, {})
        for node in ast.walk(tree):
            if not isinstance(node, ast.stmt):
                continue
            compound = hasattr(node, "body")
            end = node.lineno if compound else node.end_lineno or node.lineno
            for line in range(node.lineno, end + 1):
                statements.setdefault(line, node.lineno)
            parts = [getattr(node, "target", None)] if compound else [node]
            parts += [item.optional_vars for item in getattr(node, "items", ())]
            stored = [
                one.id
                for part in parts
                if part is not None
                for one in ast.walk(part)
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            ]
            if stored:
                place = (name, node.lineno)
                self._targets[place] = tuple(dict.fromkeys((*self._targets.get(place, ()), *stored)))

    def _called(self, frame: FrameType, event: str, arg: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in self._files:
            self._calls += 1
            # A compiler at work must not be traced, nor what it has made.
            if name.endswith(_COMPILER) and frame.f_code.co_name != "<module>":
                self.stop()
            elif self._calls > MAX_CALLS:
                self.stop()
                self._pauses += 1
                self._paused = self._pauses <= MAX_PAUSES
            return None
        self._calls = 0
        if frame.f_code.co_name[:1] != "<":
            arguments = frame.f_code.co_varnames[: frame.f_code.co_argcount]
            self._look(frame, (name, frame.f_code.co_firstlineno), arguments)
        return _FrameTrace(self, name)

    def _line_ran(self, frame: FrameType, name: str, statement: int) -> bool:
        """A statement is done; whether to go on."""
        self._lines += 1
        self._stale += 1
        self._look(frame, (name, statement), self._targets.get((name, statement), ()))
        if self._lines > MAX_LINES or self._stale > MAX_STALE:
            self.stop()
        return self._tracing

    def _look(self, frame: FrameType, place: Place, names: Iterable[str]) -> None:
        wanted = [name for name in names if (*place, name) not in self._found]
        if not wanted:
            return
        local = frame.f_locals
        for name in wanted:
            if name in local:
                self._keep(place, name, local[name])

    def _keep(self, place: Place, name: str, value: Any) -> None:
        if not isinstance(value, torch.Tensor) or len(self._found) >= 4 * MAX_ROWS:
            return
        file, line = place
        try:
            with unseen():
                self._found[file, line, name] = {
                    "line": line,
                    "name": clean(name, 40),
                    "shape": list(value.shape)[:12],
                    "dtype": str(value.dtype).replace("torch.", ""),
                    "graph": value.requires_grad,
                    "source": clean(linecache.getline(file, line).strip(), 60),
                }
                self._stale = 0
        except Exception:  # noqa: BLE001  the learner's own classes may do anything when they are asked
            pass

    def statement(self, name: str, line: int) -> int:
        """The first line of the statement that a line belongs to."""
        return self._statements.get(name, {}).get(line, line)


class _FrameTrace:
    """The trace function of one frame: a statement is done when another one begins, or the frame ends."""

    def __init__(self, trace: LineTrace, name: str) -> None:
        self._trace, self._name = trace, name
        self._statement: Optional[int] = None

    def __call__(self, frame: FrameType, event: str, arg: Any) -> Optional[_FrameTrace]:
        if event == "exception":
            self._statement = None  # it was not done
            return self
        statement = self._trace.statement(self._name, frame.f_lineno) if event == "line" else None
        before = self._statement
        if before is None or before == statement:
            self._statement = statement
            return self
        self._statement = statement
        if not self._trace._line_ran(frame, self._name, before):
            frame.f_trace = None
            return None
        return self
