"""The session as a file that other processes can import: what makes classes of a cell usable in spawned workers.

`multiprocessing` sends the path of `__main__` to a spawned process, which imports that file as `__mp_main__`. Ours is
written from the cells that ran: their imports, functions and classes, and the module-level names those use. No
training loop is in it, so a cell needs no `if __name__ == "__main__"`.
"""

from __future__ import annotations

import ast
import os
from contextlib import suppress
from typing import Dict, List, NamedTuple, Set, Tuple

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class _Definition(NamedTuple):
    source: str
    tree: ast.stmt
    wanted: bool  # for itself, and not only because another definition uses it


class Definitions:
    """Keeps `path` in step with the cells that ran. `preamble` are definitions that every namespace begins with."""

    def __init__(self, path: str, preamble: str) -> None:
        self.path = path
        self._preamble = preamble
        self.lines: Dict[str, int] = {}
        self._imports: List[str] = []
        self._definitions: Dict[str, _Definition] = {}
        self.clear()

    def clear(self) -> None:
        """Forget everything but the preamble."""
        self._imports, self._definitions = [], {}
        self._take(ast.parse(self._preamble), self._preamble)
        self._write()

    def snapshot(self) -> Tuple[List[str], Dict[str, _Definition]]:
        """What is kept now, for `restore`."""
        return list(self._imports), dict(self._definitions)

    def restore(self, snapshot: Tuple[List[str], Dict[str, _Definition]]) -> None:
        """Go back to what was kept then."""
        if (self._imports, self._definitions) != snapshot:
            self._imports, self._definitions = snapshot
            self._write()

    def remember(self, tree: ast.Module, text: str) -> None:
        """Take in a cell; `text` is what `tree` was parsed from. The last definition of a name wins."""
        if self._take(tree, text):
            self._write()

    def _take(self, tree: ast.Module, text: str) -> bool:
        lines: List[str] = []
        changed = False
        for node in tree.body:
            if isinstance(node, _DEFINITIONS):
                lines = lines or text.splitlines()
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                source = "\n".join(lines[first - 1 : node.end_lineno])
                self._define([node.name], _Definition(source, node, True))
                changed = True
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                source = ast.unparse(node)
                if source not in self._imports:
                    future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
                    self._imports.insert(0 if future else len(self._imports), source)
                    changed = True
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
                self._define(names, _Definition(ast.unparse(node), node, False))
                changed = True
        return changed

    def _define(self, names: List[str], definition: _Definition) -> None:
        for name in names:
            self._definitions.pop(name, None)
            self._definitions[name] = definition

    def _needed(self) -> Set[str]:
        todo = [name for name, definition in self._definitions.items() if definition.wanted]
        needed: Set[str] = set()
        while todo:
            name = todo.pop()
            if name in self._definitions and name not in needed:
                needed.add(name)
                tree = self._definitions[name].tree
                todo += [one.id for one in ast.walk(tree) if isinstance(one, ast.Name)]
        return needed

    def _write(self) -> None:
        needed = self._needed()
        parts = ["\n".join(self._imports) + "\n"] if self._imports else []
        at = 1 + len(self._imports) if self._imports else 1
        self.lines = {}
        written: Set[int] = set()
        for name, definition in self._definitions.items():
            if name in needed and id(definition) not in written:
                written.add(id(definition))
                self.lines[name] = at + 1
                parts.append(f"\n{definition.source}\n")
                at += 2 + definition.source.count("\n")
        with suppress(OSError):  # on a full disk cells run all the same; only spawned workers will miss something
            draft = f"{self.path}.new"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write("".join(parts))
            os.replace(draft, self.path)
