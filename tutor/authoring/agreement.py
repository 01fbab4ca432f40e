"""Rule E109: Jupytext must read the same cells, and give the same file back."""

from __future__ import annotations

from tutor.course.findings import Findings
from tutor.course.model import Lesson


def check_agreement(lesson: Lesson, text: str, findings: Findings) -> None:
    """Compare with jupytext, and convert to a notebook and back. `text` has "\\n" line ends."""
    import jupytext

    notebook = jupytext.reads(text, "md")
    theirs = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    ours = lesson.live_cells()
    for index, source in enumerate(theirs):
        if index >= len(ours) or not _same(source, ours[index].source):
            first = source.strip().split("\n")[0]
            if first.startswith("%%"):
                message = (
                    f"Jupytext makes a {first.split()[0]} cell of this fence: add .noeval, or call it text or console"
                )
            else:
                message = f"Jupytext reads a cell here that pytutor does not: {first[:60]!r}"
            findings.add("E109", message, _line_of(source, ours[index - 1].line if index else 1, findings))
            return
    if len(ours) > len(theirs):
        message = "Jupytext does not read this fence as a cell: put it at the left margin, outside of other constructs"
        findings.add("E109", message, ours[len(theirs)].line - 1)
        return
    _check_round_trip(notebook, text, findings)


def _same(theirs: str, ours: str) -> bool:
    return theirs.strip("\n") == ours.strip("\n")


def _line_of(source: str, after: int, findings: Findings) -> int:
    """The fence of a cell that only jupytext knows: the line above its first line, from `after` on."""
    wanted = [line for line in source.split("\n") if not line.startswith("%%")][:1]
    for number in range(after, len(findings.lines)):
        if wanted and findings.lines[number] == wanted[0] and findings.lines[number - 1].startswith("```"):
            return number
    return after


def _check_round_trip(notebook: object, text: str, findings: Findings) -> None:
    import jupytext

    # In memory, as `jupytext --test` does: a file would sort the options of a fence by name, and that changes nothing.
    back = jupytext.writes(notebook, "md")
    if back == text:
        return
    theirs, ours = back.split("\n"), text.split("\n")
    for number, (written, line) in enumerate(zip(theirs, ours, strict=False), 1):
        if written != line:
            findings.add("E109", f"converted to a notebook and back, this line becomes {written[:80]!r}", number)
            return
    findings.add(
        "E109", "converted to a notebook and back, the end of the file changes: end it with one line end", len(ours)
    )
