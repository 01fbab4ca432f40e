"""Rules about what is read: pictures, links, formulas, headings, widths and lengths."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from tutor.authoring.blocks import codes_of, spans_of, walk
from tutor.course.blocks import Formula, Heading, Image, ShownCode
from tutor.course.catalog import MANIFEST
from tutor.course.findings import Findings
from tutor.course.items import Block, Exercise, Predict, Snippet
from tutor.course.maths import is_readable
from tutor.course.model import Lesson
from tutor.course.text import cell_width

WIDEST_CODE = 75
LONGEST_OUTPUT = 40
LONGEST_PAGE = 120


def check_prose(lesson: Lesson, findings: Findings) -> None:
    """Tell of everything about prose, pictures, links and layout that can be seen without running code."""
    unread = any(problem.code in ("E101", "E130") for problem in lesson.problems)
    if not unread and not (lesson.front.summary and lesson.front.minutes):
        missing = "summary" if not lesson.front.summary else "minutes"
        findings.add("W206", f"the front matter has no {missing}: the course map shows it")
    for page in lesson.pages:
        _check_headings(page.blocks, findings)
        for block in walk(page.blocks):
            _check_block(block, lesson, findings)
    _check_page_lengths(lesson, findings)


def _check_block(block: Block, lesson: Lesson, findings: Findings) -> None:
    if isinstance(block, Image):
        _check_picture(block, lesson, findings)
    elif isinstance(block, Formula) and not is_readable(block.latex):
        findings.add("W204", "this formula cannot be drawn as text and is shown as LaTeX", block.line)
    elif isinstance(block, ShownCode):
        if block.language == "mermaid":
            message = 'a diagram needs a ```text twin in <details class="note"> right below it: the terminal shows that'
            findings.add("W204", message, block.line)
        elif block.language == "python":
            _check_width(block.source, block.line + 1, findings)
    elif isinstance(block, Snippet | Predict | Exercise):
        for code in codes_of(block):
            # A knob's line cannot be broken, and the learner sees a widget instead of it.
            if "parameters" not in code.tags:
                _check_width(code.source, code.line, findings)
        _check_output(block, findings)
    line = getattr(block, "line", 0)
    for span in spans_of(block):
        if span.math and not is_readable(span.source):
            findings.add(
                "W204", f"this formula cannot be drawn as text: ${span.source}$", *_place(span.source, line, findings)
            )
        if span.link:
            _check_link(span.link, lesson, line, findings)


def _place(text: str, line: int, findings: Findings) -> tuple[int, int]:
    """Where `text` stands from `line` on; the line itself where it is written otherwise in the file."""
    for number in range(max(line, 1), min(line + 30, len(findings.lines)) + 1):
        column = findings.lines[number - 1].find(text)
        if column >= 0:
            return number, column + 1
    return line, 1


def _check_width(source: str, line: int, findings: Findings) -> None:
    for offset, text in enumerate(source.split("\n")):
        if (width := cell_width(text)) > WIDEST_CODE:
            message = f"this line of code is {width} columns wide, more than {WIDEST_CODE}"
            findings.add("W202", message, line + offset, WIDEST_CODE + 1)


def _check_output(item: Snippet | Predict | Exercise, findings: Findings) -> None:
    if isinstance(item, Exercise):
        return
    text, line = (item.output, item.output_line) if isinstance(item, Snippet) else (item.expected, item.expected_line)
    if text is not None and (count := text.count("\n") + 1) > LONGEST_OUTPUT:
        findings.add("W203", f"this output has {count} lines, more than {LONGEST_OUTPUT}", line)


def _check_headings(blocks: tuple[Block, ...], findings: Findings) -> None:
    above = 2
    for block in blocks:
        if isinstance(block, Heading):
            if block.level > above + 1:
                message = f"a heading of level {block.level} below one of level {above}: write {'#' * (above + 1)}"
                findings.add("W205", message, block.line)
            above = block.level


def _check_page_lengths(lesson: Lesson, findings: Findings) -> None:
    starts = [page.line for page in lesson.pages] + [len(findings.lines) + 1]
    for page, end in zip(lesson.pages, starts[1:], strict=True):
        # What is folded away or asked one at a time does not lengthen the page.
        folded = sum(_folded_lines(block) for block in page.blocks)
        if (count := end - page.line - folded) > LONGEST_PAGE:
            message = f"this page has about {count} lines, more than {LONGEST_PAGE}: cut it in two with a ## heading"
            findings.add("W216", message, page.line)


def _folded_lines(block: Block) -> int:
    """About how many source lines of an exercise its learner does not see at once."""
    if not isinstance(block, Exercise):
        return 0
    answers = (block.solution, *block.alternatives, *block.mistakes)
    code = [*block.tests, *(answer.code for answer in answers)]
    prose = [hint.blocks for hint in block.hints] + [answer.blocks for answer in answers]
    return sum(one.source.count("\n") + 4 for one in code) + sum(4 + 3 * len(blocks) for blocks in prose)


def _check_picture(image: Image, lesson: Lesson, findings: Findings) -> None:
    if not image.alt:
        findings.add("W201", "this picture has no alt text: the terminal shows nothing else of it", image.line)
    if (problem := _file_problem(image.source, lesson.path)) is not None:
        place = _place(image.source, image.line, findings)
        findings.add("E121", f"the picture {image.source!r} {problem}", *place)


def _check_link(link: str, lesson: Lesson, line: int, findings: Findings) -> None:
    if (problem := _file_problem(link, lesson.path)) is not None:
        findings.add("E122", f"the link to {link!r} {problem}", *_place(link, line, findings))


def _file_problem(target: str, lesson: Path) -> str | None:
    """What is wrong with a relative path; None for what is there and for addresses that are no files."""
    try:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        path = (lesson.parent / unquote(parts.path)).resolve()
        if not path.is_relative_to(course_folder(lesson)):
            return "leaves the course's folder"
        return None if path.exists() else "leads to no file"
    except (ValueError, OSError, RuntimeError):
        return "is not a path"


def course_folder(lesson: Path) -> Path:
    """The folder of the course that a lesson belongs to; the lesson's own folder where there is no course."""
    folder = lesson.resolve().parent
    return next((one for one in (folder, *folder.parents) if (one / MANIFEST).is_file()), folder)
