"""`pytutor sessions`: the sessions that are alive, and the scripts that have ended."""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import datetime

from tutor.printable import printable
from tutor.runner import sessions
from tutor.runner.folders import KEEP_DAYS
from tutor.runner.script_session import ended_scripts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--json", action="store_true", help="print one JSON list")


def run(options: argparse.Namespace) -> int:
    """List live sessions, newest first."""
    found = sorted(asyncio.run(sessions.find()), key=lambda info: info.started, reverse=True)
    if options.json:
        rows = [
            {
                "id": info.id,
                "pid": info.pid,
                "python": info.python,
                "started": info.started,
                "running": info.label if info.running else "",
                "viewers": info.clients,
                "private": info.private,
                "script": info.script,
            }
            for info in found
        ]
        print(json.dumps(rows))
        return 0
    ended = list(ended_scripts())
    if not found:
        print("No session is alive. `pytutor` starts one.")
    for info in found:
        since = datetime.fromtimestamp(info.started).strftime("%d %b %H:%M")
        doing = f"running {printable(info.label, one_line=True)}" if info.running else "idle"
        viewers = ", a command's own" if info.private else f", {info.clients} attached" if info.clients else ""
        print(f"{info.id}  since {since}  {doing}{viewers}  {printable(info.python, one_line=True)}")
    if ended:
        print(f"Scripts that have ended; `pytutor attach ID` shows how, for {KEEP_DAYS} days:")
    for one in ended:
        print(f"{one.id}  {printable(one.script, one_line=True)}  {datetime.fromtimestamp(one.ended):%d %b %H:%M}")
    return 0
