"""What the cells above print is told from what the learner's own cell prints, however fast both come."""

from __future__ import annotations

from runner_harness import Viewer

from tutor.runner.client import new_run_id
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Run


async def test_a_fast_cell_keeps_its_output(viewer: Viewer) -> None:
    above = tuple(Cell(f"above-{number}", f"print('above {number}')", "lesson.md", number) for number in (1, 2))
    own = Cell("own", "print('mine')", "lesson.md", 9)
    for _ in range(20):
        run = new_run_id()
        viewer.send(Run(run=run, cells=(*above, own), quiet_cells=2))
        record = await viewer.finished(run)
        assert (record.text("above"), record.text("stdout")) == ("above 1\nabove 2\n", "mine\n")
