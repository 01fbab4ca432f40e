"""Knobs above the editor: turned by keys, written into the code, run when the hand rests."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from ui_course import said, seen, wait_for
from ui_training_course import Trainer

from tutor.course.turning import values
from tutor.runner.protocol.requests import Run
from tutor.ui.widgets.knob_field import KnobField


@pytest.fixture
def trainer(tmp_path: Path) -> Trainer:
    return Trainer(tmp_path, options={"lesson_id": "train"})


def runs(trainer: Trainer) -> list[Run]:
    return [one for one in trainer.session.sent if isinstance(one, Run)]


def ran_with(trainer: Trainer) -> list[object]:
    """The learning rate of each run, in order."""
    return [values(run.cells[0].source).get("lr") for run in runs(trainer)]


def field(trainer: Trainer) -> KnobField:
    focused = trainer.app.focused
    assert isinstance(focused, KnobField)
    return focused


async def at_knobs(trainer: Trainer, pilot: Pilot[None]) -> None:
    await wait_for(pilot, lambda: len(trainer.lesson.knobs.fields) == 5)
    await pilot.press("k")
    await wait_for(pilot, lambda: isinstance(trainer.app.focused, KnobField))


async def test_a_turn_writes_the_code_and_runs_it(trainer: Trainer) -> None:
    async with trainer.running() as pilot:
        await at_knobs(trainer, pilot)
        await pilot.press("right", "right", "right")
        assert values(trainer.lesson.editor.text)["lr"] == 0.3
        assert "# @param" in trainer.lesson.editor.text and "# @markdown how far" in trainer.lesson.editor.text
        await wait_for(pilot, lambda: 0.3 in ran_with(trainer) and not trainer.app.reader.transcript.busy)
        assert ran_with(trainer).count(0.3) == 1
        await wait_for(pilot, lambda: trainer.lesson.panes.result == "plot")
        assert field(trainer).knob.name == "lr"
        draft = trainer.study.code_for(trainer.lesson.desk.lesson, trainer.lesson.desk.with_code)
        assert values(draft)["lr"] == 0.3
        await pilot.press("left")
        await wait_for(pilot, lambda: ran_with(trainer)[-1] == 0.2 and not trainer.app.reader.transcript.busy)
        await wait_for(pilot, lambda: "0.2" in seen(trainer.app))
        # The knobs and the code below them, which ran with them.
        await wait_for(pilot, lambda: seen(trainer.app).count("✓ ran") == 2)


async def test_the_bar_names_only_keys_that_work_at_a_knob(trainer: Trainer) -> None:
    async with trainer.running(size=(80, 24)) as pilot:
        await at_knobs(trainer, pilot)
        await wait_for(pilot, lambda: "0-9 type  esc leaves" in seen(trainer.app).splitlines()[-1])
        assert "2 editor" not in seen(trainer.app).splitlines()[-1]
        await pilot.press("escape")
        await wait_for(pilot, lambda: "2 editor" in seen(trainer.app).splitlines()[-1])
        assert "esc leaves" not in seen(trainer.app).splitlines()[-1]


async def test_while_a_value_is_typed_the_bar_says_how_to_end_it_and_tab_sets_it_too(trainer: Trainer) -> None:
    def bar() -> str:
        return seen(trainer.app).splitlines()[-1]

    async with trainer.running(size=(80, 24)) as pilot:
        await at_knobs(trainer, pilot)
        await pilot.press("4")
        await wait_for(pilot, lambda: "enter sets it  esc gives it up" in bar())
        await pilot.press("escape")
        await wait_for(pilot, lambda: "0-9 type  esc leaves" in bar())
        assert values(trainer.lesson.editor.text)["lr"] == 0.1
        await pilot.press("0", ".", "4", "tab")
        await wait_for(pilot, lambda: values(trainer.lesson.editor.text)["lr"] == 0.4)
        await wait_for(pilot, lambda: getattr(trainer.app.focused, "knob", None) is trainer.lesson.turner.knobs[1])
        await wait_for(pilot, lambda: "0-9 type  esc leaves" in bar())
        await pilot.press("tab")
        await wait_for(pilot, lambda: "← → choose  esc leaves" in bar())
        await pilot.press("escape", "4")  # the keys of the panes work again
        await wait_for(pilot, lambda: trainer.lesson.panes.shown == "plot")


async def test_up_and_down_reach_every_knob_also_beside_each_other(trainer: Trainer) -> None:
    async with trainer.running(size=(80, 24)) as pilot:
        await at_knobs(trainer, pilot)
        fields = trainer.lesson.knobs.fields
        await wait_for(pilot, lambda: len({one.region.y for one in fields}) == 3)
        reached = [field(trainer)]
        while reached[-1] is not fields[-1]:
            await pilot.press("down")
            await wait_for(pilot, lambda: field(trainer) is not reached[-1])
            reached.append(field(trainer))
        assert reached == [fields[0], fields[2], fields[4]]
        fields[3].focus()
        await wait_for(pilot, lambda: field(trainer) is fields[3])
        await pilot.press("down")
        await wait_for(pilot, lambda: field(trainer) is fields[4])
        fields[1].focus()
        await wait_for(pilot, lambda: field(trainer) is fields[1])
        await pilot.press("up")
        await wait_for(pilot, lambda: field(trainer) is fields[0])


async def test_every_kind_of_knob_has_its_keys(trainer: Trainer) -> None:
    async with trainer.running() as pilot:
        await at_knobs(trainer, pilot)
        code = trainer.lesson.editor
        await pilot.press("home")
        assert values(code.text)["lr"] == 0.001
        await pilot.press("pageup")
        assert values(code.text)["lr"] == 0.01
        await pilot.press("delete")
        assert values(code.text)["lr"] == 0.1
        await pilot.press("0", ".", "0", "4", "enter")
        await wait_for(pilot, lambda: values(code.text)["lr"] == 0.04)
        await pilot.press("tab", "left")
        await wait_for(pilot, lambda: values(code.text)["steps"] == 15)
        await pilot.press("tab", "right")
        await wait_for(pilot, lambda: values(code.text)["kind"] == "adam")
        await pilot.press("tab", "space")
        await wait_for(pilot, lambda: values(code.text)["nesterov"] is True)
        await pilot.press("tab", "enter", "backspace", "x", '"', "\\", "[", "enter")
        await wait_for(pilot, lambda: values(code.text)["note"] == 'x"\\[')
        assert list(values(code.text)) == ["lr", "steps", "kind", "nesterov", "note"]


async def test_what_is_no_value_is_said_and_changes_nothing(trainer: Trainer) -> None:
    async with trainer.running() as pilot:
        await at_knobs(trainer, pilot)
        before = trainer.lesson.editor.text
        await pilot.press("9", "enter")
        await wait_for(pilot, lambda: any("0.001 to 1" in one for one in said(trainer.app)))
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(trainer.app.focused, KnobField))
        assert trainer.lesson.editor.text == before
        trainer.lesson.editor.replace_code(before.replace("lr = 0.1", "lr = 1 / 10"))
        await wait_for(pilot, lambda: "set by the code" in seen(trainer.app))
        await pilot.press("right")
        await wait_for(pilot, lambda: any("no line such as lr = 0.1" in one for one in said(trainer.app)))


async def test_the_bar_follows_the_code(trainer: Trainer) -> None:
    async with trainer.running() as pilot:
        await wait_for(pilot, lambda: len(trainer.lesson.knobs.fields) == 5)
        text = trainer.lesson.editor.text
        trainer.lesson.editor.replace_code(text.replace("lr = 0.1", "lr = 0.7"))
        await wait_for(pilot, lambda: trainer.lesson.knobs.fields[0].value == 0.7)


async def test_on_a_narrow_screen_the_knobs_stand_above_the_curve(trainer: Trainer) -> None:
    async with trainer.running(size=(80, 24)) as pilot:
        await at_knobs(trainer, pilot)
        assert trainer.lesson.panes.shown == "code"
        await pilot.press("right")
        await wait_for(pilot, lambda: trainer.lesson.panes.shown == "plot" and "step 20" in seen(trainer.app))
        assert field(trainer).knob.name == "lr"
        text = seen(trainer.app)
        assert all(name in text for name in ("lr", "steps", "kind", "nesterov", "note"))
        await pilot.press("down", "right")
        await wait_for(pilot, lambda: len(runs(trainer)) == 2)


async def test_knobs_below_an_open_prediction_are_locked(trainer: Trainer) -> None:
    async with trainer.running(size=(120, 40)) as pilot:
        await pilot.press("f8")
        await wait_for(pilot, lambda: len(trainer.lesson.desk.page.items) == 3)
        trainer.lesson.page.select(trainer.lesson.desk.page.items[1].key, focus=True)
        await wait_for(pilot, lambda: "locked until" in seen(trainer.app))
        assert not trainer.lesson.knobs.fields
        await pilot.press("f3", "1", "2", "enter")
        await wait_for(pilot, lambda: "Three times four" in seen(trainer.app))
        trainer.lesson.page.select(trainer.lesson.desk.page.items[1].key, focus=True)
        await wait_for(pilot, lambda: len(trainer.lesson.knobs.fields) == 1)
