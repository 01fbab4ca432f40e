"""Checks with the same slow cells above: these run once, and nobody can tell the difference but by the clock."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from kernel_harness import Kernel, wait_for
from test_kernel_zygote import gone

from tutor.kernel.processes import below
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.run_events import CheckVerdict, RunFinished, RunStarted

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there a process can end with its parent")

ABOVE = """
import random, time, torch
with open({log!r}, "a") as log:
    log.write("ran\\n")
time.sleep(0.3)
held = [1, 2]
luck = torch.rand(1).item()
"""


class Bench:
    """A kernel, and the cells above: `ran` tells how often they have run."""

    def __init__(self, kernel: Kernel, folder: Path) -> None:
        self.kernel = kernel
        self._log = folder / "log"
        self.above = Cell("above", ABOVE.format(log=str(self._log)), "lesson.md")

    @property
    def ran(self) -> int:
        return self._log.read_text().count("ran") if self._log.exists() else 0

    def check(self, code: str, *tests: str, **options: object) -> RunFinished:
        return self.kernel.finished(self.begin(code, *tests, **options))

    def begin(self, code: str, *tests: str, **options: object) -> str:
        return self.kernel.start_check(code, *tests, **{"setup": (self.above,), "seed": 1, **options})

    def oks(self, done: RunFinished) -> list[bool]:
        return [one.ok for one in self.kernel.events(done.run, CheckVerdict)]

    def said(self, done: RunFinished) -> list[str]:
        return [one.message for one in self.kernel.events(done.run, CheckVerdict)]

    def children(self) -> list[int]:
        return below(self.kernel.pid)

    def standing_by(self) -> int:
        """The process that stands by, once that of the check is gone."""
        wait_for(lambda: len(self.children()) == 1)
        return self.children()[0]


@pytest.fixture
def bench(kernel: Kernel, tmp_path: Path) -> Bench:
    return Bench(kernel, tmp_path)


SEEN = 'assert False, f"{held} {luck} {torch.rand(1).item()} {random.random()} {__name__}"'


def test_the_second_check_sees_what_the_first_one_saw_and_runs_nothing_again(bench: Bench) -> None:
    first = bench.check("held.append(3)\nhere = torch.rand(1)", SEEN)
    second = bench.check("held.append(3)\nhere = torch.rand(1)", SEEN)
    assert bench.ran == 1 and (first.outcome, first.stage) == (second.outcome, second.stage) == ("ok", "tests")
    assert bench.said(first) == bench.said(second) != []
    assert bench.said(first)[0].startswith("[1, 2, 3]")
    assert 0.25 < first.ready_seconds < first.seconds and second.ready_seconds == 0
    third = bench.check("", "assert 'here' not in globals()", "assert held == [1, 2]")
    assert bench.ran == 1 and bench.oks(third) == [True, True]


def test_it_is_what_running_the_cells_again_gives(bench: Bench) -> None:
    first = bench.check("", SEEN)
    bench.kernel.run("pass")
    again = bench.check("", SEEN)
    assert bench.ran == 2 and bench.said(first) == bench.said(again)


def test_what_ran_in_the_kernel_meanwhile_is_seen(bench: Bench) -> None:
    bench.kernel.run("mine = 1")
    assert bench.oks(bench.check("", "assert mine == 1")) == [True]
    bench.kernel.run("mine = 2", isolated=True)
    bench.kernel.run("mine = 3")
    assert bench.oks(bench.check("", "assert mine == 3")) == [True]
    assert bench.ran == 2 and "above" not in str(bench.kernel.events("run-1", CheckVerdict))


def test_other_cells_above_and_another_seed_are_another_matter(bench: Bench) -> None:
    bench.check("", "assert True")
    assert bench.oks(bench.check("", "assert held == [1, 2]", seed=2)) == [True]
    assert bench.ran == 2
    more = Cell("more", "held = 5", "lesson.md")
    assert bench.oks(bench.check("", "assert held == 5", setup=(bench.above, more), seed=2)) == [True]
    assert bench.ran == 3


def test_a_check_without_cells_above_takes_nothing_from_those_that_have_them(bench: Bench) -> None:
    bench.check("", "assert True")
    assert bench.oks(bench.check("", "assert 'held' not in globals()", setup=())) == [True]
    assert bench.oks(bench.check("", "assert held")) == [True]
    assert bench.ran == 1


def test_whatever_ends_a_check_the_next_one_is_ready(bench: Bench) -> None:
    bench.check("", "assert True")
    died = bench.check("import os\nos._exit(3)", "assert True")
    assert (died.outcome, died.exit_code, died.stage) == ("died", 3, "code")
    killed = bench.check("import os\nos.kill(os.getpid(), 9)", "assert True")
    assert killed.outcome == "died" and "SIGKILL" in killed.words
    late = bench.check("while True: pass", "assert True", timeout=60.0, own_timeout=0.5)
    assert late.outcome == "timeout" and "while your code ran" in late.words
    failed = bench.check("1 / 0", "assert True")
    assert failed.outcome == "error" and failed.failure is not None and failed.failure.kind == "ZeroDivisionError"
    assert bench.oks(bench.check("", "assert held == [1, 2]")) == [True]
    assert bench.ran == 1 and bench.standing_by()


def test_an_interrupt_ends_the_check_and_no_more(bench: Bench) -> None:
    bench.check("", "assert True")
    run = bench.begin("print('going')\nwhile True: pass", "assert True", timeout=60.0)
    bench.kernel.line.wait(lambda one: isinstance(one, RunStarted) and one.run == run)
    bench.kernel.printed("going")
    bench.kernel.interrupt()
    assert bench.kernel.finished(run).outcome == "interrupted"
    assert bench.oks(bench.check("", "assert held == [1, 2]")) == [True]
    assert bench.ran == 1


def test_where_the_process_is_gone_the_cells_run_again(bench: Bench) -> None:
    bench.check("", "assert True")
    pid = bench.standing_by()
    os.kill(pid, signal.SIGKILL)
    assert bench.oks(bench.check("", "assert held == [1, 2]")) == [True]
    assert bench.ran == 2


def test_cells_above_that_fail_or_leave_a_thread_or_a_process_run_each_time(bench: Bench) -> None:
    broken = Cell("broken", "1 / 0", "lesson.md")
    for _ in range(2):
        assert bench.check("", "assert True", setup=(bench.above, broken)).stage == "setup"
    assert bench.ran == 2 and bench.children() == []
    threads = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    process = "import subprocess\nsubprocess.Popen(['sleep', '60'])"
    for source in (threads, process):
        cell = Cell("cell", source, "lesson.md")
        before = bench.ran
        for _ in range(2):
            assert bench.oks(bench.check("", "assert held", setup=(bench.above, cell))) == [True]
        assert bench.ran == before + 2
    wait_for(lambda: bench.children() == [])


def test_a_thread_of_the_learner_s_in_the_kernel_goes_on_being_seen(bench: Bench) -> None:
    bench.kernel.run("import threading\ngo = threading.Event()\nthreading.Thread(target=go.wait, daemon=True).start()")
    for _ in range(2):
        assert bench.oks(bench.check("", "assert held")) == [True]
    assert bench.ran == 2


def test_quick_cells_above_keep_no_process(bench: Bench) -> None:
    quick = Cell("quick", "held = 1", "lesson.md")
    done = bench.check("", "assert held == 1", setup=(quick,))
    assert bench.oks(done) == [True]
    assert done.ready_seconds > 0 or bench.children() == []  # on a machine that stands still nothing is quick


def test_it_ends_with_the_kernel(bench: Bench) -> None:
    bench.check("", "assert True")
    pid = bench.standing_by()
    os.kill(bench.kernel.pid, signal.SIGKILL)
    wait_for(lambda: gone(pid))
