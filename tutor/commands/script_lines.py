"""Coming back to a script as lines of text: all that it has printed and prints, to its end."""

from __future__ import annotations

from pathlib import Path

from tutor.commands.headless import Headless
from tutor.commands.run_report import echo, report_run
from tutor.runner.script_session import ScriptSession


async def follow(folder: Path) -> int:
    """Print all that the script in a session has printed and prints, to its end; its exit status.

    Leaving with ctrl+c leaves the script alone.
    """
    session = await ScriptSession.attach(folder)
    try:
        headless = Headless(session)
        while not headless.transcript.runs:
            await headless.step()
        record = await headless.follow(next(iter(headless.transcript.runs)), echo)
        report_run(record, headless.board(record.run))
        return record.status
    finally:
        await session.close()
