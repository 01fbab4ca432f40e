"""`pytutor doctor`: what is used, what is missing, and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import sys
from pathlib import Path

from tutor import __version__, paths
from tutor.commands.installed import installed_courses
from tutor.commands.opening import open_settings
from tutor.printable import printable
from tutor.runner import sessions
from tutor.runner.interpreters import probe


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(options: argparse.Namespace) -> int:
    """Report the set-up; exit code 0 when lessons can run."""
    settings = open_settings(options)
    report = asyncio.run(probe(settings.python or sys.executable))
    alive = asyncio.run(sessions.find())
    rows = [
        ("pytutor", __version__, ""),
        ("system", f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores", ""),
        ("interpreter", report.executable, f"Python {report.version}" if report.version else ""),
        ("torch", report.torch or "missing", ", ".join(report.devices)),
        ("C++ compiler", shutil.which("c++") or "none", "needed for torch.compile only"),
        ("terminal", os.environ.get("TERM", "unknown"), _terminal()),
        ("progress", str(paths.data_dir()), _writable(paths.data_dir())),
        ("settings", str(paths.config_file()), "" if paths.config_file().exists() else "not there: defaults"),
        (
            "courses",
            ", ".join(installed_courses()) or "none",
            "installed beside the one inside; --course NAME opens one",
        ),
        ("sessions", str(paths.sessions_dir()), f"{len(alive)} alive"),
    ]
    if options.json:
        print(json.dumps({"rows": {name: [value, note] for name, value, note in rows}, "problems": report.problems}))
    else:
        for name, value, note in rows:
            remark = f"  ({note})" if note else ""
            print(f"{name:<13} {printable(value + remark, one_line=True)}")
        for problem in report.problems:
            print(f"problem       {printable(problem, one_line=True)}")
    return 1 if report.problems else 0


def _terminal() -> str:
    size = shutil.get_terminal_size()
    colours = "24-bit colour" if os.environ.get("COLORTERM") in ("truecolor", "24bit") else "256 colours or fewer"
    over = ", over SSH" if os.environ.get("SSH_CONNECTION") else ""
    inside = ", in tmux" if os.environ.get("TMUX") else ""
    return f"{size.columns}x{size.lines}, {colours}{over}{inside}"


def _writable(folder: Path) -> str:
    place = next(one for one in (folder, *folder.parents) if one.exists())
    return "" if os.access(place, os.W_OK) else "cannot be written: progress is lost when pytutor ends"
