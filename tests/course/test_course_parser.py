"""What a lesson's text becomes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tutor.course.blocks import (
    Aside,
    Callout,
    Formula,
    Heading,
    Image,
    ListBlock,
    Paragraph,
    ShownCode,
    Span,
    Table,
    plain,
)
from tutor.course.items import Exercise, Predict, Quiz, Snippet
from tutor.course.keys import chained
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson

HERE = Path("lesson.md")
HEAD = "---\ntitle: T\nid: t\nsummary: S\nminutes: 5\n---\n\n# T\n\n"
EXERCISE = """## Task

Write it.

```python name="double" tags=["exercise"]
def double(x):  # TODO
    return x
```

More prose.

```python tags=["test"]
assert double(2) == 4, "twice"
```

<details class="hint">
<summary>Hint 1</summary>

Try `x + x`.

</details>

<details class="solution">
<summary>Solution</summary>

```python .noeval
def double(x):
    return 2 * x
```

Because.

</details>

<details class="alternative">
<summary>Sum</summary>

```python .noeval
def double(x):
    return x + x
```

Also right.

</details>

<details class="mistake">
<summary>Square</summary>

```python .noeval
def double(x):
    return x**2
```

That squares.

</details>
"""


def parse(body: str) -> Lesson:
    return parse_lesson(HERE, HEAD + body)


def only(lesson: Lesson, kind: type) -> object:
    return next(block for page in lesson.pages for block in page.blocks if isinstance(block, kind))


def test_pages_begin_at_level_two_headings_and_the_introduction_opens_the_first() -> None:
    lesson = parse("Welcome.\n\n## One\n\na\n\n### Sub\n\n## Two `x`\n\nb\n")
    assert [(page.number, page.title) for page in lesson.pages] == [(1, "One"), (2, "Two x")]
    assert [type(block) for block in lesson.pages[0].blocks] == [Paragraph, Paragraph, Heading]
    assert lesson.pages[1].line == 18 and not lesson.problems


def test_a_lesson_trains_whose_code_mentions_an_optimizer() -> None:
    page = "## Steps\n\nAbout torch.optim.\n\n```python\n{}\n```\n"
    assert parse(page.format("torch.optim.SGD(parameters, 0.1)")).trains
    assert not parse(page.format("w -= 0.1 * w.grad")).trains


def test_a_lesson_without_level_two_headings_is_one_page() -> None:
    lesson = parse("Just this.\n")
    assert [page.title for page in lesson.pages] == ["T"]


def test_front_matter_values_keep_what_the_author_wrote() -> None:
    text = (
        '---\ntitle: "No: really"\nid: one-neuron\nrequires: [a, b]\nobjectives:\n  - see it\n  - do it\n'
        "minutes: 20\nseed: 3\ntimeout: 2.5\nneeds: [einops]\n---\n\n## P\n\nx\n"
    )
    front = parse_lesson(HERE, text).front
    assert (front.title, front.id, front.requires) == ("No: really", "one-neuron", ("a", "b"))
    assert (front.objectives, front.minutes, front.seed, front.timeout) == (("see it", "do it"), 20, 3, 2.5)
    assert front.needs == ("einops",) and front.summary == ""


def test_snippets_hidden_cells_shown_code_and_outputs() -> None:
    lesson = parse(
        '## P\n\n```python tags=["hide-cell"]\nimport math\n```\n\n```python timeout=2\nprint(1)\n```\n\n'
        "```output\n1\n```\n\n```python .noeval\nx\n```\n\n- a\n\n  ```python\n  y\n  ```\n"
    )
    hidden, shown, code, listed = lesson.pages[0].blocks
    assert isinstance(hidden, Snippet) and hidden.hidden and hidden not in lesson.pages[0].items
    assert isinstance(shown, Snippet) and (shown.output, shown.output_line, shown.code.timeout) == ("1", 21, 2.0)
    assert shown.code.line == 17
    assert code == ShownCode("python", "x", 24)
    assert isinstance(listed, ListBlock) and listed.items[0].blocks[1] == ShownCode("python", "y", 30)


def test_an_exercise_collects_what_stands_below_it_and_prose_stays_in_the_flow() -> None:
    lesson = parse(EXERCISE)
    assert not lesson.problems
    before, exercise, after = lesson.pages[0].blocks
    assert isinstance(before, Paragraph) and isinstance(after, Paragraph)
    assert isinstance(exercise, Exercise)
    assert (exercise.key, exercise.name) == ("t/double", "double")
    assert [test.source for test in exercise.tests] == ['assert double(2) == 4, "twice"']
    assert [hint.summary for hint in exercise.hints] == ["Hint 1"]
    assert exercise.solution.code.source == "def double(x):\n    return 2 * x"
    assert exercise.solution.blocks == (Paragraph((Span("Because."),), 40),)
    assert [answer.summary for answer in exercise.alternatives + exercise.mistakes] == ["Sum", "Square"]
    lines = (HEAD + EXERCISE).split("\n")
    for code in (exercise.starter, exercise.tests[0], exercise.solution.code):
        assert lines[code.line - 1] == code.source.split("\n")[0]


def test_an_exercise_ends_at_the_next_page() -> None:
    lesson = parse(EXERCISE + '\n## Next\n\n<details class="hint">\n<summary>h</summary>\n\nx\n\n</details>\n')
    assert [problem.code for problem in lesson.problems] == ["E113"]


def test_hash_follows_what_is_solved_and_not_the_hints() -> None:
    def digest(text: str) -> str:
        exercise = only(parse(text), Exercise)
        assert isinstance(exercise, Exercise)
        return exercise.hash

    assert digest(EXERCISE) == digest(EXERCISE.replace("Try `x + x`", "Think"))
    assert digest(EXERCISE) != digest(EXERCISE.replace("double(2) == 4", "double(3) == 6"))


def test_keys_chain_from_cell_to_cell_and_names_break_the_chain() -> None:
    lesson = parse("## P\n\n```python\na\n```\n\n```python\na\n```\n\n" + EXERCISE + "\n## Q\n\n```python\nb\n```\n")
    first, second, exercise, last = (item.key for _, item in lesson.items())
    assert first == chained("t", "a") and second == chained(first, "a")
    assert exercise == "t/double" and last == chained("t/double", "b")


def test_quiz() -> None:
    lesson = parse(
        '## P\n\n<!-- #region quiz="q" -->\nWhich $x^2$?\n\n1. one\n2. two\n\n<details class="answer">\n'
        "<summary>A</summary>\n\n- [ ] No.\n- [x] Yes.\n\nMore.\n\n</details>\n<!-- #endregion -->\n"
    )
    quiz = only(lesson, Quiz)
    assert isinstance(quiz, Quiz) and not lesson.problems
    assert (quiz.key, quiz.line) == ("t/q", 12)
    assert [option.right for option in quiz.options] == [False, True]
    assert quiz.options[1].why == (Paragraph((Span("Yes."),), 22),)
    assert isinstance(quiz.question[0], Paragraph) and plain(quiz.question[0].spans) == "Which x²?"
    assert len(quiz.more) == 1


@pytest.mark.parametrize("noeval", ["", " .noeval"])
def test_predict_output(noeval: str) -> None:
    lesson = parse(
        f'## P\n\n<!-- #region predict="p" -->\nWhat?\n\n```python{noeval}\nprint(2)\n```\n\n<details class="answer">\n'
        "<summary>A</summary>\n\n```output\n2\n```\n\nSo.\n\n</details>\n<!-- #endregion -->\n"
    )
    predict = only(lesson, Predict)
    assert isinstance(predict, Predict) and not lesson.problems
    assert (predict.key, predict.code.key, predict.code.source) == ("t/p", "t/p", "print(2)")
    assert (predict.expected, predict.expected_line, predict.ask) == ("2", 23, "output")
    assert len(predict.answer) == 1


@pytest.mark.parametrize(("of", "name"), [("", ""), (' of="val_loss"', "val_loss")])
def test_predict_curve(of: str, name: str) -> None:
    lesson = parse(
        f'## P\n\n<!-- #region predict="p" ask="curve"{of} -->\nWhat?\n\n```python\ny = 1\n```\n\n'
        '<details class="answer">\n<summary>A</summary>\n\nSo.\n\n</details>\n<!-- #endregion -->\n'
    )
    predict = only(lesson, Predict)
    assert isinstance(predict, Predict) and not lesson.problems
    assert (predict.ask, predict.of, predict.expected) == ("curve", name, None)


def test_predict_shape() -> None:
    lesson = parse(
        '## P\n\n<!-- #region predict="p" ask="shape" of="y" -->\nWhat?\n\n```python\ny = 1\n```\n\n'
        '<details class="answer">\n<summary>A</summary>\n\nSo.\n\n</details>\n<!-- #endregion -->\n'
    )
    predict = only(lesson, Predict)
    assert isinstance(predict, Predict) and not lesson.problems
    assert (predict.ask, predict.of, predict.expected) == ("shape", "y", None)


def test_prose() -> None:
    lesson = parse(
        "## P\n\n> [!WARNING]\n> Take care.\n\n$$\n\\frac{a}{b}\n$$\n\n![A curve](img/c.png)\n\n"
        "| a | b |\n|:--|--:|\n| 1 |\n\n5. five\n6. six\n\n- [x] done\n\n"
        "**b** *i* `c` ~~s~~ [l](https://x.org) a<br>b costs $5 or $6 <kbd>k</kbd>\n\n"
        '<details class="note">\n<summary>More</summary>\n\nInside.\n\n</details>\n'
    )
    callout, formula, image, table, ordered, tasks, text, aside = lesson.pages[0].blocks
    assert isinstance(callout, Callout) and callout.kind == "warning"
    assert isinstance(formula, Formula) and formula.text == "a/b"
    assert image == Image("A curve", "img/c.png", 19)
    assert isinstance(table, Table) and table.align == ("left", "right") and len(table.rows[0]) == 2
    assert isinstance(ordered, ListBlock) and ordered.start == 5
    assert isinstance(tasks, ListBlock) and tasks.items[0].checked is True
    assert isinstance(text, Paragraph)
    assert {
        Span("b", bold=True), Span("i", italic=True), Span("c", code=True), Span("s", strike=True),
        Span("l", link="https://x.org"), Span("k", code=True), Span(" a\nb costs $5 or $6 "),
    } <= set(text.spans)  # fmt: skip
    assert isinstance(aside, Aside) and aside.summary == "More"


def test_the_text_twin_replaces_a_diagram() -> None:
    twin = '<details class="note">\n<summary>As text</summary>\n\n```text\na -> b\n```\n\n</details>\n'
    lesson = parse("## P\n\n```mermaid\nflowchart\n```\n\n" + twin)
    assert list(lesson.pages[0].blocks) == [ShownCode("text", "a -> b", 19)]
    bare = parse("## P\n\n```mermaid\nflowchart\n```\n")
    assert isinstance(bare.pages[0].blocks[0], ShownCode)


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    plain_text = HEAD + EXERCISE
    windows = parse_lesson(HERE, "\ufeff" + plain_text.replace("\n", "\r\n"))
    assert windows == parse_lesson(HERE, plain_text)


def test_control_characters_are_told_and_made_visible() -> None:
    lesson = parse("## P\n\nred \x1b[31m text\n\n```text\n\x1b]0;title\x07\n```\n\n&#12; \u202eabc\n")
    assert [(problem.code, problem.line, problem.column) for problem in lesson.problems] == [("E108", 12, 5)]
    assert "\x1b" not in repr(lesson.pages) and "␛[31m" in repr(lesson.pages)
    assert "\x0c" not in repr(lesson.pages) and "\u202e" not in repr(lesson.pages)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    missing = parse_lesson(tmp_path / "none.md")
    assert [problem.code for problem in missing.problems] == ["E108"] and not missing.pages
    latin = tmp_path / "latin.md"
    latin.write_bytes(b"---\nid: x\n---\n\nabc \xe9\n")
    problem = parse_lesson(latin).problems[0]
    assert (problem.code, problem.line, problem.column) == ("E108", 5, 5)
    assert "UTF-8" in problem.message


def test_a_broken_page_leaves_the_others() -> None:
    lesson = parse(
        '## A\n\n<details class="hint">\n<summary>never closed</summary>\n\n## B\n\n```python\nprint(1)\n```\n'
    )
    assert [problem.code for problem in lesson.problems] == ["E104", "E113"]
    assert isinstance(lesson.pages[1].blocks[0], Snippet)


def test_the_parser_imports_nothing_heavy() -> None:
    program = (
        "import sys, tutor.course.parser, tutor.course.catalog\n"
        "heavy = {'torch', 'textual', 'jupytext', 'numpy', 'pylatexenc'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_pictures_and_links_of_html_in_running_text_are_shown() -> None:
    badge = '<a href="https://x.org/n"><img src="b.svg" alt="Open it"></a> and <img src="c.png"/> after'
    (page,) = parse_lesson(
        Path("a.md"), f"---\ntitle: t\nid: t\n---\n\n## t\n\n{badge}\n\n<a name='x'></a> \n\nend\n"
    ).pages
    first, last = page.blocks
    assert isinstance(first, Paragraph) and isinstance(last, Paragraph)
    assert [(span.text, span.link) for span in first.spans if span.italic] == [
        ("Open it", "https://x.org/n"),
        ("picture", ""),
    ]
    assert last.spans[0].text == "end"
