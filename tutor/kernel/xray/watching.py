"""Who looks at what: asks the parts of the X-ray for their reports when somebody wants them, and only then."""

from __future__ import annotations

import ast
from typing import Any, Callable, Dict, List, Mapping, Sequence

from tutor.kernel.xray.reports import Row, report
from tutor.kernel.xray.variables import Variables
from tutor.runner.protocol import Cell, Event, Watch

Reporter = Callable[[], None]


class XRay:
    """The X-ray of one kernel process. All but `watch` is called by the thread that runs the learner's code.

    `names` is the namespace. What goes wrong in here is told as a report with a "problem", and goes nowhere else.
    """

    def __init__(self, send: Callable[[Event], None], names: Mapping[str, Any]) -> None:
        self._send = send
        self._watch = Watch()
        self._run = ""
        self._cells: Sequence[Cell] = ()
        self._variables = Variables(names)
        self._reporters: Dict[str, Reporter] = {"variables": self._tell_variables}

    def watch(self, wanted: Watch) -> None:
        """Somebody looks at these views now; called by the reader's thread."""
        self._watch = wanted

    def sees(self, view: str) -> bool:
        """Whether somebody looks at a view."""
        return view in self._watch.views

    def begin(self, run: str, cells: Sequence[Cell]) -> None:
        """The learner's own cell is about to run."""
        self._run, self._cells = run, cells

    def end(self) -> None:
        """The cells have run, and the namespace is still as they left it."""
        self._variables.stale = True
        self.look()

    def look(self) -> None:
        """Report all that is looked at. Nothing runs."""
        for view in self._watch.views:
            reporter = self._reporters.get(view)
            if reporter is None:
                continue
            try:
                reporter()
            except Exception as error:  # noqa: BLE001  looking at a program never breaks it
                self._tell(view, [], problem=f"{type(error).__name__}: {error}"[:300])

    def _tell(self, view: str, rows: List[Row], **more: Any) -> None:
        self._send(report(self._run, view, rows, **more))

    def _tell_variables(self) -> None:
        if self._variables.stale:
            self._variables.ran(_trees(self._cells))
        self._tell("variables", self._variables.rows())


def _trees(cells: Sequence[Cell]) -> List[ast.AST]:
    trees: List[ast.AST] = []
    for cell in reversed(cells):  # the learner's own cell is the last one
        try:
            trees.append(ast.parse(cell.source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return trees
