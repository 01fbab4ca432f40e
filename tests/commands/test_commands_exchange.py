"""open, import, export and run of files from elsewhere, with the real kernel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, Workplace

pytestmark = pytest.mark.timeout(180)

LOOP = """import torch, helper
from pathlib import Path
w = torch.zeros(1, requires_grad=True)
for step in range(20):
    loss = (w - 3).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w.grad = None
print(helper.word, Path("data.txt").read_text())"""


def notebook(*sources: str) -> str:
    head = {"cell_type": "markdown", "source": "# From elsewhere\n\nA page.", "metadata": {}}
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for source in sources
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [head, *cells]})


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "helper.py").write_text('word = "beside"\n')
    (folder / "data.txt").write_text("the notebook")
    (folder / "fit.ipynb").write_text(notebook(LOOP, "import nothing_of_this_name", "%timeit 1\nprint('on')"))
    place = Workplace(tmp_path)
    yield place
    place.stop_sessions()


@pytest.fixture
def pytutor(place: Workplace) -> Callable[..., subprocess.CompletedProcess[str]]:
    environment = {**place.environment, "PYTHONPATH": os.getcwd()}

    def call(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tutor", *words]
        return subprocess.run(
            command, env=environment, input=typed, capture_output=True, text=True, timeout=120, cwd=place.folder
        )

    return call


def test_run_reports_every_cell_of_a_notebook(pytutor) -> None:
    done = pytutor("run", "project/fit.ipynb", "--json")
    document = json.loads(done.stdout)
    assert [cell["outcome"] for cell in document["cells"]] == ["ok", "error", "ok"] and done.returncode == 1
    assert document["cells"][1]["error"]["type"] == document["error"]["type"] == "ModuleNotFoundError"
    assert document["stdout"] == "beside the notebook\non\n"
    assert [(series["name"], series["count"]) for series in document["series"]] == [("loss", 20)]


def test_import_writes_a_lesson_once(place: Workplace, pytutor) -> None:
    done = pytutor("import", "project/fit.ipynb")
    assert done.returncode == 0 and "`%timeit 1` runs as `1`" in done.stdout and "fit.md is written" in done.stdout
    text = (place.folder / "fit.md").read_text()
    assert 'title: "From elsewhere"' in text and LOOP in text
    again = pytutor("import", "project/fit.ipynb")
    assert again.returncode == 2 and "there already" in again.stderr
    assert (place.folder / "fit.md").read_text() == text


def test_export_with_outputs_and_without_answers(place: Workplace, pytutor) -> None:
    done = pytutor("export", "00", "--student", "--outputs", "-o", "start.ipynb")
    assert done.returncode == 0, done.stderr
    made = nbformat.read(place.folder / "start.ipynb", as_version=4)
    nbformat.validate(made)
    assert any(output.output_type == "stream" for cell in made.cells for output in cell.get("outputs", []))
    assert 'class="solution"' not in str(made) and 'class="hint"' in str(made)
    assert "No such lesson" in pytutor("export", "nonesuch").stderr
    assert "No such file" in pytutor("open", "nonesuch.ipynb").stderr


def test_a_notebook_is_walked_through_without_an_import(place: Workplace) -> None:
    environment = {**place.variables, "PYTHONPATH": os.getcwd()}
    command = (*PYTUTOR, "open", str(place.folder / "project" / "fit.ipynb"))
    with Terminal(command, environment, 80, 24) as terminal:
        terminal.wait(lambda text: "A page." in text and "What was changed to show fit.ipynb" in text, 60)
        terminal.send(b"\x12")
        terminal.wait(lambda text: any("\u2800" < character <= "\u28ff" for character in text), 60)
        terminal.send(b"3")
        terminal.wait(lambda text: "beside the notebook" in text, 60)
        terminal.send(b"\x11")
        terminal.wait_for_end(60)


def test_a_missing_package_costs_only_what_needs_it(place: Workplace, pytutor) -> None:
    (place.folder / "project" / "draw.ipynb").write_text(
        notebook("import nothing_of_this_name as plt\nimport torch", LOOP, "plt.plot([1])")
    )
    done = pytutor("run", "project/draw.ipynb", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 1 and [cell["outcome"] for cell in said["cells"]] == ["error", "ok", "error"]
    assert [(one["name"], one["count"]) for one in said["series"]] == [("loss", 20)]
