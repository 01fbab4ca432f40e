"""Whatever a file holds: no exception, problems inside the file, and nothing that a terminal would obey."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutor.course.blocks import Span
from tutor.course.maths import to_unicode
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.course.text import cell_width, lines

HERE = Path("lesson.md")
PIECES = [
    '---\n', '...\n', 'title: x\n', 'id: y\n', '- ', '> ', '> [!NOTE]\n', '# a\n', '## b\n', '### c\n', '```python',
    '```\n', '~~~python\n', '~~~\n', '```output\n', '```mermaid\n', '```text\n', ' name="a"', ' tags=["exercise"]',
    ' tags=["test"]', ' tags=["parameters"]', ' .noeval', ' x=', '\n', '\n\n', '  ', '\t', '<details>',
    '<summary>s</summary>', '<details class="hint">\n', '<details class="solution">\n\n',
    '<details class="answer">\n\n', '</details>\n\n', '<![x[', '<details class="note">\n\n',
    '<!-- #region quiz="q" -->\n', '<!-- #region predict="p" ask="shape" of="y" -->\n', '<!-- #endregion -->\n',
    '<!--', '-->', '1. one\n', '- [x] yes\n', '- [ ] no\n', '$', '$$', '\\frac{a}{b}', '\\left(',
    '| a | b |\n|---|---|\n| 1 | 2 |\n', '![alt](x.png)', '[l](javascript:x)', '**', '*', '`', '&#27;', '\x1b[31m',
    '\x00', '\x9b', '\u202e', '\ud800', '\r\n', '\r', '\u2028', 'x = 1  # @param {type:"slider", min:0, max:2}\n',
    'lr = ', '# @param [', "assert x, 'm'\n", '<br>', '<script>', '\ufeff',
]  # fmt: skip
LATEX = [
    '\\frac', '\\sqrt', '\\hat', '\\mathrm', '\\left(', '\\right)', '{', '}', '^', '_', "'", 'a', 'b', '1', '.',
    '+', '\\sum', '\\\\', '&', '\\begin{cases}', '\\end{cases}', '[', ']', '|', '\\|', '\\text', '\\operatorname',
    '*', '$', '%', '#', '~', '\\', '\\foo', '--', '``',
]  # fmt: skip
MARKDOWN = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map("".join)
FUZZ = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def spans_of(value: object) -> Iterator[Span]:
    """All spans anywhere in a lesson."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from spans_of(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from spans_of(getattr(value, field.name))


def check(lesson: Lesson, text: str) -> None:
    count = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for problem in lesson.problems:
        assert 1 <= problem.line <= count and problem.column >= 1
        assert problem.message and "\n" not in problem.message
    for span in spans_of(lesson.pages):
        assert not {"\x1b", "\x9b", "\x00", "\r", "\u202e"} & set(span.text + span.link + span.source)
    for page in lesson.pages:
        assert not {"\x1b", "\x9b", "\x00", "\r", "\u202e"} & set("".join(lines(page.blocks, 40)) + page.title)
    keys = [item.key for _, item in lesson.items()]
    assert len(keys) == len(set(keys))


@FUZZ
@given(MARKDOWN)
def test_any_text_gives_a_lesson_and_problems_inside_the_file(text: str) -> None:
    check(parse_lesson(HERE, text), text)


@FUZZ
@given(MARKDOWN)
def test_any_body_below_a_good_head(body: str) -> None:
    text = "---\ntitle: T\nid: t\n---\n\n## Page\n\n" + body
    lesson = parse_lesson(HERE, text)
    check(lesson, text)
    assert lesson.id == "t"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lesson.md"
        path.write_bytes(data)
        lesson = parse_lesson(path)
        assert lesson.path == path


@FUZZ
@given(
    st.lists(
        st.sampled_from(LATEX),
        max_size=14,
    ).map(" ".join)
)
def test_any_latex_gives_one_text(latex: str) -> None:
    assert isinstance(to_unicode(latex), str)


@given(MARKDOWN, st.integers(8, 60))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_prose_is_never_wider_than_asked(text: str, width: int) -> None:
    from tutor.course.text import wrapped

    assert all(cell_width(line) <= width for line in wrapped(text, width))
