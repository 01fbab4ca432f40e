"""Code knows the size and the colours of the place where its output is shown: the kit, plotext, child processes."""

from __future__ import annotations

import re

from runner_harness import Viewer

from tutor.runner.client import new_run_id
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Check, Run

SIZE = "import os, shutil; print(*shutil.get_terminal_size((76, 24)), os.environ['PYTUTOR_INK'])"

PLOT = """
import plotext as plt
plt.plot([1, 3, 2], label="loss")
plt.show()
"""


async def _run(viewer: Viewer, source: str, columns: int = 0, lines: int = 0, ink: str = "plain") -> str:
    run = new_run_id()
    viewer.send(Run(run=run, cells=(Cell("own", source, "lesson.md"),), columns=columns, lines=lines, ink=ink))
    record = await viewer.finished(run)
    assert record.outcome == "ok", record.failure
    return record.text("stdout")


async def test_code_is_told_the_size_before_each_run(viewer: Viewer) -> None:
    before = await _run(viewer, SIZE)
    assert await _run(viewer, SIZE, 61, 17, "color") == "61 17 color\n"
    child = f"import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', {SIZE!r}], text=True))"
    assert (await _run(viewer, child, 40, 10, "ascii")).strip() == "40 10 ascii"
    assert await _run(viewer, SIZE) == before


async def test_a_check_is_told_too(viewer: Viewer) -> None:
    run = new_run_id()
    test = Cell("test", "assert True, 'runs'", "lesson.md", 5)
    viewer.send(Check(run=run, code=Cell("own", SIZE, "lesson.md"), tests=(test,), columns=50, lines=9, ink="color"))
    assert (await viewer.finished(run)).text("stdout") == "50 9 color\n"


async def test_pictures_of_the_kit_fill_the_pane(viewer: Viewer) -> None:
    drawn = await _run(viewer, "from tutor.kit import show; show.bars([1.0])", 50, 20)
    assert len(drawn.rstrip("\n")) == 50


async def test_a_plot_of_plotext_fills_the_pane_and_follows_its_size(viewer: Viewer) -> None:
    for columns, lines in ((60, 16), (44, 12)):
        assert _size(await _run(viewer, PLOT, columns, lines, "color")) == (columns, lines - 1)
    begun = PLOT.replace("plt.show()", "")
    await _run(viewer, begun, 60, 16)
    assert _size(await _run(viewer, "plt.show()", 48, 13)) == (48, 12)


async def test_a_plot_of_plotext_that_was_shown_is_finished(viewer: Viewer) -> None:
    first = await _run(viewer, PLOT, 44, 12)
    assert first.count("loss") == 1 and await _run(viewer, PLOT, 44, 12) == first
    chosen = PLOT.replace("plt.plot(", "plt.plot_size(30, 8); plt.plot(")
    assert _size(await _run(viewer, chosen, 44, 12, "color")) == (30, 8)
    assert _size(await _run(viewer, PLOT, 50, 14, "color")) == (50, 13)


def _size(text: str) -> tuple[int, int]:
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    return max(map(len, lines)), len(lines)
