"""Who looks at what: asks the parts of the X-ray for their reports when somebody wants them, and only then."""

from __future__ import annotations

import ast
import math
import os
import sys
import time
from types import FrameType
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, Optional, Sequence

import torch

from tutor.kernel import unseen
from tutor.kernel.hooks import Hooks
from tutor.kernel.sources import Sources
from tutor.kernel.xray import figures, layers, lines, names, reports, steps, variables
from tutor.kernel.xray.cuts import cuts
from tutor.kernel.xray.gradients import gradient_rows
from tutor.kernel.xray.graph import last_loss, tree
from tutor.kernel.xray.layers import LayerWatch
from tutor.kernel.xray.lines import LineTrace
from tutor.kernel.xray.names import Names
from tutor.kernel.xray.reports import Row, report
from tutor.kernel.xray.steps import Steps
from tutor.kernel.xray.travel import Travel
from tutor.kernel.xray.variables import Variables
from tutor.kernel.xray.weights import picture
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Watch
from tutor.runner.protocol.session_events import LastLook

REPORT_SECONDS = 0.25
REPORT_SHARE = 0.01
"""While code runs, reports are so many seconds apart at least, and take so much of its time at most."""

ONLY_THE_END = "This is kept of a script that has ended: how it was at its end. While it runs, there is more to choose."


class XRay:
    """The X-ray of one kernel process. All but `watch` is called by the thread that runs the learner's code.

    `namespace` is where cells run. What goes wrong in here is told as a report with a "problem", and goes nowhere else.
    """

    def __init__(
        self, send: Callable[[Event], None], namespace: Mapping[str, Any], hooks: Hooks, sources: Sources
    ) -> None:
        self._send = send
        self._namespace = namespace
        self._hooks = hooks
        self._sources = sources
        self._past: Dict[str, Cell] = {}
        hooks.look = self._stepped
        self._watch = Watch()
        self._awake = False
        self._run = ""
        self._cells: Sequence[Cell] = ()
        self._graph: Dict[str, Any] = {}
        self._files: FrozenSet[str] = frozenset()
        self._told = self._telling = 0.0
        self._for_good = False
        self._names = Names(namespace)
        self._variables = Variables(namespace)
        self._lines = LineTrace()
        self._layers = LayerWatch(self._name_of, self._lines.resume)
        self._steps = Steps(self._names, frozenset())
        self._travel = Travel()
        self._reporters: Dict[str, Callable[[], None]] = {
            "variables": self._tell_variables,
            "shapes": lambda: self._tell("shapes", self._layers.shapes(), lines=self._lines.rows, **self._note()),
            "activations": lambda: self._tell("activations", self._layers.figures(), **self._note()),
            "weights": lambda: self._tell(
                "weights", **picture(self._watch.subject, self._by_use(), self._layers.attention)
            ),
            "gradients": lambda: self._tell("gradients", **gradient_rows(self._steps)),
        }
        self._reporters["graph"] = self._tell_graph
        self._reporters["steps"] = lambda: self._tell("steps", **self._travel.told(self._watch.subject, self._by_use()))
        modules = (sys.modules[__name__], figures, layers, lines, names, reports, steps, variables)
        unseen.hide_from_dynamo(*modules)
        os.register_at_fork(after_in_child=self._forked)

    def watch(self, wanted: Watch) -> None:
        """Somebody looks at these views now; called by the reader's thread."""
        self._watch = wanted
        if not self._hooks.quiet and wanted.views:
            self._hooks.look_at(0)  # a run is under way: look at its next step

    def sees(self, view: str) -> bool:
        """Whether somebody looks at a view."""
        return view in self._watch.views

    def begin(self, run: str, cells: Sequence[Cell]) -> None:
        """The learner's own cell, the last one, is about to run; capture has begun."""
        self._run, self._cells, self._files = run, cells, self._sources.names
        self._past.update((cell.key, cell) for cell in cells)
        self._steps = Steps(self._names, self._files)
        self._travel.add(self._steps)
        self._layers.forget(any(type(one).__name__ == "OptimizedModule" for one in self._namespace.values()))
        self._told = 0.0
        self._graph = {}
        self._hooks.look_at(0)
        self._awake = bool(self._watch.views)
        if self._awake:  # whoever looks at one view may turn to another when the run is over
            self._layers.arm()
            self._lines.start(self._files, self._trees())

    def end(self, last: bool) -> None:
        """The cells have run, and the namespace is still as they left it.

        With `last` it goes with its process, as a script's does: then every view with something in it is told for good.
        """
        self._lines.stop()
        self._layers.disarm()
        self._variables.stale = True
        self._safely("", lambda: self._steps.close(self._hooks.passes))
        if self._watch.views:
            self._safely("shapes", self._finish_lines)
        self.look()
        if last:
            self._for_good = True
            for view, reporter in self._reporters.items():
                self._safely(view, reporter)
            self._for_good = False

    def look(self) -> None:
        """Report all that is looked at. Nothing runs, or a step of a training is over."""
        for view in self._watch.views:
            reporter = self._reporters.get(view)
            if reporter is not None:
                self._safely(view, reporter)

    def _stepped(self, loss: torch.Tensor, frame: FrameType) -> None:
        """A backward pass is over."""
        watched = bool(self._watch.views)
        self._hooks.look_at(math.inf)
        try:
            following = self._steps.look(loss, frame, self._hooks.passes, watched=watched)
        except Exception as error:  # noqa: BLE001  looking at a program never breaks it
            self._say_problem("gradients", error)
            return
        self._hooks.look_at(following)
        if not watched:
            return
        self._layers.disarm()
        self._lines.resume()
        now = time.monotonic()
        due = now - self._told >= max(REPORT_SECONDS, self._telling / REPORT_SHARE)
        if due:
            self._safely("graph", lambda: self._read_graph("loss", loss, frame))
        if due or self._steps.milestone:
            self._layers.arm(passes=1)
        if due:
            self._told = now
            self.look()
            self._telling = time.monotonic() - now

    def _safely(self, view: str, action: Callable[[], None]) -> None:
        try:
            with torch.no_grad():
                action()
        except Exception as error:  # noqa: BLE001  looking at a program never breaks it
            self._say_problem(view, error)

    def _say_problem(self, view: str, error: Exception) -> None:
        if self.sees(view):
            self._tell(view, problem=f"{type(error).__name__}: {error}"[:300])

    def _tell(self, view: str, rows: Optional[List[Row]] = None, **more: Any) -> None:
        if not self._for_good:
            self._send(report(self._run, view, rows or [], **more))
        elif rows or any(more.values()):
            if view in ("weights", "steps"):
                more["note"] = ONLY_THE_END
            if view == "weights":
                more["subjects"] = [more["subject"]]
            self._send(LastLook(run=self._run, view=view, text=report(self._run, view, rows or [], **more).text))

    def _tell_variables(self) -> None:
        if self._variables.stale:
            self._variables.ran(self._used())
        self._tell("variables", self._variables.rows())

    def _used(self) -> List[str]:
        """The names in the cells of the last run, the learner's own cell first, in the order in which they stand."""
        used: List[str] = []
        for cell in reversed(self._cells):
            found = [one for tree in _parsed(cell) for one in ast.walk(tree) if isinstance(one, ast.Name)]
            used += [one.id for one in sorted(found, key=lambda one: (one.lineno, one.col_offset))]
        return list(dict.fromkeys(used))

    def _by_use(self) -> Dict[str, Any]:
        """The namespace with what the last run used before all the rest."""
        used = {name: self._namespace[name] for name in self._used() if name in self._namespace}
        return {**used, **self._namespace}

    def _tell_graph(self) -> None:
        found = last_loss(self._namespace) if self._hooks.quiet or not self._graph else None
        if found is not None:
            self._read_graph(*found, None)
        self._tell("graph", **self._graph)

    def _read_graph(self, name: str, loss: torch.Tensor, frame: Optional[FrameType]) -> None:
        named = self._names.parameters(frame, self._files)
        own = self._cells[-1:]
        others = [cell for cell in self._past.values() if cell not in own]
        trees = [[one for cell in cells for one in _parsed(cell)] for cells in (own, others)]
        self._graph = tree(name, loss, named, cuts(trees[0], trees[1], self._lines.rows))

    def _finish_lines(self) -> None:
        for cell in self._cells[-1:]:
            own = range(cell.line, cell.line + len(cell.source.splitlines()))
            self._lines.finish(self._namespace, self._sources.place(cell), own)

    def _note(self) -> Dict[str, str]:
        """What is to be said where no layers are shown."""
        if self._layers.compiled:
            return {"note": "The layers of a compiled model cannot be seen."}
        silent = self._awake and not self._layers.shapes()
        return {"note": "The last run called no layers of a model (torch.nn)."} if silent else {}

    def _name_of(self, model: torch.nn.Module) -> str:
        return self._names.model(model, sys._getframe(1), self._files)

    def _trees(self) -> Dict[str, List[ast.AST]]:
        """The syntax trees of all cells that have run, by the names that they were compiled under."""
        trees: Dict[str, List[ast.AST]] = {}
        for cell in self._past.values():
            trees.setdefault(self._sources.place(cell), []).extend(_parsed(cell))
        return trees

    def _forked(self) -> None:
        """In a forked child nobody looks."""
        self._watch = Watch()
        self._layers.disarm()
        self._lines.stop()


def _parsed(cell: Cell) -> List[ast.AST]:
    """The syntax tree of a cell, numbered as its file is; none where it is no Python."""
    try:
        return [ast.parse("\n" * (cell.line - 1) + cell.source)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
