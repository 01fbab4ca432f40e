"""Code of which nothing can be captured: the Plot pane draws what it printed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from test_ui_app_script import Trial
from ui_course import seen, wait_for
from ui_training_course import Trainer, trains

from tutor.metrics.printed import MOST_LINES
from tutor.runner.protocol import Check, Run
from tutor.runner.script import Step, printed
from tutor.runner.transcript import Chunk, RunRecord
from tutor.ui.printed_curves import PrintedCurves

LINES = "".join(f"epoch {number}: loss {1 / number:.4f}\n" for number in range(1, 9))


def ended(text: str, **others: object) -> RunRecord:
    record = RunRecord("r", "run", "tag", "loop", outcome="ok", chunks=[Chunk("stdout", text)])
    for name, value in others.items():
        setattr(record, name, value)
    return record


def test_a_run_that_was_captured_or_goes_on_or_is_a_check_draws_nothing_that_it_prints() -> None:
    assert PrintedCurves().of(None) is None
    assert PrintedCurves().of(ended(LINES, has_points=True)) is None
    assert PrintedCurves().of(ended(LINES, outcome="")) is None
    assert PrintedCurves().of(ended(LINES, kind="check")) is None
    assert PrintedCurves().of(ended("", chunks=[Chunk("above", LINES), Chunk("stderr", LINES)])) is None


def test_the_title_says_where_the_numbers_come_from() -> None:
    curves = PrintedCurves()
    found = curves.of(ended(LINES))
    assert found is not None and found[1] == "loop (printed)"
    assert curves.of(ended(LINES)) is found  # read once
    many = PrintedCurves().of(ended("loss: 1\n" * (MOST_LINES + 5)))
    assert many is not None and many[1] == "loop (printed, the first 2,000 lines)"


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_printed_numbers_are_drawn_until_there_is_a_captured_curve(tmp_path: Path, size: tuple[int, int]) -> None:
    trainer = Trainer(tmp_path, options={"lesson_id": "train"})
    prints = [True]

    def script(request: Run | Check) -> Iterable[Step]:
        return printed(LINES) if prints[0] else trains(request)

    trainer.script = script
    async with trainer.running(size=size) as pilot:
        plot = trainer.lesson.plot
        await pilot.press("1", "ctrl+r")
        await wait_for(pilot, lambda: plot.board is not None)
        assert plot.board is not None and plot.board.main is not None and plot.board.main.last == (8, 0.125)
        assert trainer.lesson.panes.result == "output"  # nothing is brought forward
        trainer.lesson.offer("plot")
        await wait_for(pilot, lambda: "(printed): step 8, loss 0.125, falling" in " ".join(seen(trainer.app).split()))
        assert not trainer.study.runs.of("train")
        prints[0] = False
        await pilot.press("ctrl+r")
        await wait_for(
            pilot, lambda: plot.board is not None and plot.board.main is not None and plot.board.main.count == 20
        )
        assert "printed" not in plot._title


async def test_a_script_draws_what_it_printed() -> None:
    trial = Trial(*printed(LINES))
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: "(printed): step 8, loss 0.125" in seen(trial.app))
