"""Processes that `multiprocessing` started for the learner's code, such as a data loader's workers: how they end."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import weakref
from contextlib import contextmanager, suppress
from typing import Any, Iterator, List, MutableSet

ENDING_SECONDS = 3.0
"""So long may a process take to end by SIGTERM until it is killed."""

_KILLING_SECONDS = 2.0

_told: MutableSet[Any] = weakref.WeakSet()


def end_workers() -> None:
    """After an interrupt: tell them to end, as ctrl+c in a terminal would. They are told once and not waited for."""
    for child in _children():
        if child not in _told:
            _told.add(child)
            with suppress(OSError):
                _base().terminate(child)


def see_off_workers() -> None:
    """End them, and wait until they have: one that nobody waits for stays in the table of processes as a zombie."""
    with unheard():
        end_workers()
        children = _children()
        if not _have_ended(children, ENDING_SECONDS):
            for child in children:
                with suppress(OSError, ValueError):
                    _base().kill(child)
            _have_ended(children, _KILLING_SECONDS)


@contextmanager
def unheard() -> Iterator[None]:
    """While it lasts no handler of SIGCHLD runs.

    That of data loaders raises an error, wherever the main thread is, about workers that we have ended ourselves.
    """
    handler = signal.getsignal(signal.SIGCHLD)
    if not callable(handler):
        yield
        return
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGCHLD, handler)


def renew_loaders() -> None:
    """Have loaders with `persistent_workers` start others in the next epoch, where those that they keep have ended."""
    module = sys.modules.get("torch.utils.data.dataloader")
    if module is None:
        return
    for one in gc.get_objects():
        if issubclass(type(one), module.DataLoader):
            iterator = vars(one).get("_iterator")
            if iterator is not None and any(child.exitcode is not None for child in vars(iterator).get("_workers", ())):
                vars(one)["_iterator"] = None


def _have_ended(children: List[Any], seconds: float) -> bool:
    """Whether all have ended within a time; to ask a process is to wait for it.

    `join` would wait for the end of a pipe, which their own children may hold open.
    """
    latest = time.monotonic() + seconds
    while any(_base().is_alive(child) for child in children):
        if time.monotonic() > latest:
            return False
        time.sleep(0.002)
    return True


def _children() -> List[Any]:
    """Those that this process has started, and not the one that it was forked from."""
    if "multiprocessing.process" not in sys.modules:
        return []
    found = sys.modules["multiprocessing.process"].active_children()
    return [child for child in found if child._parent_pid == os.getpid()]


def _base() -> Any:
    """What the learner's own kinds of processes derive from: what they made of its methods may not come back."""
    return sys.modules["multiprocessing.process"].BaseProcess
