"""What running a lesson brings to light."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.authoring.bench import Bench
from tutor.authoring.comparing import same_output
from tutor.authoring.empty import empty_answers
from tutor.course.problems import Problem
from tutor.runner.protocol.session_events import KernelReady
from tutor.runner.replay import ReplaySession

Execute = Callable[..., list[Problem]]


def cell(code: str, options: str = "") -> str:
    return f"```python{options}\n{code}\n```\n\n"


def answer(role: str, code: str) -> str:
    return f'<details class="{role}">\n<summary>S</summary>\n\n```python .noeval\n{code}\n```\n\nWhy.\n\n</details>\n\n'


def exercise(starter: str, test: str, solution: str, *more: str) -> str:
    return (
        cell(starter, ' name="e" tags=["exercise"]')
        + cell(test, ' tags=["test"]')
        + answer("solution", solution)
        + "".join(more)
    )


STARTER = "def double(x):  # TODO\n    return x"
TEST = 'assert double(3) == 6, "twice"\nassert double(0) == 0, "zero"'
SOLUTION = "def double(x):\n    return 2 * x"


def predict(code: str, expected: str, options: str = "") -> str:
    output = f"```output\n{expected}\n```\n\n" if expected else ""
    return (
        f'<!-- #region predict="p"{options} -->\nQ?\n\n```python\n{code}\n```\n\n<details class="answer">\n'
        f"<summary>A</summary>\n\n{output}So.\n\n</details>\n<!-- #endregion -->\n\n"
    )


def told(problems: list[Problem]) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in problems]


GOOD = exercise(STARTER, TEST, SOLUTION, answer("alternative", "def double(x):\n    return x + x"),
                answer("mistake", "def double(x):\n    return x**2"))  # fmt: skip


def test_a_good_lesson_has_no_problems(execute: Execute) -> None:
    body = (
        cell("a = 2\nprint(a)")
        + "```output\n2\n```\n\n"
        + cell("a * 2")
        + "```output\n4\n```\n\n"
        + predict("print(a)\na = 99", "2")
        + predict("class Y:\n    shape = (2, 3)\ny = Y()", "", ' ask="shape" of="y"').replace('"p"', '"s"')
        + GOOD
        + cell("print(double(a))")
        + "```output\n4\n```\n\n"
        + cell("1 / 0", ' tags=["raises-exception"]')
        + "```output\nZeroDivisionError: division by zero\n```\n\n"
        + cell("nonsense()", ' tags=["skip-execution"]')
        + cell("launch", ' launch="torchrun --nproc-per-node 2"')
    )
    assert execute(body) == []


@pytest.mark.parametrize(
    ("code", "line", "body"),
    [
        ("E140", 15, cell("x = 1\nx / 0")),
        ("E140", 14, cell("import os\nundefined", "")[:10] + "undefined\n```\n\n" + cell("print(1)")),
        ("E140", 19, cell("made = 1\n1 / 0", ' tags=["raises-exception"]') + cell("made")),
        ("E141", 24, predict("print(2)", "3")),
        ("E141", 13, predict("y = 3", "", ' ask="shape" of="y"')),
        ("E142", 13, exercise(SOLUTION + "  # TODO", TEST, SOLUTION)),
        ("E143", 19, exercise(STARTER, TEST, "def double(x):\n    return 5 * x")),
        ("E143", 19, exercise(STARTER, TEST, SOLUTION, answer("alternative", "def double(x):\n    return x**2"))),
        ("E143", 27, exercise(STARTER, TEST, "raise ValueError('no')")),
        ("E144", 13, cell("x = 1", ' tags=["raises-exception"]')),
        ("E145", 13, cell("endless = 1")),
        (
            "E147",
            13,
            exercise("def f():  # TODO\n    return 1", 'assert f() is None, "none"', "def f():\n    return None"),
        ),
        ("E147", 13, exercise("x = 1  # TODO", 'assert True, "t"', "x = 2")),
        ("E147", 21, exercise(STARTER, TEST + '\nassert 3 > 2, "always"', SOLUTION)),
        ("E150", 35, exercise(STARTER, TEST, SOLUTION, answer("mistake", "def double(x):\n    return x + x"))),
        ("W240", 18, cell("print(2)") + "```output\n3\n```\n"),
        ("W241", 13, cell("slow = 1")),
        ("W243", 13, cell("import sys\nprint('UserWarning: no', file=sys.stderr)")),
    ],
)
def test_each_rule_fires_at_its_line(execute: Execute, code: str, line: int, body: str) -> None:
    found = told(execute(body))
    assert (code, line) in found, found


def test_cells_below_a_failure_are_not_blamed(execute: Execute) -> None:
    problems = execute(cell("broken()") + cell("also_broken()"))
    assert told(problems) == [("E140", 14)]
    assert "not run" in problems[0].message


def test_a_check_that_takes_the_kernel_with_it_ends_the_lesson(execute: Execute) -> None:
    problems = execute(exercise("fatal = 1  # TODO", TEST, SOLUTION) + cell("below()"))
    assert told(problems) == [("E140", 13)] and "killed" in problems[0].message


def test_the_sum_of_the_cells_is_compared_with_the_minutes(execute: Execute) -> None:
    head = "---\ntitle: T\nid: t\nsummary: S\nminutes: 1\n---\n\n# T\n\n## P\n\n"
    codes = [problem.code for problem in execute(cell("slow = 1") * 11, head)]
    assert codes.count("W241") == 11 and codes[-1] == "W242"


def test_time_in_the_queue_for_a_processor_is_not_the_cell_s(execute: Execute, monkeypatch: pytest.MonkeyPatch) -> None:
    queued = iter(range(0, 1000, 2))
    monkeypatch.setattr(Bench, "waited", lambda bench: float(next(queued)))
    assert execute(cell("slow = 1")) == []


def test_the_queue_is_read_where_the_system_tells_of_it() -> None:
    bench = Bench(ReplaySession())
    assert bench.waited() == 0.0
    bench.transcript.kernel = KernelReady(pid=os.getpid())
    known = Path(f"/proc/{os.getpid()}/schedstat").is_file()
    assert bench.waited() >= 0.0 if known else bench.waited() == 0.0


def test_a_mistake_may_be_rejected_by_an_exception(execute: Execute) -> None:
    assert execute(exercise(STARTER, TEST, SOLUTION, answer("mistake", "def double(x)  :\n    return x\nboom"))) == []


def test_the_message_of_a_failed_check_is_in_the_report(execute: Execute) -> None:
    problem = execute(exercise(STARTER, TEST, "def double(x):\n    return 5 * x"))[0]
    assert "the solution" in problem.message and "twice" in problem.message


def test_empty_answers_keep_what_is_no_function() -> None:
    source = "K = 1\nclass A:\n    def __init__(self):\n        self.x = 1\n    def f(self):\n        return 1\n"
    nothing, emptied = empty_answers(source)
    assert nothing == "pass"
    namespace: dict[str, object] = {}
    exec(emptied, namespace)
    made = namespace["A"]()  # type: ignore[operator]
    assert made.x == 1 and made.f() is None
    assert list(empty_answers("K = 1")) == ["pass"]
    assert list(empty_answers("def (")) == ["pass"]


def test_outputs_differ_in_more_than_trailing_space() -> None:
    assert same_output("a  \nb\n\n", "a\nb")
    assert not same_output("a\n\nb", "a\nb")
    assert not same_output(" a", "a")


def test_fresh_numbers_must_work_too(execute: Execute) -> None:
    knob = '<details class="generator">\n<summary>Again</summary>\n\n```python .noeval\n{}\n```\n\n</details>\n'
    guess = predict("n = 1\nprint([7, 8][n])", "8")
    asked = exercise("n = 2\nleft = 0  # TODO", 'assert left == 1, "one"', "n = 2\nleft = n - 1")
    region = "<!-- #endregion -->"
    good = guess.replace(region, knob.format("n = 1  # @param [0, 1]") + region)
    bad = guess.replace(region, knob.format("n = 1  # @param [1, 9]") + region)
    assert told(execute(good)) == []
    assert [code for code, _ in told(execute(bad + asked + knob.format("n = 2  # @param [2, 3]")))] == ["E152", "E152"]


@pytest.mark.parametrize(("kind", "code"), [("alternative", "n = 2\nleft = 1"), ("mistake", "n = 2\nleft = 2")])
def test_fresh_numbers_must_work_for_alternatives_and_mistakes_too(execute: Execute, kind: str, code: str) -> None:
    knob = '<details class="generator">\n<summary>Again</summary>\n\n```python .noeval\n{}\n```\n\n</details>\n'
    test = 'assert left == n - 1, "one less"'
    asked = exercise("n = 2\nleft = 0  # TODO", test, "n = 2\nleft = n - 1", answer(kind, code))
    found = execute(asked + knob.format("n = 2  # @param [2, 3]"))
    assert [problem.code for problem in found] == ["E152"]
    assert "with n = 3 the " + kind in found[0].message


def launched(code: str, launch: str = "torchrun --nproc-per-node 2") -> str:
    return cell(code, f' launch="{launch}"')


def test_a_cell_of_several_processes_is_run_as_one_and_leaves_nothing(execute: Execute) -> None:
    body = launched("assert launch == 'torchrun --nproc-per-node 2'\nb = 1") + cell("b")
    assert told(execute(body)) == [("E140", 19)]


def test_a_cell_of_several_processes_that_fails_is_told_with_its_line(execute: Execute) -> None:
    assert told(execute(launched("1 / 0"))) == [("E140", 14)]


@pytest.mark.parametrize("nodes", ["--nnodes 2", "--nnodes=1:4"])
def test_a_cell_that_waits_for_another_machine_is_not_run(execute: Execute, nodes: str) -> None:
    assert execute(launched("1 / 0", f"torchrun {nodes} --nproc-per-node 2")) == []
    assert told(execute(launched("1 / 0", "torchrun --nnodes 1 --nproc-per-node 2"))) == [("E140", 14)]


def test_the_time_of_starting_processes_and_their_mixed_output_are_not_judged(execute: Execute) -> None:
    assert execute(launched("slow = 1") + launched("print('b')") + "```output\na\n```\n\n") == []


LAX = 'assert total([2, 2]) in (4, 2), "the sum"\nassert total([2, 2]) is not None, "something"'


def test_a_solution_with_one_thing_wrong_in_it_must_be_rejected(execute: Execute) -> None:
    above = cell("class T(list):\n    sum = lambda self: sum(self)\n    mean = lambda self: sum(self) / len(self)")
    starter, solution = "def total(x):  # TODO\n    return None", "def total(x):\n    return T(x).sum()"
    problems = execute(above + exercise(starter, LAX, solution))
    assert [(problem.code, problem.message) for problem in problems] == [
        ("E151", "the solution with mean() instead of sum() passes every check: add one that rejects it")
    ]
    assert execute(above + exercise(starter, LAX.replace("(4, 2)", "(4,)"), solution)) == []
