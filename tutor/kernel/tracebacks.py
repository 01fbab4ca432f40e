"""Exceptions as data: the learner's lines in the lesson's own numbers, without frames of ours."""

from __future__ import annotations

import itertools
import linecache
import os
import sys
import sysconfig
import traceback
from types import CodeType, TracebackType
from typing import Iterator, List, NamedTuple, Optional, Set, Tuple

import tutor.kit
from tutor.kernel.facts import values_of
from tutor.kernel.sources import Sources
from tutor.kernel.texts import clean, message_of
from tutor.runner.protocol.parts import Failure, Frame

HEAD, TAIL = 10, 30
"""So many frames are kept from the start and the end of a deep stack."""

TEXT_FRAMES = 500
"""So many from each end go into the text; Python itself folds those that repeat."""

TEXT_LIMIT = 1 << 16

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_OURS = tuple({_HERE, os.path.realpath(_HERE) + os.sep})
_LIBRARIES = tuple(
    {
        os.path.dirname(os.path.abspath(tutor.kit.__file__)) + os.sep,
        *(sysconfig.get_paths()[kind] + os.sep for kind in ("stdlib", "platstdlib", "purelib", "platlib")),
    }
)
_PACKAGES = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")


class _Place(NamedTuple):
    """A point in a stack; columns are 0-based, in characters."""

    code: CodeType
    line: int
    end_line: Optional[int]
    column: Optional[int]
    end_column: Optional[int]


def failure_of(error: BaseException, sources: Sources) -> Failure:
    """An exception as data. Never raises, whatever the exception is."""
    if isinstance(error, SyntaxError) and error.filename in sources.names and error.lineno:
        error.text = linecache.getline(error.filename, error.lineno)  # Python read the file, which may differ
    places = _places(error.__traceback__)
    frames = [_frame(place, sources) for place in _ends(places, HEAD, TAIL)]
    if isinstance(error, SyntaxError):
        frames += _syntax_frame(error, sources)
    kind = type(error).__name__
    text, message = _texts(error, kind)
    for alias, file in sources.aliases.items():
        text, message = text.replace(alias, file), message.replace(alias, file)
    values = values_of(error, lambda name: _is_code(name) and _learners(name, sources))
    return Failure(kind, message, tuple(frames), text, values)


def forget(error: BaseException) -> None:
    """Let go of what the failed frames held: tensors, and workers of data loaders."""
    for one in chain(error):
        traceback.clear_frames(one.__traceback__)


def chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it was raised from, in handling of, or holds."""
    seen: Set[int] = set()
    todo: List[Optional[BaseException]] = [error]
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [one.__cause__, one.__context__, *getattr(one, "exceptions", ())]


def _places(trace: Optional[TracebackType]) -> List[_Place]:
    """The stack from the outside in, without frames of ours and of the import system."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        name = code.co_filename
        if _is_code(name):
            found.append((code, trace.tb_lineno, trace.tb_lasti))
        trace = trace.tb_next
    return [_place(*one) for one in _ends(found, TEXT_FRAMES, TEXT_FRAMES)]


def is_ours(name: str) -> bool:
    """Whether a file is of the kernel itself."""
    return name.startswith(_OURS)


def _is_code(name: str) -> bool:
    """Whether a file is neither ours nor of the import system."""
    return not name.startswith((*_OURS, "<frozen importlib"))


def _ends(things: List, head: int, tail: int) -> List:  # type: ignore[type-arg]
    return things if len(things) <= head + tail else things[:head] + things[-tail:]


def _place(code: CodeType, line: int, instruction: int) -> _Place:
    if sys.version_info < (3, 11) or instruction < 0:
        return _Place(code, line, None, None, None)
    positions = itertools.islice(code.co_positions(), instruction // 2, None)
    _, end_line, column, end_column = next(positions, (None, None, None, None))
    return _Place(code, line, end_line, column, end_column)


def _frame(place: _Place, sources: Sources) -> Frame:
    name = place.code.co_filename
    source = linecache.getline(name, place.line).rstrip()
    column = end = -1
    if place.column is not None and place.end_column is not None:
        column = _characters(source, place.column)
        end = _characters(source, place.end_column) if place.end_line == place.line else len(source)
    function = place.code.co_name
    return Frame(sources.real(name), place.line, function, clean(source, 400), _learners(name, sources), column, end)


def _syntax_frame(error: SyntaxError, sources: Sources) -> List[Frame]:
    """The place of a syntax error, which is in no stack."""
    if not error.filename or not error.lineno:
        return []
    source = (error.text or "").rstrip("\n")
    column = (error.offset or 0) - 1
    end_line, end_offset = getattr(error, "end_lineno", None), getattr(error, "end_offset", None)
    if column < 0:
        end = -1
    elif end_line == error.lineno and end_offset and end_offset - 1 > column:
        end = end_offset - 1
    else:
        end = max(len(source), column + 1) if end_line and end_line > error.lineno else column + 1
    name = error.filename
    return [Frame(sources.real(name), error.lineno, "", clean(source, 400), _learners(name, sources), column, end)]


def _learners(name: str, sources: Sources) -> bool:
    """Whether a file is the learner's: a cell, or a module of theirs, but no library."""
    if name in sources.names:
        return True
    return not (name.startswith(("<", *_LIBRARIES)) or any(part in name for part in _PACKAGES))


def _characters(line: str, column: int) -> int:
    """Columns of code are counted in bytes of UTF-8."""
    return len(line.encode("utf-8", "replace")[:column].decode("utf-8", "replace"))


def _texts(error: BaseException, kind: str) -> Tuple[str, str]:
    """The whole traceback, and the message as Python would print it, with its suggestions and notes."""
    report = traceback.TracebackException(type(error), error, error.__traceback__, limit=0)
    _fill(report, error)
    text = "".join(report.format())
    if len(text) > TEXT_LIMIT:
        text = text[: TEXT_LIMIT // 2] + "\n… the middle is left out …\n" + text[-TEXT_LIMIT // 2 :]
    if isinstance(error, SyntaxError):
        message = str(error.msg)
    else:
        head, _, rest = "".join(report.format_exception_only()).partition(": ")
        message = rest.rstrip("\n") if head.endswith(kind) else message_of(error)
    return clean(text, 2 * TEXT_LIMIT), clean(message)


def _fill(report: traceback.TracebackException, error: BaseException) -> None:
    """Give a report, and those it is chained to, the stacks that `_places` leaves over."""
    todo = [(report, error)]
    while todo:
        report, error = todo.pop()
        places = [] if isinstance(error, SyntaxError) and not error.__traceback__ else _places(error.__traceback__)
        report.stack = traceback.StackSummary.from_list([_summary(place) for place in places])
        linked = [(report.__cause__, error.__cause__), (report.__context__, error.__context__)]
        linked += zip(getattr(report, "exceptions", None) or (), getattr(error, "exceptions", ()))
        todo += [(one, other) for one, other in linked if one is not None and other is not None]


def _summary(place: _Place) -> traceback.FrameSummary:
    code = place.code
    if sys.version_info < (3, 11) or place.column is None:
        return traceback.FrameSummary(code.co_filename, place.line, code.co_name, lookup_line=False)
    return traceback.FrameSummary(
        code.co_filename,
        place.line,
        code.co_name,
        lookup_line=False,
        end_lineno=place.end_line,
        colno=place.column,
        end_colno=place.end_column,
    )
