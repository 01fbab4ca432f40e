"""What the learner calls a model or a parameter: the variable that holds it, and the path from there."""

from __future__ import annotations

from types import FrameType
from typing import Any, Dict, FrozenSet, Iterator, List, Mapping, NamedTuple, Optional, Tuple

import torch
from torch import nn

from tutor.kernel.frames import variables

_MOST = 2_000
"""Parameters that are named."""


class Named(NamedTuple):
    """A leaf that learns. `owner` is the id of the model that it belongs to, 0 for none."""

    name: str
    leaf: torch.Tensor
    owner: int


class Names:
    """Finds names in the namespace, and in the learner's functions that are running."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def model(self, module: nn.Module, frame: Optional[FrameType], files: FrozenSet[str]) -> str:
        """The variable that holds a model, else its class."""
        for scope in self.scopes(frame, files):
            for name, value in list(scope.items()):
                if value is module and name != "self":
                    return name
        return type(module).__name__

    def scopes(self, frame: Optional[FrameType], files: FrozenSet[str]) -> Iterator[Mapping[str, Any]]:
        """The variables of the learner's functions that are running, the innermost first, then the namespace."""
        for _, scope in self.functions(frame, files):
            yield scope
        yield self._names

    def functions(self, frame: Optional[FrameType], files: FrozenSet[str]) -> Iterator[Tuple[str, Mapping[str, Any]]]:
        """The learner's functions that are running, the innermost first: the name of each and its variables.

        What a method sees as `self.model` is among them, unless `self` is itself a model.
        """
        while frame is not None:
            scope = variables(frame) if frame.f_code.co_filename in files else self._names
            if scope is not self._names:
                yield frame.f_code.co_name, {**scope, **_attributes(scope.get("self"))}
            frame = frame.f_back

    def parameters(self, frame: Optional[FrameType], files: FrozenSet[str]) -> Dict[int, Named]:
        """Names of all leaves that learn, by their id: of variables, of lists of them, and of models' parameters.

        Where there is a single model, its own name is left out: `fc1.weight`.
        """
        found: Dict[int, Named] = {}
        models: List[Tuple[str, nn.Module]] = []
        for scope in self.scopes(frame, files):
            for name, value in list(scope.items()):
                if isinstance(value, nn.Module):
                    if next(value.parameters(), None) is not None and all(value is not model for _, model in models):
                        models.append((name, value))
                elif isinstance(value, torch.Tensor):
                    _add(found, name, value)
                elif type(value) in (list, tuple) and len(value) <= 64:
                    for at, one in enumerate(value):
                        _add(found, f"{name}[{at}]", one)
                elif type(value) is dict and len(value) <= 64:
                    for key, one in value.items():
                        _add(found, f"{name}[{key!r}]" if isinstance(key, (str, int)) else name, one)
        whole = outermost(models)
        for name, model in whole:
            for path, parameter in model.named_parameters():
                if len(found) >= _MOST:
                    break
                if parameter.requires_grad:
                    path = path.replace("_orig_mod.", "")  # of a compiled model
                    said = path if len(whole) == 1 else f"{name}.{path}"
                    found[id(parameter)] = Named(said, parameter, id(model))
        return found


def _attributes(holder: Any) -> Dict[str, Any]:
    """What an object of the learner's own class holds, as its methods write it."""
    try:
        held = object.__getattribute__(holder, "__dict__")
    except AttributeError:
        return {}
    if type(held) is not dict or isinstance(holder, nn.Module):
        return {}
    return {f"self.{name}": value for name, value in list(held.items()) if type(name) is str}


def outermost(models: List[Tuple[str, nn.Module]]) -> List[Tuple[str, nn.Module]]:
    """Those models that are no part of another one, each once: under the first of its names."""
    inner = {id(part) for _, model in models for part in model.modules() if part is not model}
    found: Dict[int, Tuple[str, nn.Module]] = {}
    for name, model in models:
        if id(model) not in inner and name != "self":
            found.setdefault(id(model), (name, model))
    return list(found.values())


def _add(found: Dict[int, Named], name: str, value: Any) -> None:
    if isinstance(value, torch.Tensor) and value.requires_grad and value.is_leaf:
        found.setdefault(id(value), Named(name, value, 0))
