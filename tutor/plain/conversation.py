"""One command a line, answered in lines; a mistake gets one sentence and costs nothing."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping

from tutor.errors import TutorError
from tutor.plain.typed import Command, read_line
from tutor.printable import printable

QUIT = "quit"


async def converse(commands: Mapping[str, Command], goes_on: Callable[[], bool] = lambda: True) -> None:
    """Read commands, whole or their beginnings, until `quit`, the end of the input, or `goes_on` says no."""
    while goes_on() and (line := await read_line("> ")) is not None:
        try:
            words = shlex.split(line)
        except ValueError as error:
            print(f"Cannot read that line: {error}.")
            continue
        if not words:
            continue
        name = _named(words[0].lower(), commands)
        if name == QUIT:
            return
        if name is None:
            print(f"No command is called {printable(words[0], one_line=True)!r}. help lists them.")
            continue
        try:
            await commands[name](words[1:])
        except TutorError as error:
            print(printable(str(error)))


def _named(word: str, commands: Mapping[str, Command]) -> str | None:
    """The command that `word` is or begins."""
    names = [*commands, QUIT]
    return word if word in names else next((name for name in names if name.startswith(word)), None)
