"""Files that nobody has checked: a package that is missing, or a cell above that fails, stops only what needs it."""

from __future__ import annotations

from kernel_harness import Kernel, wait_for

from tutor.kernel.executor import Ending
from tutor.kernel.lenient import behind_import
from tutor.runner.protocol.parts import Cell, Failure, Frame
from tutor.runner.protocol.run_events import CellFinished, Notice, Points, RunFinished

IMPORTS = "import nothing_of_this_name as plt\nimport torch\nx = 1"
LOOP = """w = torch.zeros(1, requires_grad=True)
for step in range(5):
    loss = (w - 3).pow(2).sum()
    loss.backward()"""
MISSING = "ModuleNotFoundError: No module named 'nothing_of_this_name'"


def notices(kernel: Kernel, done: RunFinished) -> list[str]:
    return [one.text for one in kernel.events(done.run, Notice)]


def test_the_loop_runs_below_cells_that_fail(kernel: Kernel) -> None:
    above = ["boom = 1 / 0", "def f():\n    return boom\nf()", IMPORTS, "plt.figure()\nleft = 1"]
    done = kernel.run(*above, LOOP + "\nx", quiet_cells=4, lenient=True)
    assert done.outcome == "ok"
    assert [one.ok for one in kernel.events(done.run, CellFinished)] == [False, False, True, False, True]
    assert notices(kernel, done) == [
        f"Line 1 was passed over ({MISSING}): the rest runs without it.",
        "3 cells above failed, and the run goes on (line 1: ZeroDivisionError: division by zero; "
        "line 3: NameError: name 'boom' is not defined; line 1: NameError: name 'plt' is not defined).",
    ]
    wait_for(lambda: kernel.events(done.run, Points))


def test_a_cell_that_goes_on_says_at_its_end_what_is_missing(kernel: Kernel) -> None:
    done = kernel.run(f"{IMPORTS}\nprint('trained')\nplt.show()\nnever = 1", lenient=True)
    assert (done.outcome, done.failure.kind) == ("error", "ModuleNotFoundError")
    assert kernel.printed("trained") == "trained\n"
    assert not kernel.events(done.run, CellFinished)[0].ok
    assert len(notices(kernel, done)) == 1


def test_a_mistake_behind_a_missing_package_is_not_hidden(kernel: Kernel) -> None:
    done = kernel.run(f"{IMPORTS}\n1 / 0", lenient=True)
    assert (done.failure.kind, done.failure.frames[-1].line) == ("ZeroDivisionError", 4)


def test_without_it_nothing_goes_on(kernel: Kernel) -> None:
    done = kernel.run(IMPORTS, "y = 1", quiet_cells=1)
    assert (done.outcome, done.failure.kind) == ("error", "ModuleNotFoundError")
    assert [one.ok for one in kernel.events(done.run, CellFinished)] == [False] and not notices(kernel, done)


def test_interrupts_and_exits_above_end_the_run(kernel: Kernel) -> None:
    done = kernel.run("raise SystemExit(3)", "y = 1", quiet_cells=1, lenient=True)
    assert (done.outcome, done.exit_code) == ("exit", 3)


def stopped(line: int, kind: str = "ImportError") -> Ending:
    return Ending("error", Failure(kind, "no", (Frame("a.md", line, "<module>"),)))


def test_what_stands_behind_an_import_keeps_its_lines() -> None:
    cell = Cell("k", "import a\ntry:\n    import b\nexcept ImportError:\n    raise\nx = 1; import c\ny = 2", "a.md", 11)
    rest, line = behind_import(cell, stopped(15)) or (cell, 0)
    assert (rest.source, rest.line, line) == ("\n\n\n\n\nx = 1; import c\ny = 2", 11, 15)
    assert behind_import(cell, stopped(17)) is None
    assert behind_import(cell, stopped(11, "ValueError")) is None
    last = Cell("k", "x = 1\nimport a", "a.md", 1)
    assert behind_import(last, stopped(2)) is None
    assert behind_import(last, stopped(2), empty=True) == (Cell("k", "\n\n", "a.md", 1), 2)
    assert behind_import(cell, Ending()) is None
