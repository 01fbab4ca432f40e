"""The screen of a script, for `pytutor run` and `pytutor attach`: when there is one, and what it needs."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from tutor.commands.opening import open_settings
from tutor.runner.protocol.requests import Run
from tutor.settings import Settings


def on_screen(options: argparse.Namespace) -> bool:
    """Whether there is a terminal that can show a screen, and lines were not asked for."""
    if options.plain or getattr(options, "json", False) or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdin.isatty() and sys.stdout.isatty()


def show_script(name: str, request: Run, settings: Settings, *, mouse: bool) -> int:
    """Run a script on a screen; its exit status, or 0 when it goes on without us."""
    _end_with_the_terminal()
    from tutor.ui.script_app import run_script

    return run_script(name, request, settings, mouse=mouse)


def come_back(name: str, folder: Path, options: argparse.Namespace) -> int:
    """Show the script of the session in a folder, alive or ended; as `show_script`."""
    settings = open_settings(options)
    _end_with_the_terminal()
    from tutor.ui.script_app import attach_script

    return attach_script(name, folder, settings, mouse=not options.no_mouse)


def _end_with_the_terminal() -> None:
    """A window ends with its terminal, even below `nohup`; the session stays."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
