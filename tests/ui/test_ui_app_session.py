"""Coming back, interrupting, losing a session, and what is typed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable
from pathlib import Path

import pytest
from ui_course import Desktop, answers, said, seen, wait_for

from tutor.errors import TutorError
from tutor.runner.protocol.requests import Answer, Check, Interrupt, Prepare, Restart, Run
from tutor.runner.protocol.session_events import KernelReady
from tutor.runner.replay import ReplaySession
from tutor.runner.script import FOREVER, Step, asked, printed, training
from tutor.ui import run_control

OPEN = {"lesson_id": "first"}


def forever(request: Run | Check) -> Iterable[Step]:
    return [*printed("step 1\n"), FOREVER]


def busy(desktop: Desktop) -> bool:
    return desktop.app.reader.transcript.current is not None


def kinds(desktop: Desktop) -> list[type]:
    return [type(one) for one in desktop.session.sent]


# Drafts


async def test_what_is_typed_is_saved_while_typing(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("2", *"x=1", "enter")
        lesson = desktop.study.lesson("first")
        item = desktop.lesson.desk.with_code
        assert item is not None
        await wait_for(pilot, lambda: desktop.study.code_for(lesson, item).startswith("x=1\n"))


async def test_what_is_typed_is_saved_on_leaving_the_item_and_on_quit(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("2", *"a=1", "escape", "f8", "f7")
        await wait_for(pilot, lambda: desktop.lesson.editor.text.startswith("a=1"))
        await pilot.press("2", *"b=2", "ctrl+q")
    again = Desktop(tmp_path)
    async with again.running() as pilot:
        await wait_for(pilot, lambda: again.app.lesson_screen is not None)
        assert "b=2" in again.lesson.editor.text and "a=1" in again.lesson.editor.text


async def test_a_second_window_does_not_overwrite_with_what_it_only_shows(tmp_path: Path) -> None:
    one, two = Desktop(tmp_path, options=OPEN), Desktop(tmp_path, options=OPEN)
    async with one.running() as pilot:
        await pilot.press("2", *"mine", "escape")
        async with two.running() as other:
            await other.press("f8", "f7", "ctrl+r", "ctrl+q")
        await pilot.press("f8", "f7")
        await wait_for(pilot, lambda: one.lesson.editor.text.startswith("mine"))


async def test_what_another_window_wrote_is_not_lost(tmp_path: Path) -> None:
    one, two = Desktop(tmp_path, options=OPEN), Desktop(tmp_path, options=OPEN)
    async with one.running() as pilot:
        async with two.running() as other:
            await other.press("2", *"theirs", "ctrl+q")
        await pilot.press("2", *"mine")
        await wait_for(pilot, lambda: any("Another window" in sentence for sentence in said(one.app)))
        assert one.lesson.editor.text.startswith("mine") and "theirs" not in one.lesson.editor.text
        steps = 0
        while not one.lesson.editor.text.startswith("theirs") and steps < len("mine"):
            steps += 1  # what is typed slowly is taken back in several steps
            await pilot.press("ctrl+z")
        assert one.lesson.editor.text.startswith("theirs")
        await pilot.press(*["ctrl+y"] * steps)
        assert one.lesson.editor.text.startswith("mine")


# Coming back


async def test_after_a_kill_everything_is_there_again(tmp_path: Path) -> None:
    """The journal of a first app is played to a second one that knows nothing else."""

    def script(request: Run | Check) -> Iterable[Step]:
        if isinstance(request, Check):
            return answers(request)
        return [*printed("line 1\nline 2\n"), *training([1.0, 0.5, 0.25])]

    first = Desktop(tmp_path, script=script, options=OPEN)
    journal: list = []
    async with first.running() as pilot:
        emit = first.session.emit
        first.session.emit = lambda event: (journal.append(event), emit(event))[1]  # type: ignore[method-assign]
        await pilot.press("f8", "ctrl+t")
        await wait_for(pilot, lambda: "0 of 1 checks" in seen(first.app))
        await pilot.press("ctrl+r")
        await wait_for(
            pilot,
            lambda: "line 2" in "".join(c.text for r in first.app.reader.transcript.runs.values() for c in r.chunks),
        )
        await wait_for(pilot, lambda: not first.app.reader.transcript.busy)
        # no quit: the app is simply gone

    second = Desktop(tmp_path)

    async def connect() -> ReplaySession:
        session = ReplaySession(past=[event for event in journal if event.journaled])
        second.sessions.append(session)
        return session

    second.app.reader._connect = connect
    async with second.running() as pilot:
        assert second.lesson.desk.lesson.id == "first" and second.lesson.desk.page.number == 2
        await wait_for(pilot, lambda: second.lesson.output.record is not None)
        assert second.lesson.output.record.text("stdout") == "line 1\nline 2\n"
        assert len(second.app.reader.boards) == 1
        await pilot.press("7")
        await wait_for(pilot, lambda: "0 of 1 checks" in seen(second.app))
        state = second.study.state(second.lesson.desk.lesson, second.lesson.desk.with_code)
        assert state.attempts == 1  # taken in twice, counted once


async def test_a_run_that_goes_on_is_followed(tmp_path: Path) -> None:
    seen_running = asyncio.Event()

    def slow(request: Run | Check) -> Iterable[Step]:
        for number in range(40):
            yield from printed(f"step {number}\n")
            while number == 20 and not seen_running.is_set():
                yield 0.02

    desktop = Desktop(tmp_path, script=slow, options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "running" in seen(desktop.app).splitlines()[0] and "step 20" in seen(desktop.app))
        assert "step 21" not in seen(desktop.app)
        seen_running.set()
        await wait_for(pilot, lambda: "step 39" in seen(desktop.app))
        await wait_for(pilot, lambda: "ready" in seen(desktop.app).splitlines()[0])


async def test_points_bring_the_plot_forward(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, script=lambda request: training([math.exp(-i / 9) for i in range(100)]), options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: desktop.lesson.panes.result == "plot")
        board = next(iter(desktop.app.reader.boards.values()))
        await wait_for(pilot, lambda: board.series["loss"].count == 100)


@pytest.mark.parametrize("losses", [[1.5], [9.0, 9.0, 9.0]])
async def test_a_few_equal_points_do_not_cover_what_was_printed(tmp_path: Path, losses: list[float]) -> None:
    def one(request: Run | Check) -> Iterable[Step]:
        yield from printed("one step made\n")
        yield from training(losses)

    desktop = Desktop(tmp_path, script=one, options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "finished" in seen(desktop.app) and bool(desktop.app.reader.boards))
        assert desktop.lesson.panes.result == "output"


async def test_a_run_asked_for_too_early_waits_for_the_session(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    gate = asyncio.Event()
    connect = desktop.connect

    async def late() -> ReplaySession:
        await gate.wait()
        return await connect()

    desktop.app.reader._connect = late
    async with desktop.app.run_test(size=(120, 36), notifications=True) as pilot:
        await wait_for(pilot, lambda: "Words with" in seen(desktop.app))
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: any("as soon as" in one for one in said(desktop.app)))
        gate.set()
        await wait_for(pilot, lambda: "total 45" in seen(desktop.app) and "finished" in seen(desktop.app))


# Interrupt


async def test_ctrl_c_interrupts_what_runs(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, script=forever, options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: busy(desktop))
        await pilot.press("ctrl+c")
        await wait_for(pilot, lambda: "interrupted" in seen(desktop.app))
        assert Interrupt() in desktop.session.sent


async def test_the_ladder_goes_on_when_nothing_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_control, "PATIENCE", 0.05)
    desktop = Desktop(tmp_path, script=forever, options=OPEN)
    async with desktop.running() as pilot:
        session = desktop.session
        take = session.send
        session.send = lambda request: session.sent.append(request) if isinstance(request, Interrupt) else take(request)  # type: ignore[method-assign]
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: busy(desktop))
        await pilot.press("ctrl+c")
        await wait_for(pilot, lambda: any("has not stopped yet" in one for one in said(desktop.app)))
        await pilot.press("ctrl+c")
        await wait_for(pilot, lambda: any("ends the kernel" in one for one in said(desktop.app)))
        await pilot.press("ctrl+c")
        await wait_for(pilot, lambda: not busy(desktop))
        sent = [one for one in session.sent if not isinstance(one, Run)]
        assert sent == [Interrupt(), Interrupt(force=True), Restart()]
        await wait_for(pilot, lambda: any("new kernel" in one for one in said(desktop.app)))
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: busy(desktop))


def test_another_run_begins_at_the_first_rung() -> None:
    ladder = run_control.InterruptLadder()
    assert ladder.press("a").request == Interrupt()
    assert ladder.press("a").request == Interrupt(force=True)
    assert ladder.press("b").request == Interrupt()
    assert ladder.stop_hard("b").request == Restart()
    assert ladder.press("b").request == Restart()


async def test_ctrl_c_copies_when_nothing_runs(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("2", "shift+end", "ctrl+c")
        await wait_for(pilot, lambda: desktop.app.clipboard == "total = sum(range(10))")


# Input, loss, trouble, end


async def test_input_is_asked_and_answered(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, script=lambda request: [*asked("Your name? "), *printed("hello\n")], options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "waiting for input" in seen(desktop.app))
        await wait_for(pilot, lambda: type(desktop.app.focused).__name__ == "AnswerLine")
        await pilot.press(*"Ann", "enter")
        await wait_for(pilot, lambda: Answer("Ann") in desktop.session.sent)
        await wait_for(pilot, lambda: "hello" in seen(desktop.app))


async def test_a_lost_session_is_said_and_replaced_and_its_output_kept(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, script=forever, options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: "step 1" in seen(desktop.app))
        desktop.session.lose("Its process was killed.")
        await wait_for(pilot, lambda: len(desktop.sessions) == 2 and desktop.app.reader.attached)
        assert any("Its process was killed" in one for one in said(desktop.app))
        await wait_for(pilot, lambda: "step 1" in seen(desktop.app) and "process died" in seen(desktop.app))
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: Run in kinds(desktop))


async def test_what_trainings_need_is_asked_for_where_a_lesson_trains_and_of_each_session(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    file = desktop.study.lesson("second").path
    file.write_text(file.read_text(encoding="utf-8") + "\n```python\ntorch.optim.SGD\n```\n", encoding="utf-8")
    async with desktop.running() as pilot:
        await wait_for(pilot, lambda: desktop.app.reader.attached)
        assert Prepare not in kinds(desktop)
        await desktop.lesson.open("second")
        await wait_for(pilot, lambda: Prepare in kinds(desktop))
        desktop.session.lose("Its process was killed.")
        await wait_for(pilot, lambda: len(desktop.sessions) == 2 and Prepare in kinds(desktop))


async def test_a_session_that_cannot_start_leaves_the_lesson_readable(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    refused = [True]
    connect = desktop.connect

    async def no() -> ReplaySession:
        if refused:
            raise TutorError("Cannot start a session", "the folder is full.", "Make room.")
        return await connect()

    desktop.app.reader._connect = no
    async with desktop.running() as pilot:
        await wait_for(pilot, lambda: "the folder is full" in seen(desktop.app))
        assert "no session" in seen(desktop.app).splitlines()[0]
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: any("Make room" in one for one in said(desktop.app)))
        refused.clear()
        await desktop.app.run_action("reconnect")
        await wait_for(pilot, lambda: "ready" in seen(desktop.app).splitlines()[0])


async def test_without_torch_it_says_so_and_what_to_do(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)

    async def bare() -> ReplaySession:
        return ReplaySession(
            kernel=KernelReady(
                generation=1,
                executable="/opt/python",
                problem="/opt/python has no torch: choose another with --python.",
            )
        )

    desktop.app.reader._connect = bare
    async with desktop.running() as pilot:
        await wait_for(pilot, lambda: "no torch" in seen(desktop.app).splitlines()[0])
        assert seen(desktop.app).count("/opt/python has no torch") == 1 and "--python" in seen(desktop.app)
        assert seen(desktop.app).lower().count("no torch") == 2  # in the header, and in the sentence


async def test_quitting_leaves_the_training_and_says_so(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, script=forever, options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: busy(desktop))
        await pilot.press("ctrl+q")
    assert "goes on" in desktop.app.farewell
    assert kinds(desktop) == [Run]  # neither stopped nor interrupted


async def test_a_flood_of_output_is_taken_in_few_steps(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, script=lambda request: printed("x" * 50 + "\n") * 5000, options=OPEN)
    async with desktop.running() as pilot:
        took = 0
        take = desktop.app.reader.take

        def counted() -> object:
            nonlocal took
            took += 1
            return take()

        desktop.app.reader.take = counted  # type: ignore[method-assign]
        await pilot.press("ctrl+r")
        transcript = desktop.app.reader.transcript
        await wait_for(pilot, lambda: transcript.runs and not transcript.busy)
        record = next(iter(transcript.runs.values()))
        assert len(record.text("stdout")) == 51 * 5000
        await wait_for(pilot, lambda: took)
        assert took < 1000


async def test_output_that_is_taken_in_but_not_yet_shown_can_be_painted(tmp_path: Path) -> None:
    lines = "".join(f"{number}\n" for number in range(3000))
    desktop = Desktop(tmp_path, script=lambda request: printed(lines) * 20, options=OPEN)
    async with desktop.running() as pilot:
        await pilot.press("ctrl+r")
        output, transcript = desktop.lesson.output, desktop.app.reader.transcript
        await wait_for(pilot, lambda: output.record and not transcript.busy and output.caught_up)
        output.show(output.record)
        while not output.caught_up:
            output._take()
            for row in range(output.view.size.height):
                output.view.render_line(row)


async def test_a_read_only_store_is_said_once(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, options=OPEN)
    desktop.study.store.warning = "Progress cannot be saved: read-only."
    async with desktop.running() as pilot:
        await pilot.press("2", *"ab", "escape", "f8")
        await wait_for(pilot, lambda: "Progress cannot be saved: read-only." in said(desktop.app))
        await pilot.pause()
        assert said(desktop.app).count("Progress cannot be saved: read-only.") == 1


async def test_nothing_of_a_replay_is_announced_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    from tutor.runner.protocol.run_events import Output, RunQueued, RunStarted
    from tutor.runner.protocol.session_events import CaughtUp
    from tutor.ui import session
    from tutor.ui.folding import Folding
    from tutor.ui.session import SessionReader

    monkeypatch.setattr(session, "FRAME", 0.5)
    told: list[int] = []
    reader = SessionReader(None, lambda: told.append(1))  # type: ignore[arg-type]
    fold = Folding(reader).take
    for event in (RunQueued(run="a", tag="t"), RunStarted(run="a"), Output(run="a", text="x")):
        fold(event)
    assert not told
    fold(CaughtUp())
    fold(Output(run="a", text="y"))
    assert told == [1]
    assert reader.take().runs == {"a"}
    fold(Output(run="a", text="z"))
    assert told == [1]  # a frame has not passed yet
    for _ in range(600):
        if len(told) > 1:
            break
        await asyncio.sleep(0.05)
    assert told == [1, 1]


async def test_a_device_that_is_not_there_is_said_once(tmp_path: Path) -> None:
    problem = "There is no device 'cuda:1': torch 2.13.0 sees cpu and cuda:0. The CPU is used instead."

    class OneGpu(Desktop):
        async def connect(self) -> ReplaySession:
            ready = KernelReady(generation=1, torch="2.13.0", device="cpu", problem=problem)
            self.sessions.append(ReplaySession(self.script, kernel=ready))
            return self.session

    desktop = OneGpu(tmp_path, options=OPEN)
    async with desktop.running() as pilot:
        await wait_for(pilot, lambda: problem in said(desktop.app))
        await desktop.app.run_action("stop_hard")
        await wait_for(pilot, lambda: desktop.app.reader.transcript.generation == 2)
        await wait_for(pilot, lambda: desktop.app.reader.transcript.kernel is not None)
        assert said(desktop.app).count(problem) == 1
