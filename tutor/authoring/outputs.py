"""Writes what a cell printed into its ```output fence."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tutor.course.characters import visible


def with_outputs(text: str, outputs: Mapping[int, str]) -> str:
    """The lesson's `text` with other outputs in its fences.

    `outputs` maps the first line of an output (1-based, `Snippet.output_line` or `Predict.expected_line`) to what is to
    stand there. Nothing else changes: neither the fence nor the lines around it.
    """
    lines = text.split("\n")
    for line in sorted(outputs, reverse=True):
        fence = line - 2
        mark = _fence(lines[fence]) if 0 <= fence < len(lines) else ""
        if not mark:
            continue
        end = next((at for at in range(line - 1, len(lines)) if _closes(lines[at], mark)), None)
        if end is None:
            continue
        printed = visible(outputs[line]).strip("\n").split("\n")
        tidy = [one.rstrip() for one in printed]
        longest = max((len(run[0]) for one in tidy if (run := re.match(r"\s*(`+|~+)", one))), default=0)
        if longest >= len(mark):
            # The output itself would close the fence.
            wider = mark[0] * (longest + 1)
            lines[fence] = lines[fence].replace(mark, wider, 1)
            lines[end] = lines[end].replace(mark, wider, 1)
        lines[line - 1 : end] = tidy if tidy != [""] else []
    return "\n".join(lines)


def _fence(line: str) -> str:
    """The back quotes or tildes that open a fence on this line."""
    match = re.match(r"\s*(`{3,}|~{3,})", line)
    return match[1] if match else ""


def _closes(line: str, mark: str) -> bool:
    bare = line.strip()
    return len(bare) >= len(mark) and set(bare) == {mark[0]}
