"""Checks: verdicts, stages, and that nothing passes that did not run to its end."""

import os

import pytest
from kernel_harness import Kernel, wait_for
from test_kernel_zygote import gone

from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.run_events import CheckVerdict, Notice, Observed, Points, Result, RunFinished


def verdicts(kernel: Kernel, done: RunFinished) -> list[CheckVerdict]:
    return kernel.events(done.run, CheckVerdict)


def test_a_verdict_for_each_assert(kernel: Kernel) -> None:
    tests = 'assert a == 1, "a is one"\nassert a == 2, f"{a} is not two"\nassert nope, "c"\nassert a, f"{a}"'
    done = kernel.check("a = 1", tests, "assert a == 1")
    assert (done.outcome, done.stage) == ("ok", "tests")
    found = verdicts(kernel, done)
    assert [(one.index, one.ok, one.message) for one in found] == [
        (0, True, "a is one"),
        (1, False, "1 is not two"),
        (2, False, "c"),
        (3, True, ""),
        (4, True, ""),
    ]
    assert (found[1].source, found[1].expected, found[1].got, found[1].line) == ("a == 2", "2", "1", 101)
    assert found[2].failure.kind == "NameError"
    assert found[2].failure.frames[-1].line == 102
    assert found[4].line == 200


def test_the_namespace_stays_as_it_was(kernel: Kernel) -> None:
    # The kernel has used threads: a fork that used them too would hang.
    kernel.run("import torch\nx = torch.randn(300, 300)\ny = (x @ x).sum()\nm = torch.nn.Linear(9, 9)", threads=2)
    code = "x.zero_()\nz = torch.randn(400, 400) @ torch.randn(400, 400)\nm(torch.ones(9)).sum().backward()\ndel y"
    done = kernel.check(
        code, "assert x.abs().sum() == 0\nassert torch.get_num_threads() == 1\nassert m.weight.grad is not None"
    )
    assert [one.ok for one in verdicts(kernel, done)] == [True, True, True]
    after = kernel.run(
        "bool(x.abs().sum() > 0), 'z' in globals(), 'y' in globals(), m.weight.grad, '_stdout' in globals()"
    )
    assert kernel.events(after.run, Result)[0].text == "(True, False, True, None, False)"


def test_what_it_prints_is_seen_and_known(kernel: Kernel) -> None:
    done = kernel.check(
        "print('from the code')", "print('from the test')\nassert _stdout == 'from the code\\n', _stdout"
    )
    assert verdicts(kernel, done)[0].ok
    assert kernel.printed("from the test") == "from the code\nfrom the test\n"


def test_source_and_tree(kernel: Kernel) -> None:
    done = kernel.check("a = 1 + 1", "assert '+' in _source\nimport ast\nassert isinstance(_ast, ast.Module)")
    assert [one.ok for one in verdicts(kernel, done)] == [True, True]


def test_a_finding_that_passes_says_what_it_looked_at(kernel: Kernel) -> None:
    setup = (Cell("above", "class All:\n    ok = True\nclass Report:\n    train_mode = All()", "lesson.md", 2),)
    done = kernel.check("report = Report()", "assert report.train_mode.ok, f'{report}'", setup=setup)
    assert verdicts(kernel, done)[0].message == "train mode"


def test_setup_prints_nothing_and_the_answer_does(kernel: Kernel) -> None:
    setup = (Cell("above", "import sys\nprint('above')\nprint('warning', file=sys.stderr)", "lesson.md", 2),)
    done = kernel.check("print('mine')", "assert _stdout == 'mine\\n'", setup=setup)
    assert verdicts(kernel, done)[0].ok
    assert kernel.printed("mine") == "mine\n"


def test_setup_comes_first(kernel: Kernel) -> None:
    setup = (Cell("above", "base = 10", "lesson.md", 2),)
    done = kernel.check("a = base + 1", "assert a == 11", setup=setup)
    assert verdicts(kernel, done)[0].ok
    done = kernel.check("a = 1", "assert a", setup=(Cell("above", "1 / 0", "lesson.md", 2),))
    assert (done.outcome, done.stage, done.failure.frames[-1].line) == ("error", "setup", 2)
    assert verdicts(kernel, done) == []


def test_an_error_in_the_code(kernel: Kernel) -> None:
    done = kernel.check("a = 1\nb = a / 0", "assert a")
    assert (done.outcome, done.stage, done.failure.kind) == ("error", "code", "ZeroDivisionError")
    assert (done.failure.frames[-1].filename, done.failure.frames[-1].line) == ("lesson.md", 11)
    done = kernel.check("a = (", "assert a")
    assert (done.outcome, done.stage, done.failure.kind) == ("error", "code", "SyntaxError")


def test_a_test_statement_that_raises_ends_the_tests(kernel: Kernel) -> None:
    done = kernel.check("a = 1", "assert a\nb = a / 0\nassert b", "assert a")
    assert (done.outcome, done.stage) == ("error", "tests")
    found = verdicts(kernel, done)
    assert [(one.ok, one.source) for one in found] == [(True, "a"), (False, "b = a / 0")]
    assert found[1].failure.kind == "ZeroDivisionError" and "could not go on" in found[1].message


def test_asserts_inside_of_a_loop_and_checking_functions(kernel: Kernel) -> None:
    tests = (
        "def expect(value):\n    assert value, 'expect says no'\n"
        "for i in range(3):\n    assert i < a, 'small'\n"
        "for i in range(3):\n    assert i > a, f'{i} is small'\n"
        "expect(False)\nexpect(True)\nassert a"
    )
    done = kernel.check("a = 5", tests)
    assert done.outcome == "ok"
    assert [(one.ok, one.message) for one in verdicts(kernel, done)] == [
        (True, "small"),
        (False, "0 is small"),
        (False, "expect says no"),
        (True, ""),
    ]


@pytest.mark.parametrize(
    ("code", "outcome", "words"),
    [
        ("import sys\nsys.exit(0)", "exit", "sys.exit(0)"),
        ("raise SystemExit", "exit", "sys.exit(0)"),
        ("import os\nos._exit(0)", "died", "exit code 0"),
        ("import os\nos.abort()", "died", "SIGABRT"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "died", "SIGKILL"),
        ("import os\nos.killpg(0, 9)", "died", "SIGKILL"),
        ("import ctypes\nctypes.string_at(0)", "died", "SIGSEGV"),
    ],
)
@pytest.mark.parametrize("stage", ["code", "tests"])
def test_leaving_early_never_passes(kernel: Kernel, code: str, outcome: str, words: str, stage: str) -> None:
    if stage == "code":
        done = kernel.check(f"a = 1\n{code}", "assert True")
    else:
        leave = code.replace("\n", "\n    ")
        done = kernel.check(f"def leave():\n    {leave}", "assert True\nleave()\nassert True")
    assert (done.outcome, done.stage) == (outcome, stage), done
    assert words in done.words
    assert len(verdicts(kernel, done)) == (0 if stage == "code" else 1)
    assert kernel.run("1").outcome == "ok"


def test_a_fork_in_the_code_counts_once(kernel: Kernel) -> None:
    done = kernel.check("import os\nos.fork()", "assert True")
    assert done.outcome == "ok"
    assert len(verdicts(kernel, done)) == 1


def test_the_time_limit_ends_the_whole_group(kernel: Kernel) -> None:
    code = "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\nprint(child.pid)\nwhile True: pass"
    done = kernel.check(code, "assert True", timeout=3.5)
    assert (done.outcome, done.stage) == ("timeout", "code")
    assert "3.5 s" in done.words and "your code" in done.words
    child = int(kernel.printed("\n"))
    wait_for(lambda: gone(child))


def test_an_interrupt_ends_it(kernel: Kernel) -> None:
    run = kernel.start_check("import os\nprint(os.getpid())\nwhile True: pass", "assert True")
    child = int(kernel.printed("\n"))
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"
    wait_for(lambda: gone(child))
    assert kernel.run("1").outcome == "ok"


def test_nothing_of_a_check_stays_behind(kernel: Kernel) -> None:
    code = "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\nprint(child.pid)"
    assert kernel.check(code, "assert True").outcome == "ok"
    child = int(kernel.printed("\n"))
    wait_for(lambda: gone(child))
    with pytest.raises(ProcessLookupError):
        os.killpg(child, 0)


def test_the_solution_has_the_same_start_and_luck(kernel: Kernel) -> None:
    kernel.run("import torch\nmodel = torch.nn.Linear(2, 1)\ndata = [1]")
    solution = Cell(
        "s", "data.append(2)\nr = torch.rand(2)\nprint('secret')\nmodel.weight.data.fill_(7)", "lesson.md", 60
    )
    tests = (
        "assert data == _solution['data'] == [1, 2], 'data'\n"
        "assert torch.equal(r, _solution['r']), 'luck'\n"
        "assert model.weight.abs().max() < 1, 'apart'\n"
        "assert _solution['model'].weight.min() == 7, 'own model'"
    )
    done = kernel.check("data.append(2)\nr = torch.rand(2)", tests, solution=solution, seed=5)
    assert [(one.message, one.ok) for one in verdicts(kernel, done)] == [
        ("data", True),
        ("luck", True),
        ("apart", True),
        ("own model", True),
    ]
    assert "secret" not in kernel.out.text


def test_a_solution_that_is_not_needed_is_not_run(kernel: Kernel) -> None:
    solution = Cell("s", "1 / 0", "lesson.md", 60)
    assert kernel.check("a = 1", "assert a", solution=solution).outcome == "ok"
    done = kernel.check("a = 1", "assert a == _solution['a']", solution=solution)
    assert (done.outcome, done.stage, done.failure.frames[-1].line) == ("error", "solution", 60)


def test_what_stands_above_is_not_judged_in_place_of_an_answer_that_makes_none(kernel: Kernel) -> None:
    kernel.run("def double(x):\n    return 2 * x\ndef helper(x):\n    return x\nlimit = 3")
    solution = Cell("s", "def double(x):\n    return x + x\nlimit = 3", "lesson.md", 60)
    tests = ("assert double(2) == 4, 'double'", "assert helper(limit) == 3, 'helper'")

    def judged(code: str) -> list[tuple[str, bool]]:
        done = kernel.check(code, *tests, solution=solution)
        return [(one.message, one.ok) for one in verdicts(kernel, done)]

    for empty in ("", "pass", "# later", "def triple(x):\n    return 3 * x"):
        assert judged(empty) == [("double", False), ("helper", True)]
    for made in ("def double(x):\n    return 2 * x", "double = double", "globals()['double'] = lambda x: 2 * x"):
        assert judged(made) == [("double", True), ("helper", True)]
    after = kernel.run("double(4)")
    assert kernel.events(after.run, Result)[0].text == "8"


def test_nobody_answers_input(kernel: Kernel) -> None:
    done = kernel.check("x = input('? ')", "assert x")
    assert (done.outcome, done.stage, done.failure.kind) == ("error", "code", "EOFError")
    assert "checked" in done.failure.message


def test_a_seed_makes_it_repeatable(kernel: Kernel) -> None:
    kernel.run("import torch, random")
    tests = "assert False, str((random.random(), torch.rand(1).item()))"
    first, second = (verdicts(kernel, kernel.check("a = 1", tests, seed=4))[0].message for _ in range(2))
    assert first == second


def test_in_the_kernel_itself(kernel: Kernel) -> None:
    """Where a fork is not safe: CUDA is said to be in use."""
    kernel.run("import torch\na = 1\ntorch.cuda.is_initialized = lambda: True\ns = torch.get_rng_state()")
    kernel.run("def empty_cache(): pass\ntorch.cuda.empty_cache = empty_cache")
    done = kernel.check(
        "import os\na = 2\nb = 3\npid = os.getpid()\ntorch.rand(3)",
        f"assert pid == {kernel.pid}\nassert a == 3, 'three'",
    )
    assert [one.ok for one in verdicts(kernel, done)] == [True, False]
    after = kernel.run("a, 'b' in globals(), torch.equal(s, torch.get_rng_state())")
    assert kernel.events(after.run, Result)[0].text == "(1, False, True)"
    done = kernel.check("while True: pass", "assert True", timeout=2.0)
    assert (done.outcome, done.stage) == ("timeout", "code")
    done = kernel.check("import sys\nsys.exit(0)", "assert True")
    assert (done.outcome, done.stage) == ("exit", "code")
    assert kernel.run("1").outcome == "ok"


def test_a_process_that_autograd_refuses(kernel: Kernel) -> None:
    """A fork that cannot work says nothing and reaches no stage; the check then runs in the kernel."""
    code = (
        "import os, torch\nme = os.getpid()\n"
        "engine = torch.autograd._engine_run_backward\n"
        "def only_here(*a, **k):\n    if os.getpid() != me: raise RuntimeError('no threads in a fork')\n"
        "    return engine(*a, **k)\n"
        "torch.autograd._engine_run_backward = only_here"
    )
    kernel.run(code)
    done = kernel.check("pid = os.getpid()", f"assert pid == {kernel.pid}")
    assert [one.ok for one in verdicts(kernel, done)] == [True]


def test_what_a_check_changes_in_place_is_said_and_modes_are_put_back(kernel: Kernel) -> None:
    kernel.run(
        "import torch\nmodel = torch.nn.Linear(2, 1)\nother = torch.nn.Linear(2, 1)\nw = torch.zeros(3)\nv = w + 1\n"
        "torch.cuda.is_initialized = lambda: True"
    )
    tests = "model.eval()\nw.add_(1)\nwith torch.no_grad(): model.weight.zero_()\nassert True, 'fine'"
    run = kernel.start_check("answer = 1", tests)
    assert kernel.finished(run).outcome == "ok"
    (notice,) = kernel.events(run, Notice)
    assert notice.text.startswith("The check has changed model, w in place: beside a GPU in use it works on your own")
    kernel.run("print('training', model.training)")
    assert "training True" in kernel.printed("training")
    run = kernel.start_check("answer = w + 1", "assert answer is not None, 'fine'")
    assert kernel.finished(run).outcome == "ok" and kernel.events(run, Notice) == []


def test_what_was_seen_of_the_training_in_an_answer(kernel: Kernel) -> None:
    code = """
import torch
def fit(x, y, steps):
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for step in range(steps):
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
    return model
"""
    done = kernel.check(code, "x = torch.ones(8, 1)\nfit(x, x, 9)\nassert False, 'the loss is too high'")
    (observed,) = kernel.events(done.run, Observed)
    assert [(fact.kind, fact.line) for fact in observed.facts if fact.kind != "rate"] == [("never-cleared", 18)]
    assert kernel.events(done.run, Points) == []
    done = kernel.check("def fit(x): return x", code + "\nfit(torch.ones(8, 1), torch.ones(8, 1), 9)\nassert True")
    assert kernel.events(done.run, Observed) == []  # what the tests do is not the answer's


def test_the_learner_s_code_has_a_limit_of_its_own_beside_that_of_the_cells_above(kernel: Kernel) -> None:
    above = (Cell("lesson/above", "import time\ntime.sleep(0.7)", "lesson.md", 1),)
    done = kernel.check("x = 1", "assert x == 1", setup=above, timeout=60, own_timeout=30)
    assert done.outcome == "ok"
    done = kernel.check("while True: pass", "assert True", setup=above, timeout=60, own_timeout=0.5)
    assert (done.outcome, done.stage) == ("timeout", "code") and "0.5 s" in done.words
