"""Looking at a learner's tensors without being seen by what watches them, and without being compiled.

Subclasses of `Tensor`, function modes and dispatch modes are told of every call on a tensor; what they print or count
must not change because a number was read for the plot. `torch.compile` compiles every Python function that is called
below a compiled one; in a compiled copy of ours `is_compiling()` is true and frames are not the learner's.
"""

from __future__ import annotations

import sys
from types import CodeType, FunctionType, ModuleType
from typing import Any, Iterator, List

import torch
from torch.utils._python_dispatch import _disable_current_modes

eval_frame: Any = torch._C._dynamo.eval_frame


class unseen:  # noqa: N801  a context manager, used like a function
    """Within, nobody is told of calls on tensors, and nothing is compiled."""

    def __enter__(self) -> None:
        self._compiler = eval_frame.set_eval_frame(None)
        self._watchers: List[Any] = [torch._C.DisableTorchFunction(), _disable_current_modes()]
        for watcher in self._watchers:
            watcher.__enter__()

    def __exit__(self, *error: object) -> None:
        for watcher in reversed(self._watchers):
            watcher.__exit__(None, None, None)
        eval_frame.set_eval_frame(self._compiler)


def hide_from_dynamo(*modules: ModuleType) -> None:
    """Have no function of these modules, and of this one, compiled; as part of a compiled caller it still may be."""
    for module in (*modules, sys.modules[__name__]):
        for value in vars(module).values():
            functions = [value, *vars(value).values()] if isinstance(value, type) else [value]
            for function in functions:
                if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                    for code in _codes(function.__code__):
                        _skip(code)


def _skip(code: CodeType) -> None:
    if hasattr(eval_frame, "set_code_exec_strategy"):  # torch 2.7 and later
        action = eval_frame._FrameAction
        eval_frame.set_code_exec_strategy(code, eval_frame._FrameExecStrategy(action.SKIP, action.DEFAULT))
    else:
        eval_frame.skip_code(code)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
