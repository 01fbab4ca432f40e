"""Names that the learner may have meant, for names that Python does not find."""

from __future__ import annotations

import builtins
import difflib
import re
import sys
from types import ModuleType, TracebackType
from typing import Any, Iterable, Iterator, Optional

from tutor.runner.protocol.parts import Value

_MOST = 4096


def near_names(error: BaseException, trace: Optional[TracebackType]) -> Iterator[Value]:
    """At most one value of role "near" for a name, an attribute, an import or a key that is not there."""
    for wanted, known in _wanted(error, trace):
        names = [name for name in known if isinstance(name, str) and not name.startswith("_") and name != wanted]
        folded = {name.casefold(): name for name in names[:_MOST]}
        exact = folded.get(wanted.casefold())
        found = [exact] if exact else difflib.get_close_matches(wanted, names[:_MOST], 1, 0.7)
        if found and found[0]:
            yield Value(found[0], "", "near")
            return


def _wanted(error: BaseException, trace: Optional[TracebackType]) -> Iterator[Any]:
    name = getattr(error, "name", None)
    if isinstance(error, NameError):
        found = re.search(r"name '(\w+)'", str(error))
        if found and trace is not None:
            while trace.tb_next is not None:
                trace = trace.tb_next
            frame = trace.tb_frame
            yield found[1], [*frame.f_locals, *frame.f_globals, *vars(builtins)]
    elif isinstance(error, AttributeError):
        owner = getattr(error, "obj", None)
        if isinstance(name, str) and owner is not None:
            yield name, _attributes(owner)
    elif isinstance(error, ModuleNotFoundError):
        return
    elif isinstance(error, ImportError):
        found = re.search(r"cannot import name '(\w+)'", str(error))
        module = sys.modules.get(name or "")
        if found and module is not None:
            yield found[1], list(vars(module))


def _attributes(owner: Any) -> Iterable[str]:
    """What an object has, without asking code of its own."""
    if isinstance(owner, (ModuleType, type)):
        return dir(owner) if isinstance(owner, type) else list(vars(owner))
    names = list(dir(type(owner)))
    own = getattr(owner, "__dict__", None)
    if isinstance(own, dict):
        names += [one for one in own if isinstance(one, str)]
        for group in ("_parameters", "_buffers", "_modules"):
            inner = own.get(group)
            names += list(inner) if isinstance(inner, dict) else []
    return names
