"""A check's result as lines of text."""

from __future__ import annotations

import textwrap

from tutor.course.text import lines
from tutor.learning.verdicts import told
from tutor.printable import printable
from tutor.study.recording import CheckResult, mistake_title


def verdict_lines(result: CheckResult, width: int) -> list[str]:
    """Headline, then the feedback for a known mistake, then each check with what was expected and what came."""
    out = [result.headline]
    if result.mistake is not None:
        out += [mistake_title(result.mistake, result.alike), *lines(result.mistake.blocks, width)]
    for line, count in told(result.lines):
        out.append(f"  {'ok  ' if line.ok else 'FAIL'} {line.text}{f' ({count} checks)' if count > 1 else ''}")
        out += [f"       {label:<8}  {side}" for label, side in line.sides if not line.ok]
        if line.error:
            out.append(f"       {line.error}")
            out += [f"       {part}" for part in wrapped(line.explained, width - 7)]
    if all(line.explained != result.explained for line in result.lines):
        out += wrapped(result.explained, width)
    for remark in result.remarks:
        out += wrapped(f"Seen in this training: {remark}", width)
    if result.traceback:
        out += result.traceback.rstrip().split("\n")
    return [printable(line) for line in out]


def wrapped(text: str, width: int) -> list[str]:
    """A sentence or two as lines; [] for none."""
    return textwrap.wrap(text, width)
