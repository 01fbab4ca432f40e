"""`pytutor sessions`: the sessions that are alive."""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import datetime

from tutor.printable import printable
from tutor.runner import sessions


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
            }
            for info in found
        ]
        print(json.dumps(rows))
        return 0
    if not found:
        print("No session is alive. `pytutor` starts one.")
    for info in found:
        since = datetime.fromtimestamp(info.started).strftime("%d %b %H:%M")
        doing = f"running {printable(info.label, one_line=True)}" if info.running else "idle"
        viewers = ", a command's own" if info.private else f", {info.clients} attached" if info.clients else ""
        print(f"{info.id}  since {since}  {doing}{viewers}  {printable(info.python, one_line=True)}")
    return 0
