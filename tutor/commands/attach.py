"""`pytutor attach [SESSION]`: come back to a session of lessons or to a script, on a screen or as lines of text."""

from __future__ import annotations

import argparse
import asyncio

from tutor.commands import learn
from tutor.commands.choosing import choose_to_look
from tutor.commands.script_lines import follow
from tutor.commands.script_screen import come_back, on_screen
from tutor.runner.sessions import SessionInfo


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("session", nargs="?", metavar="SESSION", help="its id, or the beginning of it")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument("--plain", action="store_true", help="a script as lines of text, also on a terminal")


def run(options: argparse.Namespace) -> int:
    """Open the tutor on a session that is alive, or a script, whether it runs or has ended; its exit status then."""
    found = asyncio.run(choose_to_look(options.session))
    if isinstance(found, SessionInfo) and not found.script:
        return learn.attach(options, found)
    if on_screen(options):
        return come_back(found.script, found.folder, options)
    return asyncio.run(follow(found.folder))
