"""What is said on leaving about what goes on without a screen."""

from __future__ import annotations

from tutor.runner.transcript import RunRecord, Transcript

BACK = "`pytutor` comes back to it, `pytutor stop` ends it."


def farewell(transcript: Transcript) -> str:
    """One sentence on what runs or waits to run; "" when nothing does."""
    going = [record for record in transcript.runs.values() if record.running]
    if not going:
        return ""
    if transcript.waiting_for_input is not None:
        return f"The code waits for input; {BACK}"
    return f"{_subject(transcript.current or going[0])} goes on; {BACK}"


def _subject(record: RunRecord) -> str:
    if record.kind == "check":
        return "The check"
    return "The training" if record.has_points else "What runs"
