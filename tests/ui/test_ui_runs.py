"""The Runs tab: the runs of an item over each other, in a table, kept for later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import cast

import pytest
import ui_training_course
from textual.pilot import Pilot
from ui_course import said, seen, wait_for
from ui_training_course import Trainer

from tutor.course.reference import ReferenceCurve, curves_path, curves_text
from tutor.runner.protocol.parts import Series
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.protocol.run_events import pack_points
from tutor.runner.script import Step
from tutor.store.runs import RunRow
from tutor.ui.palette import Palette
from tutor.ui.screens.compare import code_changes, value_lines
from tutor.ui.widgets.runs import HINTS, RunList, hint


@pytest.fixture
def trainer(tmp_path: Path) -> Trainer:
    return Trainer(tmp_path, options={"lesson_id": "train"})


def kept(trainer: Trainer) -> list[RunRow]:
    return trainer.study.runs.of("train")


def has_run(trainer: Trainer, number: int) -> bool:
    return len(kept(trainer)) == number and not trainer.app.reader.transcript.busy


async def run_with(trainer: Trainer, pilot: Pilot[None], *rates: str) -> None:
    """Run the knobs once for each learning rate."""
    await wait_for(pilot, lambda: trainer.lesson.knobs.fields)
    already, editor = len(kept(trainer)), trainer.lesson.editor
    for number, rate in enumerate(rates, already + 1):
        first, _, rest = editor.text.partition("lr = ")
        editor.replace_code(f"{first}lr = {rate}  #{rest.partition('#')[2]}")
        await pilot.press("ctrl+r")
        await wait_for(pilot, partial(has_run, trainer, number))


async def at_runs(trainer: Trainer, pilot: Pilot[None]) -> None:
    await pilot.press("6")
    await wait_for(pilot, lambda: isinstance(trainer.app.focused, RunList) and "best" in seen(trainer.app))


async def test_a_sweep_of_eight_reads_well_at_80x24(trainer: Trainer) -> None:
    rates = ("0.01", "0.03", "0.05", "0.1", "0.2", "0.3", "0.5", "0.9")
    async with trainer.running(size=(80, 24)) as pilot:
        await run_with(trainer, pilot, *rates)
        await at_runs(trainer, pilot)
        await wait_for(pilot, lambda: all(f" {rate} " in seen(trainer.app) for rate in rates))
        head = next(line for line in seen(trainer.app).splitlines() if "best" in line)
        assert head.split() == ["run", "lr", "steps", "loss", "best", "time"]
        # The run that diverged left at the top.
        await wait_for(pilot, lambda: "┤" in seen(trainer.app) and "▲8" in seen(trainer.app))
        assert len([entry for entry in trainer.lesson.gallery.entries if entry.ink >= 0]) == 8
        await pilot.press("s")
        await wait_for(pilot, lambda: any("the best first" in one for one in said(trainer.app)))
        assert trainer.lesson.gallery.entries[0].number == 7


async def test_runs_are_there_in_a_later_session(trainer: Trainer, tmp_path: Path) -> None:
    async with trainer.running() as pilot:
        await run_with(trainer, pilot, "0.3", "0.2")
    later = Trainer(tmp_path, options={"lesson_id": "train"})
    async with later.running() as pilot:
        await at_runs(later, pilot)
        await wait_for(pilot, lambda: "0.3" in seen(later.app) and "0.2" in seen(later.app))
        await pilot.press("4")
        await wait_for(pilot, lambda: "run 2: step 20" in seen(later.app))


async def test_a_kept_run_has_its_epochs_where_it_is_drawn_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trains(request: Run | Check) -> Iterable[Step]:
        yield pack_points("", [(Series("epoch", "epoch"), [10.0], [2.0])])
        yield from ui_training_course.trains(request)

    trainer = Trainer(tmp_path, options={"lesson_id": "train"})
    trainer.script = trains
    async with trainer.running() as pilot:
        await run_with(trainer, pilot, "0.3")
        assert kept(trainer)[0].epochs == ((10.0, 2),)
    later = Trainer(tmp_path, options={"lesson_id": "train"})
    async with later.running() as pilot:
        await pilot.press("4")
        await wait_for(pilot, lambda: "step 20 of epoch 2" in seen(later.app) and "▴2" in seen(later.app))
        await at_runs(later, pilot)
        await wait_for(pilot, lambda: "▴2" in seen(later.app))
        await run_with(later, pilot, "0.2")
        await at_runs(later, pilot)
        await wait_for(pilot, lambda: later.lesson.gallery.entries[0].number == 2 and "▴2" not in seen(later.app))


async def test_the_scale_is_one_for_the_plot_and_the_runs_and_a_palette_entry_of_a_pane_goes_there(
    trainer: Trainer,
) -> None:
    async with trainer.running(size=(80, 24)) as pilot:
        await run_with(trainer, pilot, "0.3")
        await at_runs(trainer, pilot)
        await wait_for(pilot, lambda: "0.1┤" not in seen(trainer.app) and "┤" in seen(trainer.app))
        await pilot.press("l")
        await wait_for(pilot, lambda: trainer.lesson.plot.view.log and "0.1┤" in seen(trainer.app))
        await pilot.press("4")
        await wait_for(pilot, lambda: "log scale" in seen(trainer.app))
        await pilot.press("l")
        await wait_for(pilot, lambda: "log scale" not in seen(trainer.app))
        await at_runs(trainer, pilot)
        await wait_for(pilot, lambda: "0.1┤" not in seen(trainer.app) and "┤" in seen(trainer.app))
        hits = [hit async for hit in Palette(trainer.lesson).search("Plot: smooth")]
        await cast("Callable[[], Awaitable[None]]", max(hits, key=lambda hit: hit.score).command)()
        await wait_for(pilot, lambda: "smoothing 0.6" in seen(trainer.app))


async def test_two_windows_on_one_session_keep_a_run_once(trainer: Trainer) -> None:
    async with trainer.running() as pilot:
        await run_with(trainer, pilot, "0.3")
        record = next(iter(trainer.app.reader.transcript.runs.values()))
        board = trainer.app.reader.boards[record.run]
        other = Trainer(trainer.folder)
        assert not other.study.runs.take(trainer.lesson.desk.lesson, record, board)
        assert len(kept(trainer)) == 1


async def test_drawing_naming_pinning_deleting(trainer: Trainer) -> None:
    async with trainer.running() as pilot:
        await run_with(trainer, pilot, "0.3", "0.2", "0.1")
        await at_runs(trainer, pilot)
        gallery = trainer.lesson.gallery
        await pilot.press("space")
        await wait_for(pilot, lambda: [one.ink >= 0 for one in gallery.entries] == [False, True, True])
        await pilot.press("p")
        await wait_for(pilot, lambda: "pinned" in seen(trainer.app))
        await pilot.press("n", *"a[b]", "enter")
        await wait_for(pilot, lambda: "a[b]" in seen(trainer.app))
        assert [one.name for one in kept(trainer)] == ["a[b]", "", ""]
        await pilot.press("down", "d")
        await wait_for(pilot, lambda: "Delete run 2" in seen(trainer.app))
        await pilot.press("n")
        assert len(kept(trainer)) == 3
        await wait_for(pilot, lambda: isinstance(trainer.app.focused, RunList))
        await pilot.press("d", "y")
        await wait_for(pilot, lambda: [one.number for one in kept(trainer)] == [3, 1])


async def test_the_code_of_a_run_comes_back_and_two_are_compared(trainer: Trainer) -> None:
    async with trainer.running() as pilot:
        await run_with(trainer, pilot, "0.3", "0.2")
        await at_runs(trainer, pilot)
        await pilot.press("down", "r")
        await wait_for(pilot, lambda: "lr = 0.3" in trainer.lesson.editor.text)
        await pilot.press("c", "up", "c")
        await wait_for(pilot, lambda: "Run 1 and run 2" in seen(trainer.app))
        text = seen(trainer.app)
        assert "≠  lr" in text and "-lr = 0.3" in text and "+lr = 0.2" in text
        await pilot.press("escape")


async def test_nothing_is_kept_of_code_without_a_curve(trainer: Trainer) -> None:
    async with trainer.running() as pilot:
        await pilot.press("6")
        await wait_for(pilot, lambda: "No runs yet" in seen(trainer.app))


@pytest.mark.parametrize("width", range(20, 90, 5))
def test_the_keys_of_the_table_are_whole_words_at_any_width(width: int) -> None:
    line = hint(width)
    assert len(line) <= width
    assert set(line.split(" · ")) <= {*HINTS, "f1 more"}
    assert line == " · ".join(HINTS) or line.endswith(" · f1 more")


def test_a_comparison_says_what_differs_first() -> None:
    one = RunRow("a", "l", "k", "", "", "x = 1\ny = 2", "", (("lr", "1"), ("n", "2")), 0.0, 1.0, "ok", (), 1)
    two = RunRow("b", "l", "k", "", "", "x = 1\ny = 3", "", (("lr", "1"), ("n", "3")), 0.0, 1.0, "error", (), 2)
    assert [(line.what, line.differs) for line in value_lines(one, two)][:2] == [("n", True), ("lr", False)]
    assert list(code_changes(one.code, two.code))[1:] == [" x = 1", "-y = 2", "+y = 3"]
    assert not code_changes(one.code, one.code)


async def test_what_is_drawn_is_exported_beside_what_is_there(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trainer.folder)
    async with trainer.running() as pilot:
        trainer.lesson.action_export_runs_csv()
        await wait_for(pilot, lambda: any("No run is drawn" in one for one in said(trainer.app)))
        await run_with(trainer, pilot, "0.3", "0.2")
        for kind in ("csv", "json", "svg", "svg"):
            await trainer.lesson.run_action(f"export_runs_{kind}")
        names = sorted(path.name for path in trainer.folder.glob("pytutor-*"))
        assert names == [f"pytutor-01-train-runs{end}" for end in ("-2.svg", ".csv", ".json", ".svg")]
        await wait_for(pilot, lambda: any("2 runs written to" in one for one in said(trainer.app)))


async def test_the_lessons_own_run_lies_beneath(trainer: Trainer) -> None:
    lesson = trainer.study.lesson("train")
    item = next(item for _, item in lesson.items())
    curve = ReferenceCurve("loss", "train", tuple(map(float, range(20))), tuple(4 * 0.9**step for step in range(20)))
    curves_path(lesson).write_text(curves_text(lesson, item, [curve]))
    async with trainer.running(size=(80, 24)) as pilot:
        await run_with(trainer, pilot, "0.3", "0.2")
        await wait_for(pilot, lambda: "dim: the lesson's run and run 1" in seen(trainer.app))
        await pilot.press("4", "h")
        await wait_for(pilot, lambda: any("hidden" in one for one in said(trainer.app)))
        await wait_for(pilot, lambda: "the lesson's run" not in seen(trainer.app))
