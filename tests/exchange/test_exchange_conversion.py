"""Foreign files become lessons that hold the same code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from foreign import FILES, LOOP, code, notebook, words

from tutor.course.blocks import Aside
from tutor.course.items import Snippet
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.course.reference import turned_by
from tutor.errors import TutorError
from tutor.exchange.conversion import convert, is_lesson
from tutor.exchange.prose import plain
from tutor.exchange.single import course_of, lesson_from

LESSONS = sorted(Path(__file__).parents[2].joinpath("lessons").rglob("*.md"))


def converted(folder: Path, origin: str) -> tuple[Lesson, tuple[str, ...]]:
    name, text = FILES[origin]
    path = folder / name
    path.write_text(text, encoding="utf-8")
    result = convert(path)
    return parse_lesson(path, result.text), result.notes


def sources(lesson: Lesson) -> list[str]:
    return [cell.source.strip() for cell in lesson.live_cells()]


@pytest.mark.parametrize("origin", FILES)
def test_every_origin_becomes_a_lesson_that_trains(tmp_path: Path, origin: str) -> None:
    lesson, _ = converted(tmp_path, origin)
    assert not lesson.problems or not lesson.errors
    assert any("import torch" in source for source in sources(lesson))
    assert any(LOOP in source for source in sources(lesson))
    assert lesson.front.minutes and lesson.title


@pytest.mark.parametrize("origin", FILES)
def test_windows_line_ends_change_nothing(tmp_path: Path, origin: str) -> None:
    lesson, _ = converted(tmp_path, origin)
    name, text = FILES[origin]
    path = tmp_path / name
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8"))
    assert sources(parse_lesson(path, convert(path).text)) == sources(lesson)


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Lists such as [1, 2]", "Lists such as [1, 2]"),
        ("[Softmax](https://example.org) by *hand*", "Softmax by hand"),
        ("What `train_step` and train_all do", "What train_step and train_all do"),
        ('Fit $x^2$ <img src="a.png">', "Fit x^2"),
    ],
)
def test_a_title_is_what_a_reader_sees_of_the_heading(heading: str, title: str) -> None:
    assert plain(heading) == title


def test_a_notebook(tmp_path: Path) -> None:
    lesson, notes = converted(tmp_path, "jupyter")
    assert lesson.title == "Fitting a line" and [page.title for page in lesson.pages] == ["Fitting a line", "Training"]
    assert sources(lesson)[0] == "# %matplotlib inline\nimport torch"
    assert "raises-exception" in lesson.live_cells()[-1].tags
    assert notes == (
        "1 cell was left out: of the kind 'raw'.",
        "Cell 1: `%matplotlib inline` is no Python and became a comment.",
        "Cell 3 is tagged raises-exception: its saved output is an error.",
    )


def test_forms_of_colab_become_knobs(tmp_path: Path) -> None:
    path = tmp_path / "forms.ipynb"
    form = '#@title Settings\nlr = 0.1 #@param {type:"slider", min:0.01, max:1, step:0.01}\nseed = 0\n'
    mixed = 'import torch\nhidden = 8 #@param {type:"integer"}\nday = "1" #@param {type:"date"}\nprint(hidden * lr)\n'
    path.write_text(notebook(code(form), code(mixed)), encoding="utf-8")
    lesson = parse_lesson(path, convert(path).text)
    first, second = (item for _, item in lesson.items() if isinstance(item, Snippet))
    assert [one.name for one in first.knobs] == ["lr", "seed"] and "parameters" in first.code.tags
    assert [one.name for one in second.knobs] == ["hidden"]
    assert turned_by(lesson, first) == (second,) and turned_by(lesson, second) == ()


def test_packages_that_are_installed_become_needs(tmp_path: Path) -> None:
    lesson, _ = converted(tmp_path, "colab")
    assert lesson.front.needs == ("transformers", "datasets")


def test_what_cannot_run_is_shown_and_told(tmp_path: Path) -> None:
    lesson, notes = converted(tmp_path, "kaggle")
    assert "Cell 3 is shown and not run: it is bash." in notes
    assert "Cell 5 is shown and not run: it is no Python 3." in notes
    assert "Cell 4 is tagged skip-execution: it downloads something." in notes
    timed = next(source for source in sources(lesson) if "range(3)" in source)
    assert timed.split("\n") == ["# %%time", "for number in range(3):", "    pass  # !echo {number}"]
    assert not any("shown()" in source for source in sources(lesson))


def test_sphinx_gallery_prose_is_markdown(tmp_path: Path) -> None:
    name, text = FILES["sphinx-gallery"]
    (tmp_path / name).write_text(text)
    result = convert(tmp_path / name).text
    for wanted in (
        "[Basics](intro.html) || **Training**",
        "Follow along with `torch.nn.Linear`. Use *this* and $x^2$, not a\\_b.",
        "> [!NOTE]\n> Hello `x`.",
        "**What you will learn**\n\n- one\n- two",
        '```python .noeval\nprint("shown")\n```',
        "## A section\n\n| a | b |\n| --- | --- |\n| 1 | 2 |",
        "## More\n\n$$\ny = x\n$$",
    ):
        assert wanted in result
    assert "class-card" not in result and "octicon" not in result


def test_myst_and_d2l_prose(tmp_path: Path) -> None:
    converted(tmp_path, "myst")
    result = convert(tmp_path / "myst.md").text
    assert "Text foo and `torch.x`." in result and "(target)=" not in result
    assert "> [!WARNING]\n> **Careful**\n>\n> Body `x`" in result
    assert "```python .noeval\nshown = 1\n```" in result and 'tags=["hide-cell"]' in result
    _, notes = converted(tmp_path, "d2l")
    result = convert(tmp_path / "d2l.md").text
    assert "Torch's words" in result and "Other words" not in result and "mxnet" not in result
    assert "See sec_x and [Foo.2020]." in result and ":label:" not in result
    assert notes == ("2 cells and tabs of other frameworks were left out.",)


def test_a_magic_inside_a_text_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook(code("text = '''\n% of all\n'''\nfiles = !ls\nhelp(text)\ntext?")))
    (cell,) = parse_lesson(path, convert(path).text).live_cells()
    assert cell.source.strip() == "text = '''\n% of all\n'''\n# files = !ls\nhelp(text)\n# text?"


def test_fences_in_code_and_hostile_prose_stay_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    hostile = [
        "<!-- never closed",
        "```python\nunclosed",
        "<pre>open",
        '<!-- #region predict="p" -->',
        "a \x1b[31m b",
        "---",
    ]
    path.write_text(notebook(code("s = '```'\nprint(s)"), *map(words, hostile), code("after = 1")))
    lesson = parse_lesson(path, convert(path).text)
    assert not lesson.errors
    assert sources(lesson) == ["s = '```'\nprint(s)", "after = 1"]
    assert all(isinstance(item, Snippet) for _, item in lesson.items())


def test_control_characters_in_headings_become_visible(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook(words("# T\x1b[31m"), words("a\n\n## H\x07ead"), code("x = 1")))
    lesson = parse_lesson(path, convert(path).text)
    assert lesson.title == "T␛[31m" and [page.title for page in lesson.pages] == ["T␛[31m", "H␇ead"]


def test_notes_tell_what_a_command_became(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(
        notebook(
            code("!pip install -q einops\n%matplotlib inline"),
            code("x = 1\n%timeit x + 1\n!ls"),
            code("%%html\n<b>x</b>"),
        )
    )
    result = convert(path)
    assert result.notes == (
        "Cell 1 is shown and not run: its commands are those of a notebook or a shell, not Python.",
        "Cell 2: `%timeit x + 1` runs as `x + 1`.",
        "Cell 2: `!ls` is no Python and became a comment.",
        "Cell 3 is shown and not run: it is html.",
    )
    lesson = parse_lesson(path, result.text)
    assert sources(lesson) == ["x = 1\nx + 1\n# !ls"] and lesson.front.needs == ("einops",)
    assert "```text\n!pip install -q einops\n%matplotlib inline\n```" in result.text


def test_a_section_is_no_title(tmp_path: Path) -> None:
    path = tmp_path / "my_notes.ipynb"
    path.write_text(notebook(words("## One"), code("x = 1"), words("## Two"), code("y = 1")))
    lesson = parse_lesson(path, convert(path).text)
    assert lesson.title == "My notes" and [page.title for page in lesson.pages] == ["One", "Two"]


@pytest.mark.parametrize("version", [3, 4])
def test_a_notebook_without_its_empty_parts(tmp_path: Path, version: int) -> None:
    path = tmp_path / "a.ipynb"
    cells = [{"cell_type": "code", "input" if version == 3 else "source": ["x = 1"]}, {"cell_type": "markdown"}]
    body = {"worksheets": [{"cells": cells}]} if version == 3 else {"cells": cells}
    path.write_text(json.dumps({"nbformat": version, "nbformat_minor": 0, **body}))
    assert sources(parse_lesson(path, convert(path).text)) == ["x = 1"]


def test_a_long_notebook_gets_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook(*(code("\n".join(f"x{n} = {n}" for n in range(30))) for _ in range(10))))
    lesson = parse_lesson(path, convert(path).text)
    assert [page.title for page in lesson.pages] == ["A", "A (2)", "A (3)", "A (4)", "A (5)"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.ipynb", b"{", "not JSON"),
        ("a.ipynb", b"[1, 2]", "no notebook"),
        ("a.ipynb", b'{"nbformat": 4, "cells": 3, "metadata": {}}', "no notebook"),
        ("a.md", b"\xff\xfe", "not UTF-8"),
        ("a.txt", b"x", "none of"),
    ],
)
def test_bad_files_get_one_sentence(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(TutorError, match=words):
        convert(tmp_path / name)


def test_a_notebook_in_another_language(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook(code("x <- 1"), language="R"))
    with pytest.raises(TutorError, match="'R', not in Python"):
        convert(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(TutorError, match="No such file"):
        convert(tmp_path / "a.ipynb")


def test_a_lesson_of_ours_is_taken_as_it_is(tmp_path: Path) -> None:
    path = LESSONS[0]
    assert is_lesson(path) and convert(path).text == path.read_text(encoding="utf-8") and not convert(path).notes
    name, text = FILES["readme"]
    (tmp_path / name).write_text(text)
    assert not is_lesson(tmp_path / name)


def test_the_walk_tells_what_was_changed(tmp_path: Path) -> None:
    name, text = FILES["jupyter"]
    (tmp_path / name).write_text(text)
    lesson = lesson_from(tmp_path / name)
    first = lesson.pages[0].blocks[0]
    assert isinstance(first, Aside) and first.summary == "What was changed to show fit.ipynb"
    course = course_of(tmp_path / name, lesson)
    assert [entry.front.id for entry in course.lessons()] == ["fit"] and course.root == tmp_path.resolve()
    assert course.id != course_of(tmp_path / "other.ipynb", lesson).id
