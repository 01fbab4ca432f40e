"""Code of which nothing can be captured: the Plot pane draws what it printed, or says how to log."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from test_ui_app_script import Trial
from ui_course import seen, wait_for
from ui_training_course import Trainer, trains

from tutor.metrics.printed import MOST_LINES
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.script import Step, printed
from tutor.runner.transcript import Chunk, RunRecord
from tutor.ui.printed_curves import PrintedCurves
from tutor.ui.widgets.plot_empty import EMPTY_WORDS, empty_words

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


@pytest.mark.parametrize(
    ("program", "what"),
    [
        ("import torch\ng, = torch.autograd.grad(loss, w)", "torch.autograd.grad"),
        ("from torch import autograd\nautograd.grad(loss, w)", "torch.autograd.grad"),
        ("from torch.autograd import grad", "torch.autograd.grad"),
        ("torch.func.grad(f)(w)", "torch.func"),
        ("from torch.func import grad, vmap", "torch.func"),
        ("from torch import func", "torch.func"),
        ("import torch.func as tf", "torch.func"),
    ],
)
def test_gradients_without_backward_are_seen_in_the_code(program: str, what: str) -> None:
    assert empty_words(program).startswith(f"{what} draws no loss by itself; log it")
    assert "from tutor.kit import log; log(loss=value)" in empty_words(program)


@pytest.mark.parametrize(
    "program",
    [
        "",
        "loss.backward()",
        "print(w.grad)",
        "# torch.func",
        "'torch.func'",
        "x = (",
        "\0",
        "(" * 5000,
        "f" + ".a" * 9000,
    ],
)
def test_other_code_and_what_is_none_has_the_usual_words(program: str) -> None:
    assert empty_words(program) == EMPTY_WORDS


async def test_the_empty_pane_says_how_to_log(tmp_path: Path) -> None:
    trainer = Trainer(tmp_path, options={"lesson_id": "train"})
    trainer.script = lambda request: printed("done\n")
    async with trainer.running() as pilot:
        lesson = trainer.lesson
        await pilot.press("1")
        lesson.editor.text = "import torch\nw -= 0.1 * torch.func.grad(f)(w)\n"
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "torch.func" in lesson.plot.empty_words)
        lesson.offer("plot")
        await wait_for(pilot, lambda: "torch.func draws no loss by itself" in seen(trainer.app))
        lesson.editor.text = "print('done')\n"
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: lesson.plot.empty_words == EMPTY_WORDS)
