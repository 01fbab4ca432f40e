"""`pytutor attach [SESSION]`: come back to a session, in the tutor or as lines of text."""

from __future__ import annotations

import argparse

from tutor.commands import learn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("session", nargs="?", metavar="SESSION", help="its id, or the beginning of it")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")


def run(options: argparse.Namespace) -> int:
    """Open the tutor on a session that is alive."""
    return learn.attach(options)
