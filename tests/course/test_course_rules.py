"""Each structural rule: a small lesson that breaks it, with the line at which it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson

HERE = Path("lesson.md")
HEAD = "---\ntitle: T\nid: t\n---\n"
TEST = '```python tags=["test"]\nassert x\n```\n'
SOLUTION = '<details class="solution">\n<summary>S</summary>\n\n```python .noeval\nx = 1\n```\n\n</details>\n'
STARTER = '```python name="a" tags=["exercise"]\nx = 0\n```\n'
ANSWER = '<details class="answer">\n<summary>A</summary>\n\n{0}\n\n</details>\n<!-- #endregion -->\n'


def quiz(options: str, answer: str) -> str:
    return f'<!-- #region quiz="q" -->\nQ?\n\n{options}\n\n' + ANSWER.replace("{0}", answer)


def predict(options: str, code: str, answer: str) -> str:
    return f'<!-- #region predict="p"{options} -->\nQ?\n\n{code}\n\n' + ANSWER.replace("{0}", answer)


def knob(line: str) -> str:
    return f'```python tags=["parameters"]\n{line}\n```\n'


# Code, line within the body (which begins on line 7), body.
BODIES = [
    ("E102", 1, '```python name=x\npass\n```\n'),
    ("E102", 1, '```python timeout="x"\npass\n```\n'),
    ("E102", 1, '```python tags="exercise"\npass\n```\n'),
    ("E102", 1, "```python noeval\npass\n```\n"),
    ("E102", 1, "```python timeout=NaN\npass\n```\n"),
    ("E103", 1, "<!-- #region quiz=q -->\n\nx\n\n<!-- #endregion -->\n"),
    ("E104", 1, '<details class="note">\n<summary>n</summary>\n\nx\n'),
    ("E104", 1, "</details>\n"),
    ("E104", 1, "<!-- #endregion -->\n"),
    ("E104", 1, quiz("1. a\n2. b", "- [x] a\n- [ ] b").replace("<!-- #endregion -->\n", "")),
    ("E104", 1, '<!-- #region quiz="q"\nQ?\n\n1. a\n2. b\n'),
    ("E104", 3, 'x\n\n<!-- #region quiz="q"\nQ?\n\n<!-- #endregion -->\n'),
    ("E104", 3, "x\n\n<!-- #endregion\n\ny\n"),
    ("E105", 1, '<details class="hnt">\n<summary>n</summary>\n\nx\n\n</details>\n'),
    ("E105", 1, '<!-- #region foo="x" -->\n\nx\n\n<!-- #endregion -->\n'),
    ("E105", 3, '- a\n\n  <details class="hint">\n  <summary>h</summary>\n\n  x\n\n  </details>\n'),
    ("E106", 1, '```python nam="x"\npass\n```\n'),
    ("E106", 1, '```python tags=["hide"]\npass\n```\n'),
    ("E106", 1, quiz("1. a\n2. b", "- [x] a\n- [ ] b").replace('"q"', '"q" points=1')),
    ("E107", 4, '<details class="note">\n<summary>n</summary>\n\n```python\nx\n```\n\n</details>\n'),
    ("E111", 17, STARTER + TEST + "\n" + SOLUTION + "\n" + STARTER + TEST + SOLUTION),
    ("E112", 1, STARTER.replace('name="a" ', "") + TEST + SOLUTION),
    ("E112", 1, STARTER.replace('"a"', '"../a"') + TEST + SOLUTION),
    ("E112", 1, quiz("1. a\n2. b", "- [x] a\n- [ ] b").replace('"q"', '"q q"')),
    ("E113", 1, TEST),
    ("E113", 1, SOLUTION),
    ("E113", 1, '<details class="answer">\n<summary>n</summary>\n\nx\n\n</details>\n'),
    ("E114", 1, '<!-- #region quiz="q" -->\nQ?\n\n1. a\n2. b\n\n<!-- #endregion -->\n'),
    ("E115", 1, quiz("- a\n- b", "- [x] a\n- [ ] b")),
    ("E115", 7, quiz("1. a\n2. b", "- [x] a")),
    ("E116", 10, quiz("1. a\n2. b", "- [ ] a\n- [ ] b")),
    ("E116", 7, quiz("1. a\n2. b", "- a\n- b")),
    ("E117", 1, predict("", "none", "```output\n1\n```")),
    ("E117", 8, predict("", "```python\nx\n```", "none")),
    ("E117", 1, predict(' ask="shape"', "```python\nx\n```", "none")),
    ("E117", 1, predict(' ask="value"', "```python\nx\n```", "none")),
    ("E117", 11, predict(' ask="curve"', "```python\nx\n```", "```output\n1\n```")),
    ("E118", 1, STARTER + SOLUTION),
    ("E119", 1, STARTER + TEST),
    ("E119", 15, STARTER + TEST + SOLUTION + SOLUTION),
    ("E119", 7, STARTER + TEST + SOLUTION.replace("```python .noeval\nx = 1\n```\n", "words")),
    ("E120", 3, "```python\nx = 1\ny = = 2\n```\n"),
    ("E120", 11, STARTER + TEST + SOLUTION.replace("x = 1", "x = ")),
    ("E127", 2, knob("x = [1]")),
    ("E127", 2, knob("print(1)")),
    ("E127", 2, knob("x = 1  # @param {typ:\"slider\"}")),
    ("E127", 2, knob("x = 1  # @param {type:\"slider\"}")),
    ("E127", 2, knob("x = 1  # @param [")),
    ("E127", 2, knob("x = 1.5  # @param {type:\"integer\"}")),
    ("E127", 2, knob("x = 1  # @param {type:\"slider\", min:0, max:2, scale:\"log\"}")),
    ("E128", 2, knob("x = 3  # @param {type:\"slider\", min:0, max:2}")),
    ("E128", 2, knob("x = \"c\"  # @param [\"a\", \"b\"]")),
    ("W218", 1, '<details class="note"><summary>n</summary>text\n\nx\n\n</details>\n'),
    ("W219", 1, "~~~python\nx\n~~~\n"),
    ("W219", 1, "```py\nx\n```\n"),
    ("W219", 1, " ```python\n x\n ```\n"),
]  # fmt: skip
HEADS = [
    ("E101", 3, "---\ntitle: T\nid: [a\n---\n"),
    ("E101", 2, "---\ntitle: [T\nid: [a]\n---\n"),
    ("E101", 2, '---\ntitle: "T\nid: a\n---\n'),
    ("E101", 2, "---\ntitle: 'it's'\nid: a\n---\n"),
    ("E101", 2, "---\ntitle: a: b\nid: t\n---\n"),
    ("E101", 1, "---\ntitle: T\n\n"),
    ("E101", 2, "---\n- a\n---\n"),
    ("E101", 4, "---\ntitle: T\nid: t\ntitle: U\n---\n"),
    ("E110", 1, "---\ntitle: T\n---\n"),
    ("E110", 3, "---\ntitle: T\nid: Not Good\n---\n"),
    ("E110", 2, "---\ntitle: [T]\nid: t\n---\n"),
    ("E130", 4, "---\ntitle: T\nid: t\nminutes: soon\n---\n"),
    ("E130", 4, "---\ntitle: T\nid: t\nmemory: 2\n---\n"),
    ("E130", 4, "---\ntitle: T\nid: t\noutput: 1 GB\n---\n"),
    ("E130", 4, "---\ntitle: T\nid: t\nrequires: a\n---\n"),
    ("W215", 4, "---\ntitle: T\nid: t\nsumary: x\n---\n"),
]


def told(lesson: Lesson) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in lesson.problems]


@pytest.mark.parametrize(("code", "line", "body"), BODIES)
def test_a_broken_body_is_told_at_its_line(code: str, line: int, body: str) -> None:
    text = HEAD + "## P\n\n" + body
    lesson = parse_lesson(HERE, text)
    assert (code, line + 6) in told(lesson), told(lesson)
    assert lesson.pages


@pytest.mark.parametrize(("code", "line", "head"), HEADS)
def test_a_broken_head_is_told_at_its_line(code: str, line: int, head: str) -> None:
    lesson = parse_lesson(HERE, head + "\n## P\n\nx\n")
    assert (code, line) in told(lesson), told(lesson)


def test_a_lesson_without_anything_is_told() -> None:
    assert ("E132", 1) in told(parse_lesson(HERE, HEAD))


def test_suggestions() -> None:
    lesson = parse_lesson(HERE, HEAD + '## P\n\n```python nam="x" tags=["tset"]\npass\n```\n')
    messages = [problem.message for problem in lesson.problems]
    assert any("did you mean 'name'?" in message for message in messages)
    assert any("did you mean 'test'?" in message for message in messages)


def test_columns_point_at_the_word() -> None:
    lesson = parse_lesson(HERE, HEAD + '## P\n\n```python name="a" tags=[exercise]\npass\n```\n')
    (problem,) = lesson.problems
    assert (problem.code, problem.line, problem.column) == ("E102", 7, 25)


def test_an_error_meant_to_be_shown_is_none() -> None:
    lesson = parse_lesson(HERE, HEAD + '## P\n\n```python tags=["raises-exception"]\nx = = 1\n```\n')
    assert not lesson.problems


@pytest.mark.parametrize("head", ["[" * 50_000, "a: &a [*a]", "a: !!python/object:os.system x", '"\\x1b[31m": x'])
def test_hostile_yaml_is_only_a_problem(head: str) -> None:
    lesson = parse_lesson(HERE, f"---\n{head}\n---\n\n## P\n\nx\n")
    assert lesson.problems and "\x1b" not in str(lesson.problems)
