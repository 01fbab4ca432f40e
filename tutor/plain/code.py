"""Running, writing and reading code."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from tutor.commands.runs import run_tables
from tutor.commands.sources import read_source
from tutor.course.items import Exercise, Item, Predict, Quiz, Snippet
from tutor.errors import TutorError
from tutor.plain.page import indented
from tutor.plain.place import Place
from tutor.plain.teller import Teller
from tutor.plain.typed import Command, read_line
from tutor.printable import printable


class Code:
    """The commands that work on code."""

    def __init__(self, place: Place, teller: Teller) -> None:
        self._place = place
        self._teller = teller

    def commands(self) -> dict[str, Command]:
        """Name -> what it does with the words behind it."""
        return {
            "run": self._run,
            "write": self._write,
            "edit": self._edit,
            "load": self._load,
            "code": self._code,
            "original": self._original,
            "runs": self._runs,
            "restart": self._restart,
        }

    async def _runs(self, words: list[str]) -> None:
        key = self._place.any_item(words).key if words else None
        print("\n".join(run_tables(self._place.study.runs.of(self._place.lesson.id, key))))

    async def _run(self, words: list[str]) -> None:
        item = self._place.any_item(words, Snippet)
        if isinstance(item, Quiz):
            raise TutorError("Nothing to run", "a question is answered: answer N.")
        if isinstance(item, Predict) and not self._place.study.states(self._place.lesson)[item.key].answer:
            raise TutorError("Predict first", "the result is shown once you have said: answer N TEXT.")
        text = self._place.study.code_for(self._place.lesson, item)
        await self._teller.run(self._place.study.run_request(self._place.lesson, item, text, self._teller.executed))

    async def _code(self, words: list[str]) -> None:
        item = self._place.any_item(words)
        if isinstance(item, Quiz):
            raise TutorError("No code", "that is a question.")
        print("\n".join(map(printable, indented(self._place.study.code_for(self._place.lesson, item)))))

    async def _original(self, words: list[str]) -> None:
        self._place.study.forget_draft(self._place.lesson, self._place.any_item(words))
        await self._code(words)

    async def _write(self, words: list[str]) -> None:
        item = self._place.any_item(words)
        print("Type the code; a line with a single dot ends it.")
        typed: list[str] = []
        while (line := await read_line("")) is not None and line != ".":
            typed.append(line)
        self._keep(item, "\n".join(typed) + "\n")

    async def _load(self, words: list[str]) -> None:
        if len(words) != 2:
            raise TutorError("Load what?", "say: load N FILE.")
        text = read_source(Path(words[1]))
        self._keep(self._place.any_item(words[:1]), text)

    async def _edit(self, words: list[str]) -> None:
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            raise TutorError("No editor", "the variable EDITOR is not set.", "Use write N, or load N FILE.")
        item = self._place.any_item(words)
        with tempfile.NamedTemporaryFile("w+", suffix=".py", encoding="utf-8") as file:
            file.write(self._place.study.code_for(self._place.lesson, item))
            file.flush()
            try:
                done = subprocess.run([*shlex.split(editor), file.name], check=False)
            except OSError as error:
                raise TutorError("No editor", f"{editor}: {error.strerror}.") from None
            if done.returncode:
                raise TutorError("Not taken", f"the editor ended with exit code {done.returncode}.")
            text = Path(file.name).read_text(encoding="utf-8", errors="replace")
        self._keep(item, text)

    def _keep(self, item: Item, text: str) -> None:
        self._place.study.save_draft(self._place.lesson, item, text)
        print(f"{len(text.splitlines())} lines kept. {'check' if isinstance(item, Exercise) else 'run'} tries them.")

    async def _restart(self, words: list[str]) -> None:
        await self._teller.restart()
        print("A new kernel with an empty namespace. Cells above run again when something needs them.")
