"""Who looks at what: asks the parts of the X-ray for their reports when somebody wants them, and only then."""

from __future__ import annotations

import math
import os
import sys
import time
from types import FrameType
from typing import Any, Callable, Dict, FrozenSet, Iterable, Mapping, Optional, Sequence

import torch

from tutor.kernel import unseen
from tutor.kernel.hooks import Hooks
from tutor.kernel.sources import Sources
from tutor.kernel.xray import attention, figures, layers, lines, names, reports, scope, steps, variables
from tutor.kernel.xray.cells import Cells
from tutor.kernel.xray.gradients import gradient_rows
from tutor.kernel.xray.graph import last_loss, tree
from tutor.kernel.xray.lastlooks import pictures, steps_of
from tutor.kernel.xray.layers import LayerWatch
from tutor.kernel.xray.lines import LineTrace
from tutor.kernel.xray.names import Names
from tutor.kernel.xray.remembered import Remembered
from tutor.kernel.xray.reports import report
from tutor.kernel.xray.scope import Scope
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

FIRST_PASSES = "Seen in the first passes: while the script runs, an open X-ray goes on looking."


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
        hooks.look = self._stepped
        self._watch = Watch()
        self._awake = self._script = False
        self._run = ""
        self._cells = Cells(sources)
        self._graph: Dict[str, Any] = {}
        self._files: FrozenSet[str] = frozenset()
        self._told = self._telling = 0.0
        self._names = Names(namespace)
        self._scope = Scope(namespace, self._names)
        self._variables = Variables(namespace)
        self._remembered = Remembered()
        self._lines = LineTrace()
        self._layers = LayerWatch(self._name_of, self._lines.resume)
        self._steps = Steps(self._names, frozenset())
        self._travel = Travel()
        self._finds = 0
        self._reporters: Dict[str, Callable[[], Dict[str, Any]]] = {
            "variables": self._of_variables,
            "shapes": lambda: {"rows": self._layers.shapes(), "lines": self._lines.rows, **self._note()},
            "activations": lambda: {"rows": self._layers.figures(), **self._note()},
            "weights": lambda: picture(self._watch.subject, self._by_use(), self._layers.attention),
            "gradients": lambda: gradient_rows(self._steps),
            "graph": self._of_graph,
            "steps": lambda: self._travel.told(self._watch.subject, self._by_use()),
        }
        modules = (attention, figures, layers, lines, names, reports, scope, steps, variables)
        unseen.hide_from_dynamo(sys.modules[__name__], *modules)
        os.register_at_fork(after_in_child=self._forked)

    def watch(self, wanted: Watch) -> None:
        """Somebody looks at these views now; called by the reader's thread."""
        self._watch = wanted
        if not self._hooks.quiet and wanted.views:
            self._hooks.look_at(0)  # a run is under way: look at its next step

    def sees(self, view: str) -> bool:
        """Whether somebody looks at a view."""
        return view in self._watch.views

    def begin(self, run: str, cells: Sequence[Cell], script: bool) -> None:
        """The learner's own cell, the last one, is about to run; capture has begun.

        A script's process ends with it. So its first passes are looked at even when nobody does: later is too late.
        """
        self._run, self._script, self._files = run, script, self._cells.begin(cells)
        self._steps = Steps(self._names, self._files)
        self._travel.add(self._steps)
        self._layers.forget(any(type(one).__name__ == "OptimizedModule" for one in self._namespace.values()))
        self._scope.forget()
        self._remembered = Remembered()
        self._told = 0.0
        self._graph, self._finds = {}, 0
        self._hooks.look_at(0)
        self._awake = bool(self._watch.views)
        if self._awake or script:
            self._layers.arm()
        if self._awake:  # whoever looks at one view may turn to another when the run is over
            self._lines.start(self._files, self._cells.trees())

    def end(self, last: bool) -> None:
        """The cells have run, and the namespace is still as they left it.

        With `last` it goes with its process, as a script's does: then every view with something in it is told for good.
        """
        self._lines.stop()
        self._layers.disarm()
        self._variables.stale = True
        self._safely("", lambda: self._steps.close(self._hooks.passes))
        if self._awake:
            self._safely("shapes", lambda: self._cells.finish(self._lines, self._namespace))
        self.look()
        if last:
            for view in self._reporters:
                self._safely(view, lambda: self._tell_for_good(view))  # noqa: B023  called at once

    def look(self) -> None:
        """Report all that is looked at. Nothing runs, or a step of a training is over."""
        for view in self._watch.views:
            reporter = self._reporters.get(view)
            if reporter is not None:
                self._safely(view, lambda: self._tell(view, reporter()))  # noqa: B023  called at once

    def _stepped(self, loss: torch.Tensor, frame: FrameType) -> None:
        """A backward pass is over."""
        watched = bool(self._watch.views)
        self._hooks.look_at(math.inf)
        try:
            self._scope.release()
            following = self._steps.look(loss, frame, self._hooks.passes, watched=watched)
            if self._steps.finds != self._finds:
                self._finds = self._steps.finds
                self._scope.keep(frame, self._files)
        except Exception as error:  # noqa: BLE001  looking at a program never breaks it
            self._say_problem("gradients", error)
            return
        self._hooks.look_at(following)
        if self._script and self._steps.milestone:
            self._safely("variables", lambda: self._remember(loss, frame))
        self._layers.disarm()
        if not watched:
            return
        self._lines.resume()
        now = time.monotonic()
        due = now - self._told >= max(REPORT_SECONDS, self._telling / REPORT_SHARE)
        if due:
            self._safely("graph", lambda: self._read_graph("loss", loss, frame))
        if due or self._steps.milestone:
            self._layers.arm(passes=1)
        if due:
            self._told = now
            self._scope.enter(frame, self._files)
            self.look()
            self._scope.leave()
            if not self._awake:  # somebody has begun to look in the middle of a run
                self._awake = True
                self._lines.start(self._files, self._cells.trees())
                self._lines.join(frame)
            self._telling = time.monotonic() - now

    def _remember(self, loss: torch.Tensor, frame: FrameType) -> None:
        """Keep in words what goes when the functions of a script end."""
        began = time.thread_time()
        self._variables.use(self._cells.used())
        self._scope.enter(frame, self._files)
        self._remembered.take(self._hooks.passes + 1, self._variables.rows(self._scope.functions))
        self._scope.leave()
        if not self._graph:
            self._read_graph("loss", loss, frame)
        self._steps.charge(time.thread_time() - began)

    def _safely(self, view: str, action: Callable[[], None]) -> None:
        try:
            with torch.no_grad():
                action()
        except Exception as error:  # noqa: BLE001  looking at a program never breaks it
            self._say_problem(view, error)

    def _say_problem(self, view: str, error: Exception) -> None:
        if self.sees(view):
            self._tell(view, {"problem": f"{type(error).__name__}: {error}"[:300]})

    def _tell(self, view: str, found: Mapping[str, Any]) -> None:
        self._send(report(self._run, view, **found))

    def _tell_for_good(self, view: str) -> None:
        looks: Iterable[Dict[str, Any]]
        if view == "weights":  # attention of the first passes alone would show nothing that was learned
            looks = pictures(self._by_use(), self._layers.attention if self._awake else {})
        elif view == "steps":
            looks = steps_of(self._travel, self._by_use())
        else:
            looks = [self._reporters[view]()]
        for look in looks:
            if any(look.values()):
                text = report(self._run, view, **look).text
                self._send(LastLook(run=self._run, view=view, text=text))

    def _of_variables(self) -> Dict[str, Any]:
        if self._variables.stale:
            self._variables.ran(self._cells.used())
        return self._remembered.added(self._variables.rows(self._scope.functions))

    def _by_use(self) -> Dict[str, Any]:
        """What functions hold and the namespace, with what the last run used before all the rest."""
        known = self._scope.all()
        return {**{name: known[name] for name in self._cells.used() if name in known}, **known}

    def _of_graph(self) -> Dict[str, Any]:
        found = last_loss(self._namespace) if self._hooks.quiet or not self._graph else None
        if found is not None:
            self._read_graph(*found, None)
        return self._graph

    def _read_graph(self, name: str, loss: torch.Tensor, frame: Optional[FrameType]) -> None:
        named = self._names.parameters(frame, self._files)
        self._graph = tree(name, loss, named, self._cells.cuts(self._lines.rows))

    def _note(self) -> Dict[str, str]:
        """What is to be said where no layers are shown, or not those of now."""
        if self._layers.compiled:
            return {"note": "The layers of a compiled model cannot be seen."}
        if self._layers.shapes():
            return {} if self._awake else {"note": FIRST_PASSES}
        return {"note": "The last run called no layers of a model (torch.nn)."} if self._awake else {}

    def _name_of(self, model: torch.nn.Module) -> str:
        return self._names.model(model, sys._getframe(1), self._files)

    def _forked(self) -> None:
        """In a forked child nobody looks."""
        self._watch = Watch()
        self._layers.disarm()
        self._lines.stop()
