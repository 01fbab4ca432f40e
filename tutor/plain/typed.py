"""What the learner types: lines of standard input, and the numbers in them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

from tutor.errors import TutorError

Command = Callable[[list[str]], Awaitable[None]]
"""What a command does with the words behind it. Raises `TutorError` for words that make no sense."""


def whole_number(words: list[str], usage: str) -> int:
    """The one number that `words` are. Raises `TutorError` with how to say it."""
    if len(words) != 1 or not words[0].isdecimal():
        raise TutorError("A number, please", f"say: {usage}.")
    return int(words[0])


async def read_line(prompt: str) -> str | None:
    """A line of standard input without its end, None at its end. The event loop goes on meanwhile."""
    print(prompt, end="", flush=True)
    line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    return line.rstrip("\n") if line else None
