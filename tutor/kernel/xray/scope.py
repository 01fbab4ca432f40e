"""The variables of a program's functions: of those that run, and what is left of those that have ended."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Dict, FrozenSet, Mapping, NamedTuple, Optional

from torch import nn

from tutor.kernel.xray.names import Names

MOST_BYTES = 64 << 20
"""Models of functions are kept up to this size."""

_ONLY_OURS = 2
"""What `sys.getrefcount` says of an object that only our dictionary holds."""


class Held(NamedTuple):
    """What a variable of a function holds, and the name of the function."""

    value: Any
    function: str


class Scope:
    """Beside the namespace, what the learner's functions see.

    While functions run, all of their variables are seen, from `enter` to `leave`. When they have ended, their models
    are still there, so that one can look into what they have learned: a script has everything in its `main`. They are
    kept while they are small, and only until the learner's program goes on without them.
    """

    def __init__(self, namespace: Mapping[str, Any], names: Names) -> None:
        self._namespace = namespace
        self._names = names
        self._running: Dict[str, Held] = {}
        self._models: Dict[str, nn.Module] = {}
        self._owners: Dict[str, str] = {}

    @property
    def functions(self) -> Dict[str, Held]:
        """The variables of functions by their names, those of the innermost first."""
        models = {name: Held(model, self._owners[name]) for name, model in self._models.items()}
        return {**self._running, **{name: held for name, held in models.items() if name not in self._running}}

    def all(self) -> Dict[str, Any]:
        """Everything that has a name: what functions hold, then the namespace."""
        return {**{name: held.value for name, held in self.functions.items()}, **self._unhidden()}

    def enter(self, frame: Optional[FrameType], files: FrozenSet[str]) -> None:
        """The functions of this frame and those that called it are running."""
        self._running = {}
        for function, scope in self._names.functions(frame, files):
            for name, value in list(scope.items()):
                self._running.setdefault(name, Held(value, function))

    def leave(self) -> None:
        """Hold nothing of them any more but the models that are kept."""
        self._running = {}

    def keep(self, frame: Optional[FrameType], files: FrozenSet[str]) -> None:
        """Keep the models of the functions that are running now, in place of those that were kept."""
        self.enter(frame, files)
        held, self._models, self._owners, left = self._running, {}, {}, MOST_BYTES
        self.leave()
        for name, (value, function) in held.items():
            known = any(value is model for model in self._models.values())
            if isinstance(value, nn.Module) and name != "self" and not known:
                left -= sum(one.numel() * one.element_size() for one in value.parameters())
                if left >= 0:
                    self._models[name], self._owners[name] = value, function

    def release(self) -> None:
        """Let go of the models that the learner's program does not hold any more: it has others now."""
        for name in list(self._models):
            if sys.getrefcount(self._models[name]) <= _ONLY_OURS:
                del self._models[name], self._owners[name]

    def forget(self) -> None:
        """Another run begins."""
        self._running, self._models, self._owners = {}, {}, {}

    def _unhidden(self) -> Dict[str, Any]:
        functions = self.functions
        return {name: value for name, value in list(self._namespace.items()) if name not in functions}
