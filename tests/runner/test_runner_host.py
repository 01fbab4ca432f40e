"""A real host and a real kernel: running, ending, and being told how."""

from __future__ import annotations

import asyncio
import os
import re
import signal

import pytest

from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Answer, Check, Interrupt, Restart
from tutor.runner.protocol.run_events import InputRequested, Notice, Output, Points, RunFinished, RunStarted
from tutor.runner.protocol.session_events import KernelDied, KernelReady, KernelStarting

pytestmark = pytest.mark.timeout(180)


async def test_print_and_result(viewer) -> None:
    record = await viewer.run("print('hello')\n6 * 7")
    assert record.outcome == "ok"
    assert [(chunk.kind, chunk.text) for chunk in record.chunks] == [("stdout", "hello\n"), ("result", "42\n")]


async def test_the_namespace_stays_and_a_fresh_run_empties_it(viewer) -> None:
    await viewer.run("x = 5")
    assert (await viewer.run("x")).text("result") == "5\n"
    record = await viewer.run("'x' in globals()", fresh=True)
    assert record.text("result") == "False\n"
    assert not any(isinstance(event, KernelDied) for event in viewer.seen)


async def test_output_streams_while_the_code_runs(viewer) -> None:
    run = viewer.start("print('first')\ninput()")
    await viewer.until(lambda event: isinstance(event, Output) and "first" in event.text)
    assert viewer.transcript.runs[run].running
    await viewer.until_type(InputRequested)
    viewer.send(Answer(""))
    assert (await viewer.finished(run)).outcome == "ok"


async def test_standard_error_and_what_c_and_children_write(viewer) -> None:
    record = await viewer.run(
        "import os, sys\nprint('py', file=sys.stderr)\nos.write(2, b'fd\\n')\nos.system('echo child')\nNone"
    )
    assert sorted(record.text("stderr").split()) == ["fd", "py"]
    assert record.text("stdout") == "child\n"


async def test_input_is_asked_and_answered(viewer) -> None:
    run = viewer.start("name = input('name? ')\nprint('hi', name)")
    asked = await viewer.until_type(InputRequested)
    assert asked.prompt == "name? "
    assert viewer.transcript.runs[run].text("stdout") == "name? ", "the prompt is there before the question"
    viewer.send(Answer("Ada"))
    record = await viewer.finished(run)
    assert record.text("stdout").endswith("hi Ada\n") and record.text("input") == "Ada\n"


async def test_an_exception_is_data_with_the_lessons_lines(viewer) -> None:
    record = await viewer.run("def f(n):\n    return 1 / n\n\nf(0)")
    assert record.outcome == "error" and record.failure is not None
    assert record.failure.kind == "ZeroDivisionError"
    assert [frame.line for frame in record.failure.frames if frame.learner] == [14, 12]
    assert "tutor/" not in record.failure.text


async def test_a_training_logs_its_loss_without_a_line_added(viewer) -> None:
    record = await viewer.run(
        "import torch\nw = torch.zeros(1, requires_grad=True)\nopt = torch.optim.SGD([w], lr=0.1)\n"
        "for _ in range(100):\n    loss = ((w - 3) ** 2).sum()\n"
        "    opt.zero_grad()\n    loss.backward()\n    opt.step()\n"
    )
    assert record.outcome == "ok" and record.has_points
    points = [event for event in viewer.seen if isinstance(event, Points)]
    values = [
        value for event in points for series, _, some in event.unpack() if series.name == "loss" for value in some
    ]
    assert len(values) == 100 and values[0] == 9.0 and values[-1] < 1e-6
    finished = next(at for at, event in enumerate(viewer.seen) if isinstance(event, RunFinished))
    assert max(at for at, event in enumerate(viewer.seen) if isinstance(event, Points)) < finished


async def test_a_check_leaves_the_namespace_as_it_was(viewer) -> None:
    await viewer.run("x = 1")
    good = await viewer.check("x = 2\nprint('seen')", "assert x == 2, 'x is two'")
    assert good.passed and good.text("stdout") == "seen\n"
    bad = await viewer.check("x = 3", "assert x == 2, 'x is two'")
    assert bad.outcome == "ok" and not bad.passed and bad.verdicts[0].got == "3"
    assert (await viewer.run("x")).text("result") == "1\n"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("import os; os._exit(0)", "died"),
        ("import sys; sys.exit(0)", "exit"),
        ("while True: pass", "timeout"),
        ("import ctypes; ctypes.string_at(0)", "died"),
        ("x = = 2", "error"),
    ],
)
async def test_no_check_passes_by_ending_and_the_kernel_lives_on(viewer, code: str, outcome: str) -> None:
    await viewer.run("kept = 1")
    record = await viewer.check(code, "assert True, 'fine'", timeout=1.0 if outcome == "timeout" else 60.0)
    assert record.outcome == outcome and not record.passed
    assert (await viewer.run("kept")).text("result") == "1\n"
    assert not any(isinstance(event, KernelDied) for event in viewer.seen)


async def test_a_check_is_interrupted(viewer) -> None:
    run = "interrupted-check"
    viewer.send(Check(run=run, code=Cell("k", "print('go', flush=True)\nwhile True: pass", "l"), tests=()))
    await viewer.until(lambda event: isinstance(event, Output) and "go" in event.text)
    viewer.send(Interrupt())
    assert (await viewer.finished(run)).outcome == "interrupted"


async def test_runs_wait_for_one_another(viewer) -> None:
    runs = [viewer.start(f"print({at})") for at in range(5)]
    for at, run in enumerate(runs):
        assert (await viewer.finished(run)).text("stdout") == f"{at}\n"
    order = [event.run for event in viewer.seen if isinstance(event, (RunStarted, RunFinished))]
    assert order == [run for run in runs for _ in range(2)]


@pytest.mark.parametrize("code", ["while True: pass", "import time; time.sleep(60)", "input()"])
async def test_interrupt_keeps_the_namespace(viewer, code: str) -> None:
    run = viewer.start(f"kept = 1\nprint('go', flush=True)\n{code}")
    await viewer.until(lambda event: isinstance(event, Output) and "go" in event.text)
    viewer.send(Interrupt())
    assert (await viewer.finished(run)).outcome == "interrupted"
    assert (await viewer.run("kept")).text("result") == "1\n"


async def test_an_interrupt_right_after_the_request_is_not_lost(viewer) -> None:
    run = viewer.start("while True: pass")
    viewer.send(Interrupt())
    assert (await viewer.finished(run)).outcome == "interrupted"


async def test_code_that_ignores_the_interrupt_is_said_and_stopped_hard(viewer) -> None:
    run = viewer.start("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('go')\nsum(range(10**13))")
    await viewer.until(lambda event: isinstance(event, Output) and "go" in event.text)
    viewer.send(Interrupt())
    notice = await viewer.until_type(Notice)
    assert notice.run == run and "Stopping it hard" in notice.text
    viewer.send(Restart())
    record = await viewer.finished(run)
    assert record.outcome == "stopped" and record.text("stdout") == "go\n"
    await viewer.until_type(KernelReady)
    assert (await viewer.run("1 + 1")).text("result") == "2\n"


async def test_restart_empties_the_namespace_and_drops_what_waits(viewer) -> None:
    await viewer.run("x = 1")
    running = viewer.start("import time\ntime.sleep(60)")
    waiting = viewer.start("print('never')")
    await viewer.until(lambda event: isinstance(event, RunStarted) and event.run == running)
    viewer.send(Restart())
    assert (await viewer.finished(running)).outcome == "stopped"
    assert (await viewer.finished(waiting)).outcome == "stopped"
    await viewer.until_type(KernelReady)
    assert not any(isinstance(event, KernelDied) for event in viewer.seen)
    assert (await viewer.run("'x' in globals()")).text("result") == "False\n"


DEATHS = {
    "exit": ("os._exit(3)", "exit code 3", 3, None),
    "abort": ("os.abort()", "aborted", None, signal.SIGABRT),
    "segfault": ("import ctypes; ctypes.string_at(0)", "segmentation fault", None, signal.SIGSEGV),
    "kill": ("os.kill(os.getpid(), 9)", "killed from outside", None, signal.SIGKILL),
}


@pytest.mark.parametrize("death", DEATHS)
async def test_a_death_is_told_in_words_and_loses_no_output(viewer, death: str) -> None:
    code, words, exit_code, number = DEATHS[death]
    run = viewer.start(f"import os\nfor at in range(1000): print(at)\nprint('last words')\n{code}")
    waiting = viewer.start("print('needs the namespace')")
    record = await viewer.finished(run)
    assert record.outcome == "died" and words in record.words
    assert record.text("stdout").splitlines() == [*map(str, range(1000)), "last words"]
    died = await viewer.until_type(KernelDied)
    assert (died.run, died.exit_code, died.signal) == (run, exit_code, number)
    assert (await viewer.finished(waiting)).outcome == "stopped"
    await viewer.until_type(KernelReady)
    assert (await viewer.run("print('again')")).text("stdout") == "again\n"


async def test_a_million_lines_are_bounded_and_counted(viewer) -> None:
    record = await viewer.run("for i in range(1_000_000): print(i)")
    assert record.outcome == "ok"
    text = record.text("stdout")
    assert text.startswith("0\n1\n2\n") and text.endswith("999998\n999999\n")
    skipped = int(re.search(r"([\d,]+) bytes", record.text("skipped"))[1].replace(",", ""))
    assert len(text) + skipped == sum(len(f"{i}\n") for i in range(1_000_000))


async def test_every_flushed_line_arrives(viewer) -> None:
    record = await viewer.run("for i in range(20_000): print(i, flush=True)")
    assert record.text("stdout").split() == [str(i) for i in range(20_000)]


async def test_a_time_limit_ends_the_run_and_keeps_the_namespace(viewer) -> None:
    record = await viewer.run("kept = 1\nwhile True: pass", timeout=2.0)
    assert record.outcome == "timeout"
    assert record.words == "Stopped at the time limit of 2 s. The setting time_limit allows more."
    assert (await viewer.run("kept")).text("result") == "1\n"


async def test_a_time_limit_stands_still_while_a_person_is_asked(viewer) -> None:
    run = viewer.start("input()\nprint('done')", timeout=3.0)
    await viewer.until_type(InputRequested)
    await asyncio.sleep(3.5)
    viewer.send(Answer(""))
    assert (await viewer.finished(run)).outcome == "ok"


async def test_threads_left_running_write_into_the_last_run(viewer, tmp_path) -> None:
    allowed = tmp_path / "allowed"
    code = (
        "import os, threading, time\ndef late():\n"
        f"    while not os.path.exists({str(allowed)!r}): time.sleep(0.01)\n"
        "    print('late')\nthreading.Thread(target=late, daemon=True).start()\nprint('now')"
    )
    record = await viewer.run(code)
    assert record.text("stdout") == "now\n"
    allowed.touch()
    await viewer.until(lambda event: isinstance(event, Output) and "late" in event.text)
    assert record.text("stdout") == "now\nlate\n"


async def test_processes_that_the_code_left_go_with_the_kernel(viewer, tmp_path) -> None:
    record = await viewer.run(
        "import subprocess\nchild = subprocess.Popen(['sleep', '600'], start_new_session=True)\nchild.pid"
    )
    child = int(record.text("result"))
    viewer.send(Restart())
    await viewer.until_type(KernelReady)
    latest = asyncio.get_running_loop().time() + 30
    while _alive(child):
        assert asyncio.get_running_loop().time() < latest
        await asyncio.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


async def test_generations_are_counted(viewer) -> None:
    viewer.send(Restart())
    starting = await viewer.until_type(KernelStarting)
    ready = await viewer.until_type(KernelReady)
    assert ready.generation == starting.generation > 1
    started = await viewer.run("1")
    assert started.generation == ready.generation
