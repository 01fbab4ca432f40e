"""`pytutor stop [SESSION]`: end a session and what runs in it."""

from __future__ import annotations

import argparse
import asyncio

from tutor.commands.choosing import choose
from tutor.errors import TutorError
from tutor.printable import printable
from tutor.runner import sessions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("session", nargs="?", metavar="SESSION", help="its id, or the beginning of it")
    parser.add_argument("--all", action="store_true", help="end every session of yours")


def run(options: argparse.Namespace) -> int:
    """End one session, or all, and say what that stopped."""
    return asyncio.run(_stop(options))


async def _stop(options: argparse.Namespace) -> int:
    if options.all and options.session:
        raise TutorError("Which session?", "--all and an id exclude each other.")
    found = await sessions.find() if options.all else [await choose(options.session)]
    if not found:
        print("No session is alive.")
    for info in found:
        await sessions.stop(info)
        lost = f"; it was running {printable(info.label, one_line=True)}" if info.running else ""
        print(f"Ended {info.id}{lost}.")
    return 0
