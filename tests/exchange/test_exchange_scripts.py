"""Scripts that no notebook tool has marked: words, headings, and cells one can work with."""

from __future__ import annotations

from pathlib import Path

import pytest
from foreign import code, notebook, words

from tutor.authoring.lint import lint
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.exchange.conversion import convert

SCRIPT = """#!/usr/bin/env python
# -*- coding: utf-8 -*-
import torch

from torch import nn

# ================================ #
#          1. The data             #
# ================================ #

# Points of a line with a_b and 2 * 3 < 7:
#   - one
#   - two

x = torch.linspace(0, 1, 8)

y = 2 * x

# It could also be made like this:
# y = torch.randn(8)
# y.add_(1)

# -------------------- The model --------------------
# Only one weight.
class Line(nn.Module):
    def __init__(self):
        super().__init__()

        self.w = nn.Parameter(torch.zeros(()))

    # The answer
    def forward(self, x):
        return self.w * x

model = Line()
# loss = None

for step in range(3):

    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
"""


def lesson_of(folder: Path, text: str, name: str = "fit.py") -> tuple[Lesson, str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    written = convert(path).text
    return parse_lesson(path, written), written


def test_banners_are_pages_and_paragraphs_make_up_cells(tmp_path: Path) -> None:
    lesson, text = lesson_of(tmp_path, SCRIPT)
    assert [page.title for page in lesson.pages] == ["Fit", "1. The data", "The model"]
    cells = [cell.source.strip() for cell in lesson.live_cells()]
    assert cells[0] == "import torch\n\nfrom torch import nn"
    assert cells[1] == "x = torch.linspace(0, 1, 8)\n\ny = 2 * x"
    assert cells[2].startswith("# Only one weight.\nclass Line") and cells[2].endswith("return self.w * x")
    assert len(cells) == 4 and cells[3].startswith("model = Line()\n# loss") and cells[3].endswith("loss.backward()")
    assert "====" not in text and "coding" not in text and "a_b and 2 * 3 \\< 7:\n  - one" in text
    assert "made like this:\n\n```python .noeval\ny = torch.randn(8)\ny.add_(1)\n```" in text


def test_texts_between_code_are_prose(tmp_path: Path) -> None:
    lesson, text = lesson_of(
        tmp_path,
        '"""\nTitle: Fitting a line\nAuthor: [Me](https://example.org)\nDescription: Short.\n"""\n'
        '"""\n## Setup\n\nWords with *stress*.\n"""\nimport torch\n\n'
        'help_text = """\nnot prose\n"""\n"""\nlast words\n"""\nx = "a"; "b"\n',
    )
    assert lesson.title == "Fitting a line" and [page.title for page in lesson.pages][-1] == "Setup"
    assert "- **Author**: [Me](https://example.org)" in text and "Words with *stress*." in text
    cells = [cell.source.strip() for cell in lesson.live_cells()]
    assert cells == ["import torch", 'help_text = """\nnot prose\n"""', 'x = "a"; "b"']


@pytest.mark.parametrize("mark", ["# # Title\n", "# +\n", '# + tags=["a"]\n', "# ---\n# jupyter:\n#   x: 1\n# ---\n"])
def test_marks_of_jupytext_are_kept_to(tmp_path: Path, mark: str) -> None:
    lesson, _ = lesson_of(tmp_path, f"{mark}\nx = 1\n\ny = 2\n" if mark[2] != "+" else f"{mark}x = 1\n# -\n\ny = 2\n")
    assert [cell.source.strip() for cell in lesson.live_cells()] == ["x = 1", "y = 2"]


def test_a_list_in_a_comment_is_no_mark(tmp_path: Path) -> None:
    lesson, text = lesson_of(tmp_path, "# Needs:\n# - torch\n# + numpy\n\nx = 1\n\ny = 2\n")
    assert [cell.source.strip() for cell in lesson.live_cells()] == ["x = 1\n\ny = 2"] and "- torch" in text


def test_long_stretches_are_cut_between_paragraphs(tmp_path: Path) -> None:
    lesson, _ = lesson_of(tmp_path, "\n\n".join(f"x{n} = [\n\n    {n},\n]" for n in range(20)))
    sizes = [cell.source.strip().count("\n") + 1 for cell in lesson.live_cells()]
    assert sum(cell.source.count("=") for cell in lesson.live_cells()) == 20
    assert len(sizes) > 3 and max(sizes) <= 26


def test_a_script_of_python_2_or_a_notebook_still_opens(tmp_path: Path) -> None:
    lesson, _ = lesson_of(tmp_path, "print 'old'\n\nx = 1\n")
    assert [cell.source.strip() for cell in lesson.live_cells()] == ["x = 1"]


SITE = """---
title: Gradients
---

!!! note "Make one"
    It takes an argument.
    ```python
    import torch
    ```

    ```python
    a = torch.ones(2)
    a
    ```

```python

tensor([ 1.,  1.])

```

!!! warning
    Mind *this*.

???+ example "More"
    - one

=== "PyTorch"

    ```python
    b = a + 1
    ```

=== "Words"

    Other words

```python
True
```

```text
!!! note "stays"
    as it is
```

!!! nothing below

Title
=====
"""


def test_admonitions_and_tabs_of_documentation_sites(tmp_path: Path) -> None:
    lesson, text = lesson_of(tmp_path, SITE, "page.md")
    assert [cell.source.strip() for cell in lesson.live_cells()] == [
        "import torch",
        "a = torch.ones(2)\na",
        "b = a + 1",
    ]
    for wanted in (
        "**Make one**\n\nIt takes an argument.",
        "```text\ntensor([ 1.,  1.])\n```",
        "```text\nTrue\n```",
        "> [!WARNING]\n> Mind *this*.",
        "> [!NOTE]\n> **More**\n>\n> - one",
        "**PyTorch**",
        "**Words**\n\nOther words",
        '```text\n!!! note "stays"\n    as it is\n```',
        "!!! nothing below",
    ):
        assert wanted in text


def test_other_names_of_python_and_sessions_are_cells(tmp_path: Path) -> None:
    session = ">>> def f(x):\n...     return x\n...\n>>> f(2)\n2\n>>> x = 1"
    fences = [("py", "import torch"), ("pycon", session), ("bash", "pip install torch"), ("c++", "int x;")]
    fences.append(("mermaid", "a --> b"))
    lesson, text = lesson_of(
        tmp_path, "# Use it\n\n" + "\n\n".join(f"```{name}\n{body}\n```" for name, body in fences) + "\n", "use.md"
    )
    cells = [cell.source.strip() for cell in lesson.live_cells()]
    assert cells == ["import torch", "def f(x):\n    return x\n\nf(2)", "x = 1"]
    for wanted in ("```text\n2\n```", "```bash .noeval\n", "```c++ .noeval\n", "```mermaid\n"):
        assert wanted in text
    assert_agrees(tmp_path, text)


def test_shown_code_stays_shown_in_a_notebook(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    cells = ("%%javascript\nalert()", "text = '''a ```b``` c'''\nx = 1", "text = '''\n```\n'''")
    path.write_text(notebook(*map(code, cells)))
    assert_agrees(tmp_path, convert(path).text)


def assert_agrees(folder: Path, text: str) -> None:
    """Jupytext reads the same cells and gives the same text back."""
    path = folder / "made.md"
    path.write_text(text, encoding="utf-8")
    assert [problem for problem in lint([path]).problems if problem.code == "E109"] == []


def test_tags_that_only_look_good_go(tmp_path: Path) -> None:
    prose = "    <center> **Recap** $y$ </center>\n\n<div align='left'>\n*more* <b>bold</b> 1 < 2 > 0\n</div>\n\n"
    prose += "A `<p>` in <span>text</span>.\n\n```html\n<div>x</div>\n```"
    (tmp_path / "a.ipynb").write_text(notebook(words(prose), code("x = 1")))
    text = convert(tmp_path / "a.ipynb").text
    assert "\n**Recap** $y$\n" in text and "\n*more* <b>bold</b> 1 < 2 > 0\n" in text and "<div>x</div>" in text
    assert "A `<p>` in text." in text


MARIMO = '''import marimo

__generated_with = "0.9"
app = marimo.App()

with app.setup:
    import torch


@app.cell
def _(mo):
    mo.md(
        r"""
        # A marimo page

        Words.
        """
    )
    return


@app.cell(hide_code=True)
def __():
    # the data
    x = torch.ones(2)
    y = """
    text
    """
    return x, y


@app.function
@torch.no_grad()
def double(x):
    return 2 * x


@app.cell
def _():
    @torch.no_grad()
    def triple(x):
        return 3 * x
    return (triple,)


@app.cell
def empty():
    return


if __name__ == "__main__":
    app.run()
'''


def test_the_bodies_of_marimo_functions_are_cells(tmp_path: Path) -> None:
    lesson, text = lesson_of(tmp_path, MARIMO)
    assert lesson.title == "A marimo page" and "Words." in text
    cells = [cell.source.strip() for cell in lesson.live_cells()]
    assert cells[0] == "import torch" and cells[1].startswith("# the data\nx = torch.ones(2)\ny = ")
    assert len(cells) == 4
    assert cells[2] == "@torch.no_grad()\ndef double(x):\n    return 2 * x"
    assert cells[3] == "@torch.no_grad()\ndef triple(x):\n    return 3 * x"
