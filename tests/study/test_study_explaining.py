"""From a failure to words, and to the lesson that teaches what is behind it."""

from __future__ import annotations

from pathlib import Path

from tutor.course.model import Course, FrontMatter, LessonEntry, Module
from tutor.learning.verdicts import judge
from tutor.plain.verdict import verdict_lines
from tutor.runner.protocol.parts import Failure, Frame, Value
from tutor.study.explaining import explained, teaching
from tutor.study.recording import CheckResult

FAILURE = Failure(
    "RuntimeError",
    "The size of tensor a (10) must match the size of tensor b (32) at non-singleton dimension 1",
    (Frame("lesson.md", 12, "<module>", "a + b"),),
    "Traceback …",
    (Value("a", "Tensor", "named", (32, 10), "float32"), Value("b", "Tensor", "named", (32,), "float32")),
)


def course() -> Course:
    def entry(name: str, *concepts: str) -> LessonEntry:
        return LessonEntry(Path(f"{name}.md"), FrontMatter(name, name.title(), concepts=concepts))

    lessons = (entry("05-shapes", "tensor.view"), entry("06-broadcasting", "broadcast.rules", "broadcast.bug"))
    return Course(Path("."), "c", "C", (Module("m", "M", lessons),))


def test_the_words_and_the_lesson() -> None:
    words = explained(FAILURE, course())
    assert words is not None
    assert "`a` is (32, 10) and `b` is (32,)" in words.what
    assert words.lesson == "lesson 06, 06-Broadcasting"
    assert words.plain.endswith("(lesson 06, 06-Broadcasting)")


def test_a_course_that_does_not_teach_it() -> None:
    assert teaching(course(), ("autograd.leaf",)) is None
    words = explained(Failure("ZeroDivisionError", "division by zero"), course())
    assert words is not None
    assert words.lesson == ""


def test_the_first_concept_that_is_taught() -> None:
    found = teaching(course(), ("data.loader", "broadcast.bug", "tensor.view"))
    assert found is not None
    assert found.front.id == "06-broadcasting"


def test_nothing_to_explain() -> None:
    assert explained(None) is None
    assert explained(Failure("MyError", "of my own")) is None


def test_the_bundled_course_teaches_what_the_rules_speak_of() -> None:
    from tutor.course.catalog import load_course
    from tutor.learning.explain import rules

    lessons = Path(__file__).parents[2] / "lessons"
    bundled = load_course(lessons)
    wanted = {"broadcast.rules", "tensor.matmul", "module.linear-shape", "autograd.backward", "loss.targets"}
    assert wanted <= {concept for rule in rules() for concept in rule.concepts}
    assert all(teaching(bundled, (concept,)) is not None for concept in wanted)


def test_a_check_in_plain_lines_says_it_too() -> None:
    from tutor.learning.verdicts import CheckLine, Ending

    words = explained(FAILURE)
    assert words is not None
    verdict = judge(Ending("ok"), [CheckLine(False, "It adds.", error="RuntimeError: …", explained=words.plain)])
    lines = verdict_lines(CheckResult(verdict.passed, verdict.headline, verdict.lines), 60)
    assert any("`a` is (32, 10)" in line for line in lines)
    assert all(len(line) <= 60 for line in lines)
