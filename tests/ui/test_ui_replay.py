"""A short run is played again in the Plot pane."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui_course import said, wait_for
from ui_training_course import Trainer


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_run_grows_again_and_then_stands_as_before(tmp_path: Path, size: tuple[int, int]) -> None:
    trainer = Trainer(tmp_path, options={"lesson_id": "train"})
    now = [100.0]
    async with trainer.running(size=size) as pilot:
        lesson, plot = trainer.lesson, trainer.lesson.plot
        await pilot.press("y")
        await wait_for(pilot, lambda: any("no curve to replay" in one for one in said(trainer.app)))
        await pilot.press("1", "ctrl+r")
        await wait_for(pilot, lambda: trainer.study.runs.of("train") and plot.board is not None)
        board = plot.board
        assert board is not None and board.series["loss"].count == 20
        lesson.replayer._clock = lambda: now[0]
        await pilot.press("y")
        await wait_for(pilot, lambda: lesson.replayer.playing)
        assert plot.board is not None and plot.board is not board and plot.board.series["loss"].count == 1
        now[0] += 6.0
        await wait_for(pilot, lambda: plot.board is not None and plot.board.series["loss"].count == 10)
        await pilot.press("y")
        await wait_for(pilot, lambda: any("6 seconds" in one for one in said(trainer.app)))
        now[0] += 3.0
        await wait_for(pilot, lambda: plot.board is board)
        assert not lesson.replayer.playing
