"""Exceptions as data, whatever the exception is."""

import sys
from collections.abc import Callable

import pytest

from tutor.kernel.sources import Sources
from tutor.kernel.tracebacks import HEAD, TAIL, failure_of
from tutor.runner.protocol.parts import Cell, Failure


@pytest.fixture
def fail() -> Callable[..., Failure]:
    sources = Sources()

    def run(source: str, line: int = 7) -> Failure:
        try:
            compiled = sources.compile(Cell("key", source, "lesson.md", line))
        except SyntaxError as error:
            return failure_of(error.with_traceback(None), sources)
        names: dict[str, object] = {"__name__": "__main__"}
        try:
            exec(compiled.body, names)
            if compiled.last:
                eval(compiled.last, names)
        except BaseException as error:  # noqa: BLE001
            # The frame of this test stands where the kernel's own would.
            return failure_of(error.with_traceback(error.__traceback__.tb_next), sources)
        raise AssertionError("it did not fail")

    return run


def test_columns(fail) -> None:
    failure = fail("x = 1\nif x:\n    y = x / 0")
    (frame,) = failure.frames
    assert (frame.line, frame.source, frame.learner) == (9, "    y = x / 0", True)
    if sys.version_info >= (3, 11):
        assert frame.source[frame.column : frame.end_column] == "x / 0"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 knows no columns")
def test_columns_count_characters(fail) -> None:
    (frame,) = fail("s = 'äöü€'; s.nope").frames
    assert frame.source[frame.column : frame.end_column] == "s.nope"


@pytest.mark.parametrize(
    ("source", "line", "marked"),
    [
        ("x = 1\ny = (1,\n", 8, "("),
        ("for i in 3\n    pass", 7, ""),
        ("a = 1\nreturn a", 8, "return a"),
        ("x = 'abc", 7, "'"),
    ],
)
def test_a_syntax_error_has_its_place(fail, source: str, line: int, marked: str) -> None:
    failure = fail(source)
    (frame,) = failure.frames
    assert failure.kind == "SyntaxError"
    assert (frame.filename, frame.line, frame.learner) == ("lesson.md", line, True)
    assert frame.source == source.splitlines()[line - 7]
    if sys.version_info >= (3, 11) and marked:
        assert frame.source[frame.column : frame.end_column] == marked
    assert f'File "lesson.md", line {line}\n' in failure.text
    assert "compile(" not in failure.text and "Traceback" not in failure.text


def test_indentation_errors_are_syntax_errors(fail) -> None:
    assert fail("if 1:\npass").kind == "IndentationError"


def test_frames_of_libraries_are_marked(fail) -> None:
    failure = fail("import json\njson.loads('{')")
    assert failure.frames[0].learner
    assert not any(frame.learner for frame in failure.frames[1:])


def test_recursion_is_bounded(fail) -> None:
    failure = fail("def f(n):\n    return f(n + 1)\nf(0)")
    assert failure.kind == "RecursionError"
    assert len(failure.frames) == HEAD + TAIL
    assert "more times" in failure.text
    assert len(failure.text) < 4000


def test_chains_are_in_the_text(fail) -> None:
    failure = fail("try:\n    {}['a']\nexcept KeyError as error:\n    raise ValueError('no a') from error")
    assert (failure.kind, failure.message) == ("ValueError", "no a")
    assert "KeyError: 'a'" in failure.text and "direct cause" in failure.text
    assert failure.text.count("lesson.md") == 2


def test_suggestions_are_part_of_the_message(fail) -> None:
    failure = fail("learning_rate = 1\nlerning_rate")
    assert failure.message.startswith("name 'lerning_rate' is not defined")
    if sys.version_info >= (3, 12):
        assert "learning_rate" in failure.message and "learning_rate" in failure.text


@pytest.mark.parametrize("method", ["__str__", "__repr__"])
@pytest.mark.parametrize("raises", ["1 / 0", "raise SystemExit", "return 5"])
def test_an_exception_that_cannot_be_shown(fail, method: str, raises: str) -> None:
    failure = fail(f"class Bad(Exception):\n    def {method}(self):\n        {raises}\nraise Bad(1)")
    assert failure.kind == "Bad"
    assert failure.frames[-1].line == 10


def test_markup_and_escapes_come_as_they_are(fail) -> None:
    assert fail("raise ValueError('[/bold] \\x1b[31m')").message == "[/bold] \x1b[31m"
    assert fail("raise ValueError('\\ud800')").message == "\\ud800"


def test_messages_are_bounded(fail) -> None:
    failure = fail("raise ValueError('x' * 10**6)")
    assert len(failure.message) <= 4096
    assert len(failure.text) < 150_000


@pytest.mark.skipif(sys.version_info < (3, 11), reason="exception groups")
def test_groups(fail) -> None:
    failure = fail("raise ExceptionGroup('two', [ValueError(1), TypeError(2)])")
    assert failure.kind == "ExceptionGroup"
    assert "ValueError: 1" in failure.text and "TypeError: 2" in failure.text


def test_a_cycle_of_causes(fail) -> None:
    assert fail("a = ValueError(1)\nb = TypeError(2)\na.__cause__ = b\nb.__cause__ = a\nraise a").kind == "ValueError"
