"""Predicting a curve: four drawings, and the truth of the run."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui_course import seen, wait_for
from ui_training_course import Trainer

from tutor.learning.state import Status
from tutor.plot.sketch import SKETCHES, sketch
from tutor.runner.protocol.requests import Run


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_curve_is_chosen_run_and_compared(tmp_path: Path, size: tuple[int, int]) -> None:
    trainer = Trainer(tmp_path, options={"lesson_id": "train", "page": 3})
    async with trainer.running(size=size) as pilot:
        await wait_for(pilot, lambda: "falls smoothly" in seen(trainer.app))
        await pilot.press("ctrl+r")
        assert not [one for one in trainer.session.sent if isinstance(one, Run)]
        await pilot.press("f3")
        await wait_for(pilot, lambda: "enter locks" in seen(trainer.app))
        await pilot.press("1", "right", "enter")
        await wait_for(pilot, lambda: "Not quite. It diverges" in seen(trainer.app))
        words = ("You said", "It oscillates", "Too far each time")
        await wait_for(pilot, lambda: all(one in seen(trainer.app) for one in words))
        state = trainer.study.states(trainer.lesson.desk.lesson)["train/curve"]
        assert state.status is Status.PASSED and state.answer == "oscillates"
    later = Trainer(tmp_path, options={"lesson_id": "train", "page": 3})
    async with later.running(size=size) as pilot:
        await wait_for(pilot, lambda: "Not quite. It diverges" in seen(later.app))


def test_the_drawings_differ_and_have_their_size() -> None:
    drawn = {kind: sketch(kind, 16, 4) for kind in SKETCHES}
    assert all(len(rows) == 4 and all(len(row) == 16 for row in rows) for rows in drawn.values())
    assert len({"".join(rows) for rows in drawn.values()}) == 4
    assert all(row.isascii() for row in sketch("oscillates", 10, 3, ascii=True))
