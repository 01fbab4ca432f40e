"""Where output is shown: its size and colours, told to the learner's code as a terminal would tell them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Union

from tutor.runner.protocol.requests import Check, Run


class Stage:
    """Sets `COLUMNS` and `LINES`, which Python, plotext and others read, and `PYTUTOR_INK`, which `kit.show` reads.

    Processes that the code starts have them too. Where a request knows no size, it is what it was at the beginning.
    """

    def __init__(self) -> None:
        self._before = {name: os.environ.get(name) for name in ("COLUMNS", "LINES")}

    def become(self, request: Union[Run, Check]) -> None:
        """Be what the client of this request looks at."""
        os.environ["PYTUTOR_INK"] = request.ink
        for name, size in (("COLUMNS", request.columns), ("LINES", request.lines)):
            before = self._before[name]
            if size > 0:
                os.environ[name] = str(size)
            elif before is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = before
        _prepare_plotext(request.columns, request.lines)


def _prepare_plotext(columns: int, lines: int) -> None:
    """A plot that was shown is finished: a cell that runs again draws its own, not a second one over the first.

    plotext asks for the size when it begins a figure: one that is not shown yet is told of a new size, unless the
    learner has chosen one.
    """
    figure = getattr(sys.modules.get("plotext._core"), "_figure", None)
    if figure is None:
        return
    with suppress(Exception):  # private to plotext: another version draws in the size it had
        if figure._time is not None and not figure._interactive:
            figure.clear_figure()
            return
        if columns <= 0 or lines <= 0:
            return
        before = list(figure._size_term)
        figure._set_terminal_size(columns, lines)
        if list(figure._size_term) != before and list(figure._size) == before:
            figure._set_size(None, None)
            figure._set_master_size()
