"""Interrupts: they reach the learner's code, and only it."""

import time
from pathlib import Path

import pytest
from kernel_harness import Kernel, wait_for

from tutor.runner.protocol.requests import Interrupt
from tutor.runner.protocol.run_events import InputRequested, Notice


def started(kernel: Kernel, code: str) -> str:
    run = kernel.start(f"print('go')\n{code}")
    kernel.printed("go")
    return run


@pytest.mark.parametrize("code", ["while True: pass", "import time\ntime.sleep(600)", "while True: print('x')"])
def test_it_stops_what_runs_and_keeps_the_namespace(kernel: Kernel, code: str) -> None:
    run = started(kernel, f"a = 5\n{code}")
    kernel.interrupt()
    done = kernel.finished(run)
    assert (done.outcome, done.words) == ("interrupted", "Interrupted.")
    assert done.failure.frames[-1].learner
    assert kernel.run("assert a == 5").outcome == "ok"


def test_it_stops_input(kernel: Kernel) -> None:
    run = kernel.start("input('? ')")
    kernel.line.wait(lambda one: isinstance(one, InputRequested))
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"


def test_an_idle_kernel_takes_no_notice(kernel: Kernel) -> None:
    kernel.run("1")
    status = Path(f"/proc/{kernel.pid}/task/{kernel.pid}/status")

    def naps() -> int:
        return int(status.read_text().split("\nvoluntary_ctxt_switches:")[1].split()[0])

    def asleep() -> bool:
        """For 30 looks in a row: the end of a run, or a signal, is still being dealt with in short naps."""
        seen = naps()
        for _ in range(30):
            time.sleep(0.01)
            if naps() != seen or "State:\tS" not in status.read_text():
                return False
        return True

    wait_for(asleep)
    before = naps()
    kernel.interrupt()
    wait_for(lambda: naps() > before)  # it woke up for the signal,
    wait_for(asleep)  # and went back to waiting
    assert kernel.run("2").outcome == "ok"


def test_one_that_python_ignores_comes_again(kernel: Kernel) -> None:
    code = (
        "class Deaf:\n    def __del__(self):\n        print('deaf')\n        while not heard: pass\n"
        "import signal\nheard = []\nold = signal.getsignal(signal.SIGINT)\n"
        "def listen(*args):\n    heard.append(1)\n    old(*args)\n"
        "signal.signal(signal.SIGINT, listen)\nDeaf()\nwhile True: pass"
    )
    run = kernel.start(code)
    kernel.printed("deaf")
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"


def test_an_import_is_finished_first(kernel: Kernel) -> None:
    (kernel.zygote.folder / "slow_import.py").write_text(
        "import signal\nheard = []\nours = signal.getsignal(signal.SIGINT)\n"
        "def listen(*args):\n    heard.append(1)\n    ours(*args)\n"
        "signal.signal(signal.SIGINT, listen)\nprint('importing')\nwhile not heard: pass\ndone = 1\n"
    )
    run = kernel.start("import slow_import\nwhile True: pass", cwd=str(kernel.zygote.folder))
    kernel.printed("importing")
    kernel.interrupt()
    assert "import" in kernel.line.wait(lambda one: isinstance(one, Notice)).text
    assert kernel.finished(run).outcome == "interrupted"
    assert kernel.run("assert slow_import.done").outcome == "ok"


def test_force_reaches_code_that_ignores_sigint(kernel: Kernel) -> None:
    run = started(
        kernel, "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('deaf')\nwhile True: pass"
    )
    kernel.printed("deaf")
    kernel.interrupt()
    kernel.line.send(Interrupt(force=True))
    assert kernel.finished(run).outcome == "interrupted"
    run = started(kernel, "print('again')\nwhile True: pass")
    kernel.printed("again")
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"


def test_a_second_one_reaches_code_that_caught_the_first(kernel: Kernel) -> None:
    run = started(
        kernel,
        "try:\n    print('inside')\n    while True: pass\nexcept BaseException:\n    print('caught')\nwhile True: pass",
    )
    kernel.printed("inside")
    kernel.interrupt()
    kernel.printed("caught")

    def ended() -> bool:
        kernel.interrupt()
        return bool([one for one in kernel.line.messages if getattr(one, "outcome", "") == "interrupted"])

    wait_for(ended)
    assert kernel.finished(run).outcome == "interrupted"


def test_a_storm_of_interrupts_tears_nothing(kernel: Kernel) -> None:
    for number in range(10):
        run = kernel.start(f"while True: print('{number}' * 50)")
        kernel.printed(str(number))
        for _ in range(20):
            kernel.interrupt()
        assert kernel.finished(run).outcome == "interrupted"
    assert kernel.run("1 + 1").outcome == "ok"


def test_one_that_comes_before_the_code_is_not_lost(kernel: Kernel) -> None:
    """Between two cells of a run nothing is armed."""
    cells = [f"print('c{number}')" for number in range(300)]
    run = kernel.start(*cells, "while True: pass")
    kernel.line.wait(lambda one: getattr(one, "key", "") == "cell-1-5")
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"


def test_a_destructor_that_waits_for_a_lost_lock_is_not_waited_for(kernel: Kernel) -> None:
    code = (
        "import threading\nlock = threading.Lock()\nlock.acquire()\n"
        "class Loader:\n    def __del__(self):\n        with lock: pass\n"
        "def train():\n    loader = Loader()\n    print('training')\n    while True: pass\ntrain()"
    )
    run = kernel.start(code)
    kernel.printed("training")
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"
    assert kernel.run("1").outcome == "ok"


def test_an_exception_of_the_learners_own_is_an_error(kernel: Kernel) -> None:
    assert kernel.run("raise KeyboardInterrupt").outcome == "error"
