"""Turning SIGINT into a KeyboardInterrupt in the learner's code, and nowhere else."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Callable, Iterator, Optional

from tutor.kernel.tracebacks import chain

PAUSE_SECONDS = 0.25
"""So long after one KeyboardInterrupt there is no second: it would hit the code that deals with the first."""

RECENT_SECONDS = 1.0
"""An error that ends a run so soon after a KeyboardInterrupt comes from it, though it may not be chained to it."""

CLEAN_UP_SECONDS = 1.0
"""So long may a destructor take after an interrupt until it is interrupted too."""

MAX_DEFERRALS = 100
"""So many ticks of 50 ms an import or the start of a process may go on before it is interrupted nevertheless."""


class Interrupts:
    """Raises KeyboardInterrupt in the main thread while it is armed.

    One that comes after a run was expected and before it is armed waits until then. None comes in the middle of an
    import: a half-imported `torch._dynamo` or `sympy` would stay broken for the rest of the session. The ticker asks
    again, and `notice` gets a sentence. Nor does one come while `multiprocessing` starts a process: nobody would know
    of it, and it would stay. It also asks again where Python had to ignore the exception, which it does in `__del__`
    and around a fork.
    """

    def __init__(self, notice: Callable[[str], None]) -> None:
        self._raised = False
        self._expected = False
        self._waiting = False
        self._notice = notice
        self._main = threading.main_thread().ident or 0
        self._armed = False
        self._forced = False
        self._cleaning = False
        self._deferrals = 0
        self._last = 0.0

    def install(self) -> None:
        """Take SIGINT over in this process."""
        signal.signal(signal.SIGINT, self._on_signal)
        sys.unraisablehook = self._on_unraisable

    def leave_alone(self) -> None:
        """In a forked child: the kernel gets the signal too, and ends its workers itself."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._armed = False

    def caused(self, error: BaseException) -> bool:
        """Whether an error that ended a run comes from a KeyboardInterrupt of ours: by its chain, or by its time."""
        if not self._raised:
            return False
        recent = time.monotonic() - self._last < RECENT_SECONDS
        return recent or any(isinstance(one, KeyboardInterrupt) for one in chain(error))

    def expect(self) -> None:
        """A run has been asked for; called by the reader's thread."""
        self._expected = True

    def begin(self) -> None:
        """A run begins."""
        self._raised = False
        self._last = 0.0

    def end(self) -> None:
        """A run has ended. A signal that its code had blocked comes now and not in the next run."""
        self._listen()
        self._expected = self._waiting = False

    def arm(self) -> None:
        """The learner's code is about to run. Whatever it did to SIGINT before is undone."""
        self._listen()
        self._deferrals = 0
        self._forced = False
        self._armed = True
        if self._waiting:
            self._remember()
            raise KeyboardInterrupt

    def disarm(self) -> None:
        """The learner's code is over."""
        self._armed = False
        if self._forced:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._main), None)

    def _listen(self) -> None:
        signal.signal(signal.SIGINT, self._on_signal)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])

    def force(self) -> None:
        """Raise it from another thread, for code that ignores SIGINT: at the next bytecode of the main thread."""
        if self._armed and time.monotonic() - self._last > PAUSE_SECONDS:
            self._remember()
            self._forced = True
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._main), ctypes.py_object(KeyboardInterrupt))

    @contextmanager
    def cleaning_up(self) -> Iterator[None]:
        """For destroying what a run left behind.

        An interrupt may have fallen between the taking of a lock and the note that it is taken. A destructor that
        wants this lock, such as that of a data loader, would then wait for ever: it is interrupted after a second.
        """
        if not self._raised:
            yield
            return
        done = threading.Event()

        def watch() -> None:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
            while not done.wait(CLEAN_UP_SECONDS):
                signal.pthread_kill(self._main, signal.SIGINT)

        self._cleaning, self._waiting = True, False
        try:
            self.arm()
            threading.Thread(target=watch, name="clean-up limit", daemon=True).start()
            yield
        except KeyboardInterrupt:
            pass
        finally:
            done.set()
            self.disarm()
            self._cleaning = False

    def ask_again(self) -> None:
        """Called by the ticker: send the signal again that came in the middle of an import."""
        if self._deferrals:
            signal.pthread_kill(self._main, signal.SIGINT)

    def _on_signal(self, number: int, frame: Optional[FrameType]) -> None:
        if time.monotonic() - self._last < PAUSE_SECONDS:
            return
        if not self._armed:
            self._waiting = self._expected
            return
        if self._deferrals < MAX_DEFERRALS:
            importing = _importing(frame)
            if importing or _starting(frame):
                if importing and not self._deferrals:
                    self._notice("Finishing an import, then stopping.")
                self._deferrals += 1
                return
        self._remember()
        raise KeyboardInterrupt

    def _on_unraisable(self, unraisable: sys.UnraisableHookArgs) -> None:
        if self._cleaning:  # what the interrupt left half made, such as a loader without all of its workers
            return
        if not self._armed or unraisable.exc_type is not KeyboardInterrupt:
            sys.__unraisablehook__(unraisable)
        else:
            self._last = 0.0
            self._deferrals = 1

    def _remember(self) -> None:
        self._last = time.monotonic()
        self._deferrals = 0
        self._waiting = False
        self._raised = True


def _importing(frame: Optional[FrameType]) -> bool:
    return any(code.co_filename.startswith("<frozen importlib") for code in _codes(frame))


def _starting(frame: Optional[FrameType]) -> bool:
    module = sys.modules.get("multiprocessing.process")
    return module is not None and any(code is module.BaseProcess.start.__code__ for code in _codes(frame))


def _codes(frame: Optional[FrameType]) -> Iterator[CodeType]:
    """What runs, from the inside out."""
    while frame is not None:
        yield frame.f_code
        frame = frame.f_back
