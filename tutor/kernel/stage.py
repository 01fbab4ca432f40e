"""Where output is shown: its size and colours, told to the learner's code as a terminal would tell them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Union

from tutor.runner.protocol import Check, Run


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
        if request.columns > 0 and request.lines > 0:
            _fit_plotext(request.columns, request.lines)


def _fit_plotext(columns: int, lines: int) -> None:
    """plotext asks for the size once, when it is imported: tell it of a new one, and leave a size that was chosen."""
    figure = getattr(sys.modules.get("plotext._core"), "_figure", None)
    if figure is None:
        return
    with suppress(Exception):  # private to plotext: another version draws in the size it had
        before = list(figure._size_term)
        figure._set_terminal_size(columns, lines)
        if list(figure._size_term) != before and list(figure._size) == before:
            figure._set_size(None, None)
            figure._set_master_size()
