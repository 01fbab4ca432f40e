"""What is asked of the runner: the item, after just the cells that its namespace lacks."""

from collections.abc import Callable
from typing import Any

import pytest

from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.errors import TutorError
from tutor.runner.protocol.requests import Check, Run
from tutor.store.database import Store
from tutor.study import Study

Find = Callable[[str], Any]
GOOD = "def mse(a, b):\n    return (a - b) * (a - b)"


def quiet(request: Run | Check) -> list[str]:
    """First lines of the cells that run only because others need them."""
    cells = request.cells[: request.quiet_cells] if isinstance(request, Run) else request.setup
    return [cell.source.splitlines()[-1] for cell in cells]


def test_the_first_run_brings_everything_above(study: Study, lesson: Lesson, item: Find) -> None:
    request = study.run_request(lesson, item("y = "), "y = mse(x, 0)", {})
    assert quiet(request) == ["import torch", "x = torch.ones(2, 3)", "    return (a - b) ** 2"]
    assert request.cells[-1].source == "y = mse(x, 0)"
    assert request.tag == item("y = ").key and not request.isolated and not request.fresh
    assert (request.seed, request.threads, request.timeout) == (7, 1, 10 + 3 + 10 + 10)
    assert {cell.filename for cell in request.cells} == {str(lesson.path)}
    lines = lesson.path.read_text().splitlines()
    for cell in request.cells:
        assert lines[cell.line - 1] == cell.source.splitlines()[0]


def test_limits_of_the_lesson_travel_with_its_requests(study: Study, lesson: Lesson, item: Find) -> None:
    text = lesson.path.read_text().replace("seed: 7\n", "seed: 7\nmemory: 2 GB\noutput: 200 KB\n")
    lesson.path.write_text(text)
    lesson = parse_lesson(lesson.path)
    request = study.run_request(lesson, item("y = "), "y = 1", {})
    assert (request.memory_limit, request.output_limit) == (2 * 10**9, 200_000)
    exercise = item("mse")
    assert study.check_request(lesson, exercise, GOOD, {}).memory_limit == 2 * 10**9


def test_a_time_limit_of_the_learners_goes_before_the_lessons(study: Study, lesson: Lesson, item: Find) -> None:
    own = Study(study.course, Store.in_memory(), time_limit=90.0)
    assert own.run_request(lesson, item("y = "), "y = mse(x, 0)", {}).timeout == 4 * 90
    assert own.check_request(lesson, item("mse"), GOOD, {}).timeout == 3 * 90


def test_what_has_run_is_not_run_again(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    runner.do(study.run_request(lesson, item("x = "), "x = torch.ones(2, 3)", {}))
    request = study.run_request(lesson, item("y = "), "y = mse(x, 0)", runner.executed)
    assert quiet(request) == ["    return (a - b) ** 2"]
    runner.do(request)
    assert quiet(study.run_request(lesson, item("y = "), "y = 1", runner.executed)) == []


def test_a_new_kernel_needs_everything_again(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    runner.do(study.run_request(lesson, item("y = "), "y = mse(x, 0)", {}))
    assert len(quiet(study.run_request(lesson, item("y = "), "y = 1", {}))) == 3


def test_a_changed_snippet_is_left_as_the_learner_ran_it(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    x = item("x = ")
    study.save_draft(lesson, x, "x = torch.zeros(4)")
    record = runner.do(study.run_request(lesson, x, "x = torch.zeros(4)", {}))
    study.take(lesson, record, "s")
    request = study.run_request(lesson, item("y = "), "y = 1", runner.executed)
    assert quiet(request) == ["    return (a - b) ** 2"]
    # Also in a new kernel: what ran last, not what is half typed now.
    study.save_draft(lesson, x, "x = torch.zer")
    assert "x = torch.zeros(4)" in quiet(study.run_request(lesson, item("y = "), "y = 1", {}))
    study.forget_draft(lesson, x)
    request = study.run_request(lesson, item("y = "), "y = 1", runner.executed)
    assert quiet(request) == ["x = torch.ones(2, 3)", "    return (a - b) ** 2"]


def test_a_snippet_that_never_ran_as_typed_contributes_the_lessons_text(
    study: Study, lesson: Lesson, item: Find
) -> None:
    study.save_draft(lesson, item("x = "), "x = (")
    assert "x = torch.ones(2, 3)" in quiet(study.run_request(lesson, item("y = "), "y = 1", {}))


def test_after_a_pass_the_learners_code_is_what_runs_above(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    mse = item("mse")
    study.take(lesson, runner.checked(study.check_request(lesson, mse, GOOD, {}), True), "s")
    request = study.run_request(lesson, item("y = "), "y = 1", {})
    assert quiet(request)[-1] == "    return (a - b) * (a - b)"
    runner.do(study.run_request(lesson, mse, "def mse(a, b):\n    return None", runner.executed))
    # A try at it in the namespace is put right before what stands below.
    assert quiet(study.run_request(lesson, item("y = "), "y = 1", runner.executed)) == ["    return (a - b) * (a - b)"]


def test_going_on_with_the_learners_code(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    mse = item("mse")
    study.take(lesson, runner.checked(study.check_request(lesson, mse, GOOD, {}), True), "s")
    request = study.continue_request(lesson, mse, GOOD, runner.executed)
    assert request.label == "taking your solution on" and request.cells[-1].source == GOOD and not request.isolated
    runner.do(request)
    assert quiet(study.run_request(lesson, item("y = "), "y = 1", runner.executed)) == []


def test_a_check(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    mse = item("mse")
    request = study.check_request(lesson, mse, GOOD, {})
    assert quiet(request) == ["import torch", "x = torch.ones(2, 3)"]
    assert request.code.source == GOOD and request.code.line == mse.starter.line
    assert [test.source for test in request.tests] == [mse.tests[0].source]
    assert request.solution is not None and "** 2" in request.solution.source
    assert (request.timeout, request.seed, request.tag) == (10 + 3 + 10, 7, mse.key)
    runner.do(request)
    assert runner.executed == {}, "a check leaves the namespace alone"


def test_a_predict_leaves_the_namespace_alone(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    request = study.run_request(lesson, item("sum"), "print(x.sum())", {})
    assert request.isolated and request.quiet_cells == request.kept_cells == 4
    runner.do(request)
    assert item("sum").key not in runner.executed


def test_what_runs_after_a_predict_has_the_cells_above_it(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    runner.do(study.run_request(lesson, item("sum"), "print(x.sum())", {}))
    assert quiet(study.run_request(lesson, item("form"), "z = y + 1", runner.executed)) == []
    assert quiet(study.check_request(lesson, item("mse"), GOOD, runner.executed)) == []


def test_a_predict_in_a_namespace_of_another_lesson_begins_anew(study: Study, lesson: Lesson, item: Find) -> None:
    assert study.run_request(lesson, item("sum"), "print(x.sum())", {"other/cell": "hash"}).fresh


def test_a_predicted_shape_is_the_result_of_the_run(study: Study, lesson: Lesson, item: Find) -> None:
    request = study.run_request(lesson, item("form"), "z = y + 1", {})
    assert [cell.source for cell in request.cells[-2:]] == ["z = y + 1", "tuple(y.shape)"]
    assert request.isolated


def test_a_selection_runs_under_its_own_lines(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    mse = item("mse")
    request = study.run_selection_request(lesson, mse, "1 + 1", {}, line=2)
    assert request.cells[-1].line == mse.starter.line + 1 and request.tag == mse.key
    runner.do(request)
    after = study.run_request(lesson, item("y = "), "y = 1", runner.executed)
    assert quiet(after) == ["    return (a - b) ** 2"] and not after.fresh, "a selection is not the exercise"


def test_another_lesson_begins_with_a_fresh_namespace(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    prose = study.lesson("why-pytorch")
    hello = next(one for _, one in prose.items())
    runner.do(study.run_request(prose, hello, "print(1)", {}))
    assert study.needs_fresh_kernel(lesson, runner.executed) and not study.needs_fresh_kernel(prose, runner.executed)
    request = study.run_request(lesson, item("x = "), "x = 1", runner.executed)
    assert request.fresh and quiet(request) == ["import torch"]
    assert len(study.check_request(lesson, item("mse"), GOOD, runner.executed).setup) == 2


def test_run_ids_never_repeat(study: Study, lesson: Lesson, item: Find) -> None:
    assert len({study.run_request(lesson, item("x = "), "", {}).run for _ in range(100)}) == 100


def test_what_cannot_be_run_is_a_sentence(study: Study, lesson: Lesson, item: Find) -> None:
    with pytest.raises(TutorError, match="answered, not run"):
        study.run_request(lesson, item("why"), "", {})


def test_a_cell_of_several_processes_is_a_program_of_its_own(study: Study, lesson: Lesson) -> None:
    lesson.path.write_text(lesson.path.read_text().replace("timeout=3", 'launch="torchrun --nproc-per-node 2"'))
    changed = study.lesson(lesson.id)
    cell = next(one for _, one in changed.items() if getattr(getattr(one, "code", None), "launch", ""))
    request = study.run_request(changed, cell, "print(1)", {"another lesson": "x"})
    assert request.launch == "torchrun --nproc-per-node 2"
    assert [one.source for one in request.cells] == ["print(1)"] and not request.fresh and not request.quiet_cells


def test_cells_that_are_meant_to_fail_can_be_run_on_request(study: Study, lesson: Lesson, item: Find) -> None:
    assert study.run_request(lesson, item("x.reshape"), "x.reshape(7)", {}).quiet_cells == 2
    assert study.run_request(lesson, item("download"), "download()", {}).quiet_cells == 2


def test_typing_in_a_cell_does_not_run_it_again_for_those_below(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    x = item("x = ")
    study.save_draft(lesson, x, "x = torch.zeros(4)")
    study.take(lesson, runner.do(study.run_request(lesson, x, "x = torch.zeros(4)", {})), "s")
    study.forget_draft(lesson, x)
    runner.do(study.run_request(lesson, item("y = "), "y = 1", runner.executed))
    study.save_draft(lesson, x, "x = torch.ran")
    assert quiet(study.run_request(lesson, item("y = "), "y = 1", runner.executed)) == []


def test_a_namespace_with_strange_cells_is_not_trusted(study: Study, lesson: Lesson, item: Find, runner: Any) -> None:
    runner.do(study.run_request(lesson, item("y = "), "y = 1", {}))
    mixed = {**runner.executed, "script.py": "0123"}
    request = study.run_request(lesson, item("y = "), "y = 1", mixed)
    assert request.fresh and len(quiet(request)) == 3
    assert len(study.check_request(lesson, item("mse"), GOOD, mixed).setup) == 2


def test_code_that_passed_an_older_exercise_does_not_run_above(
    study: Study, lesson: Lesson, item: Find, runner: Any
) -> None:
    study.take(lesson, runner.checked(study.check_request(lesson, item("mse"), GOOD, {}), True), "s")
    lesson.path.write_text(lesson.path.read_text().replace("mse(1, 3) == 4", "mse(1, 4) == 9"))
    changed = study.lesson(lesson.id)
    below = changed.item(item("y = ").key)
    assert below is not None
    assert quiet(study.run_request(changed, below, "y = 1", {}))[-1] == "    return (a - b) ** 2"
