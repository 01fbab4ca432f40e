"""Runs: namespace, results, lines of the lesson, input, scripts, seeds."""

import textwrap
from pathlib import Path

import pytest
from kernel_harness import Kernel, wait_for

from tutor.metrics.board import PROGRESS
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Answer
from tutor.runner.protocol.run_events import CellFinished, InputRequested, Points, Result, RunFinished, RunStarted


def result(kernel: Kernel, *cells: str | Cell, **options: object) -> str:
    done = kernel.run(*cells, **options)
    assert done.outcome == "ok", done
    return "".join(one.text for one in kernel.events(done.run, Result))


def test_the_order_of_events(kernel: Kernel) -> None:
    done = kernel.run("a = 1", "print('x')\na + 1")
    kinds = [type(one) for one in kernel.line.messages[1:]]
    assert kinds == [RunStarted, CellFinished, CellFinished, Result, RunFinished]
    assert [one.key for one in kernel.events(done.run, CellFinished)] == ["cell-1-0", "cell-1-1"]
    assert kernel.events(done.run, Result)[0].text == "2"
    assert kernel.printed("x") == "x\n"


def test_the_namespace_lasts_and_is_main(kernel: Kernel) -> None:
    kernel.run("x = 41\nclass Net: pass")
    assert result(kernel, "x + 1") == "42"
    assert result(kernel, "import sys\nsys.modules['__main__'].x, __name__, Net.__module__") == (
        "(41, '__main__', '__main__')"
    )
    assert result(kernel, "str(device)") == "'cpu'"


def test_none_and_statements_have_no_result(kernel: Kernel) -> None:
    assert result(kernel, "None") == ""
    assert result(kernel, "a = 3") == ""
    assert result(kernel, "1", "") == ""


def test_a_long_result_is_cut(kernel: Kernel) -> None:
    assert len(result(kernel, "'x' * 10**6")) < 40_000


def test_a_failing_repr_is_an_error_at_its_line(kernel: Kernel) -> None:
    done = kernel.run("class Bad:\n    def __repr__(self):\n        raise KeyError('no')\nBad()")
    assert (done.outcome, done.failure.kind) == ("error", "KeyError")
    assert done.failure.frames[-1].line == 3


def test_it_stops_at_the_first_cell_that_fails(kernel: Kernel) -> None:
    done = kernel.run("a = 1", "1 / 0", "a = 2")
    assert done.outcome == "error"
    assert [(one.key, one.ok) for one in kernel.events(done.run, CellFinished)] == [
        ("cell-1-0", True),
        ("cell-1-1", False),
    ]
    assert result(kernel, "a") == "1"


def test_lines_are_the_lessons_own(kernel: Kernel) -> None:
    cell = Cell("k1", "def f(x):\n    return x / 0\n\nf(1)", "/course/lesson.md", 40)
    done = kernel.run(cell)
    places = [(one.filename, one.line, one.function, one.source, one.learner) for one in done.failure.frames]
    assert places == [
        ("/course/lesson.md", 43, "<module>", "f(1)", True),
        ("/course/lesson.md", 41, "f", "    return x / 0", True),
    ]
    assert 'File "/course/lesson.md", line 41, in f\n    return x / 0' in done.failure.text


def test_linecache_holds_what_ran(kernel: Kernel, tmp_path: Path) -> None:
    lesson = tmp_path / "lesson.md"
    lesson.write_text("# the lesson as it is on disk\n" * 50)
    kernel.run(Cell("k1", "def f():\n    return 'first'", str(lesson), 10))
    kernel.run(Cell("k1", "def f():\n    # edited\n    return 'second'", str(lesson), 10))
    source = result(kernel, "import inspect\ninspect.getsource(f)")
    assert source == repr("def f():\n    # edited\n    return 'second'\n")


def test_a_cell_that_grew_into_the_next_keeps_its_own_lines(kernel: Kernel) -> None:
    kernel.run(Cell("k1", "def f():\n    return 1", "lesson.md", 10))
    kernel.run(Cell("k2", "def g():\n    return 2", "lesson.md", 14))
    done = kernel.run(
        Cell("k1", "def f():\n    a = 1\n    b = 2\n    c = 3\n    raise ValueError(a)\nf()", "lesson.md", 10)
    )
    assert [(one.filename, one.line, one.source.strip()) for one in done.failure.frames] == [
        ("lesson.md", 15, "f()"),
        ("lesson.md", 14, "raise ValueError(a)"),
    ]
    assert "lesson.md#" not in done.failure.text
    assert "return 2" in result(kernel, "import inspect\ninspect.getsource(g)")


def test_getsource_of_a_class_and_a_decorated_function(kernel: Kernel) -> None:
    kernel.run("import functools\n\ndef twice(f): return f\n\n@twice\ndef deco():\n    pass\n\nclass A:\n    x = 1\n")
    assert "class A:\n    x = 1" in eval(result(kernel, "import inspect\ninspect.getsource(A)"))
    assert "@twice\ndef deco" in eval(result(kernel, "inspect.getsource(deco)"))


def test_future_imports_do_not_leak_in(kernel: Kernel) -> None:
    assert result(kernel, "def f(a: int): pass\nf.__annotations__['a']") == "<class 'int'>"


def test_an_isolated_run_changes_nothing(kernel: Kernel) -> None:
    kernel.run("a = 1")
    assert result(kernel, "a = 2\nb = 3\ndef f(): return 5\na + f()", isolated=True) == "7"
    assert result(kernel, "a, 'b' in globals(), 'f' in globals()") == "(1, False, False)"


def test_of_an_isolated_run_the_cells_above_may_stay(kernel: Kernel) -> None:
    above, own = Cell("above", "a = 1\nb = 2", "a.md"), Cell("own", "b = 5\nc = a + b\nc", "a.md")
    kernel.run(above, own, isolated=True, kept_cells=1, quiet_cells=1)
    assert result(kernel, "a, b, 'c' in globals()") == "(1, 2, False)"
    failing = Cell("failing", "a = 7\n1 / 0", "a.md")
    kernel.run(failing, own, isolated=True, kept_cells=1, quiet_cells=1)
    assert result(kernel, "a, b, 'c' in globals()") == "(7, 2, False)"


def test_a_seed_is_for_a_new_namespace(kernel: Kernel) -> None:
    first = result(kernel, "import torch, random\n(torch.rand(1).item(), random.random())", seed=3)
    assert result(kernel, "(torch.rand(1).item(), random.random())", seed=3) != first
    assert result(kernel, "import torch, random\n(torch.rand(1).item(), random.random())", seed=3, fresh=True) == first


def test_threads_are_set(kernel: Kernel) -> None:
    assert result(kernel, "import torch\ntorch.get_num_threads()") == "1"
    assert result(kernel, "torch.get_num_threads()", threads=2) == "2"


def test_input_asks(kernel: Kernel) -> None:
    run = kernel.start("name = input('who? ')\nprint('hello', name)\nname")
    asked = kernel.line.wait(lambda one: isinstance(one, InputRequested))
    assert (asked.run, asked.prompt, asked.password) == (run, "who? ", False)
    assert kernel.printed("who? ") == "who? "
    kernel.line.send(Answer("Ada"))
    assert kernel.finished(run).outcome == "ok"
    assert kernel.printed("Ada") == "who? hello Ada\n"


def test_getpass_hides_and_the_end_of_input_is_eof(kernel: Kernel) -> None:
    run = kernel.start("from getpass import getpass\ngetpass('secret: ')\ninput()")
    assert kernel.line.wait(lambda one: isinstance(one, InputRequested)).password
    kernel.line.send(Answer("x"))
    kernel.line.wait(lambda one: isinstance(one, InputRequested) and not one.password)
    kernel.line.send(Answer("", eof=True))
    assert kernel.finished(run).failure.kind == "EOFError"


def test_input_reads_what_the_code_put_in_its_place(kernel: Kernel) -> None:
    code = "import io, sys\nkeep = sys.stdin\nsys.stdin = io.StringIO('7\\n')\nx = input()\nsys.stdin = keep\nx"
    assert result(kernel, code) == "'7'"


@pytest.mark.parametrize(("code", "number"), [("sys.exit(3)", 3), ("sys.exit()", 0), ("exit(True)", 1)])
def test_sys_exit_ends_the_run_only(kernel: Kernel, code: str, number: int) -> None:
    done = kernel.run(f"import sys\na = 5\n{code.replace('exit(T', 'sys.exit(T') if code[0] == 'e' else code}")
    assert (done.outcome, done.exit_code) == ("exit", number)
    assert f"sys.exit({number})" in done.words
    assert result(kernel, "a") == "5"


def test_sys_exit_with_a_sentence_prints_it(kernel: Kernel) -> None:
    done = kernel.run("import sys\nsys.exit('no data')")
    assert (done.outcome, done.exit_code) == ("exit", 1)
    wait_for(lambda: kernel.err.text == "no data\n")


def test_a_script_finds_itself(kernel: Kernel, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("value = 9\n")
    script = tmp_path / "train.py"
    script.write_text("import sys, os, helper\nseen = (sys.argv[1:], os.getcwd(), __file__, helper.value)\n")
    cell = Cell("script", script.read_text(), str(script))
    done = kernel.run(cell, argv=(str(script), "--lr", "0.1"), cwd=str(tmp_path))
    assert done.outcome == "ok", done.failure
    assert result(kernel, "seen") == repr((["--lr", "0.1"], str(tmp_path), str(script), 9))


def test_a_folder_that_is_not_there(kernel: Kernel) -> None:
    done = kernel.run("1", cwd="/not/there")
    assert (done.outcome, done.failure.kind) == ("error", "FileNotFoundError")


def test_output_of_every_kind_stands_before_the_end(kernel: Kernel) -> None:
    code = "import os, sys\nprint('a', end='')\nos.write(1, b'b\\n')\nos.system('echo c')\nprint('d', end='')"
    kernel.run(code)
    assert kernel.printed("d") == "b\nac\nd" or kernel.out.text.endswith("d")
    assert set("abcd") <= set(kernel.out.text)


def test_a_closed_stdout_is_opened_again(kernel: Kernel) -> None:
    kernel.run("import sys\nsys.stdout.close()")
    assert kernel.run("print('back')").outcome == "ok"
    assert kernel.printed("back") == "back\n"


def test_a_forked_child_cannot_ask(kernel: Kernel) -> None:
    code = (
        "import os\npid = os.fork()\nif pid == 0:\n    try: input()\n    except EOFError: os._exit(5)\n"
        "os.waitpid(pid, 0)[1] >> 8"
    )
    assert result(kernel, code) == "5"


def test_points_of_a_cell_that_grew_are_of_the_lesson(kernel: Kernel) -> None:
    kernel.run(Cell("above", "a = 1", "lesson.md", 12))
    code = "import torch\nw = torch.ones(1, requires_grad=True)\nloss = w.sum()\nloss.backward()"
    done = kernel.run(Cell("k", code, "lesson.md", 10))
    assert [one.site for points in kernel.events(done.run, Points) for one in points.series] == ["lesson.md:13"]


def test_unfinished_lines_are_seen_while_it_runs(kernel: Kernel) -> None:
    run = kernel.start("print('working', end='')\ninput()")
    kernel.printed("working")
    kernel.line.wait(lambda one: isinstance(one, InputRequested))
    kernel.line.send(Answer(""))
    kernel.finished(run)


def test_a_training_is_captured(kernel: Kernel) -> None:
    code = textwrap.dedent(
        """
        import torch
        model = torch.nn.Linear(1, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(20):
            loss = model(torch.ones(4, 1)).pow(2).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
        from tutor.kit import log
        log(acc=0.5)
        """
    )
    done = kernel.run(Cell("k", code, "lesson.md", 30))
    assert done.outcome == "ok", done.failure
    counts: dict[str, int] = {}
    for message in kernel.events(done.run, Points):
        for series, _, values in message.unpack():
            if series.role in PROGRESS:  # on a slow machine the loop tells its rounds
                continue
            counts[series.name] = counts.get(series.name, 0) + len(values)
            assert series.site.startswith("lesson.md:")
    assert counts == {"loss": 20, "acc": 1}
    assert isinstance(kernel.line.messages[-1], RunFinished)


def test_memory_of_a_failed_cell_is_given_back(kernel: Kernel) -> None:
    kernel.run(
        """
        import torch, weakref
        seen = []
        def fail():
            big = torch.zeros(1000)
            seen.append(weakref.ref(big))
            raise ValueError("no")
        """.replace("\n        ", "\n")
    )
    assert kernel.run("fail()").outcome == "error"
    assert result(kernel, "seen[0]() is None") == "True"


def test_cells_above_leave_no_curves(kernel: Kernel) -> None:
    above = "import torch\nw = torch.ones(1, requires_grad=True)\nearlier = w.sum()\nearlier.backward()"
    done = kernel.run(above, "loss = w.sum()\nloss.backward()", quiet_cells=1)
    assert [one.name for points in kernel.events(done.run, Points) for one in points.series] == ["loss"]
