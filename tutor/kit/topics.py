"""A long English text that every Python has: its own manual. For language models, offline."""

import importlib
import inspect
import warnings
from typing import List

_MODULES = (
    "argparse", "ast", "asyncio", "collections", "configparser", "csv", "dataclasses", "datetime", "decimal", "difflib",
    "doctest", "email", "enum", "fractions", "functools", "heapq", "html", "http.client", "inspect", "ipaddress",
    "itertools", "json", "logging", "mailbox", "math", "multiprocessing", "optparse", "os", "pathlib", "pdb", "pickle",
    "random", "re", "shutil", "socket", "sqlite3", "statistics", "string", "subprocess", "tarfile", "tempfile",
    "textwrap", "threading", "tkinter", "typing", "unittest", "urllib.request", "uuid", "wave", "zipfile",
)  # fmt: skip


def text() -> str:
    """Python's language reference as one text, about 465 000 characters; it differs a little from version to version.

    It is `pydoc_data.topics` of the running Python, the topics in alphabetical order with an empty line between them.
    Where a distribution leaves that out, it is `docstrings()`. Build vocabularies from the text itself.
    """
    try:
        topics = importlib.import_module("pydoc_data.topics").topics
    except (ImportError, AttributeError):
        return docstrings()
    return "\n\n".join(topics[name].strip() for name in sorted(topics)) + "\n"


def docstrings() -> str:
    """The docstrings of the standard library's better known modules and of what is in them, as one text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # looking at what is deprecated is no use of it
        parts = _docstrings()
    return "\n\n".join(dict.fromkeys(part.strip() for part in parts if part.strip())) + "\n"


def _docstrings() -> List[str]:
    found: List[str] = []
    for name in _MODULES:
        try:
            module = importlib.import_module(name)
        except ImportError:  # distributions leave out tkinter, sqlite3 and others
            continue
        found.append(inspect.getdoc(module) or "")
        for member in sorted(vars(module)):
            value = getattr(module, member)
            if inspect.isclass(value) and value.__module__ == name:
                found += [inspect.getdoc(value) or "", *_of_methods(value)]
            elif inspect.isroutine(value) and not member.startswith("_"):
                found.append(inspect.getdoc(value) or "")
    return found


def _of_methods(kind: type) -> List[str]:
    return [inspect.getdoc(value) or "" for _, value in sorted(vars(kind).items()) if inspect.isroutine(value)]
