"""The linter on files: warnings, pictures and links, agreement with Jupytext, switches, report."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pytest

from tutor.authoring.lint import Report, lint
from tutor.authoring.machine_report import json_text
from tutor.authoring.report import text_lines
from tutor.authoring.rules import all_rules
from tutor.commands import check
from tutor.errors import TutorError

HEAD = "---\ntitle: T\nid: t\nsummary: S\nminutes: 5\n---\n\n# T\n\n## P\n\n"
TEST = '```python tags=["test"]\nassert x == 1, "one"\n```\n\n'
HINT = '<details class="hint">\n<summary>H</summary>\n\nThink.\n\n</details>\n\n'
SOLUTION = '<details class="solution">\n<summary>S</summary>\n\n```python .noeval\nx = 1\n```\n\nSo.\n\n</details>\n\n'
MISTAKE = SOLUTION.replace("solution", "mistake").replace("x = 1", "x = 2")
STARTER = '```python name="a" tags=["exercise"]\nx = 0  # TODO\n```\n\n'
GOOD = STARTER + TEST + HINT + SOLUTION + MISTAKE


def quiz(name: str, right: int, texts: tuple[str, str, str] = ("one", "two", "six"), why: str = "Because.") -> str:
    options = "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))
    answers = "\n".join(f"- [{'x' if number == right else ' '}] {why}" for number in range(3))
    return (
        f'<!-- #region quiz="{name}" -->\nQ?\n\n{options}\n\n<details class="answer">\n<summary>A</summary>\n\n'
        f"{answers}\n\n</details>\n<!-- #endregion -->\n\n"
    )


def lesson(folder: Path, body: str, head: str = HEAD) -> Path:
    path = folder / "lesson.md"
    path.write_text(head + body)
    return path


def told(report: Report) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in report.problems]


def test_a_good_lesson_has_no_problems(tmp_path: Path) -> None:
    assert told(lint([lesson(tmp_path, GOOD + quiz("q", 1))])) == []


# Code, line within the body (which begins on line 12), body.
BODIES = [
    ("W201", 1, "![](pic.png)\n"),
    ("W202", 2, "```python\n" + "x = 1" + " " * 80 + "\n```\n"),
    ("W203", 6, "```python\nx\n```\n\n```output\n" + "1\n" * 41 + "```\n"),
    ("W204", 3, "text\n\n$$\n\\foo{x}\n$$\n"),
    ("W204", 2, "text and\nmore $\\foo{x}$ here\n"),
    ("W204", 1, "```mermaid\nflowchart\n```\n"),
    ("W205", 1, "#### Deep\n\nx\n"),
    ("W207", 1, GOOD.replace("  # TODO", "")),
    ("W208", 1, GOOD.replace(HINT, "")),
    ("E131", 1, GOOD.replace('name="a"', 'name="a" concept="loss.mse"')),
    ("E131", 1, quiz("q", 1).replace('quiz="q"', 'quiz="q" concept="loss.mse"')),
    ("W209", 37, GOOD.replace(HINT, HINT * 5)),
    ("W210", 9, GOOD.replace("Think.", "Write `x = 1` there.")),
    ("W210", 9, GOOD.replace("Think.", "```python .noeval\nx=1  # so\n```")),
    ("W211", 6, GOOD.replace(', "one"', "")),
    ("E118", 5, GOOD.replace('assert x == 1, "one"', "x == 1")),
    ("W212", 1, "".join(quiz(f"q{number}", 1) for number in range(3))),
    ("W212", 1, quiz("a", 0, ("longest", "x", "y")) + quiz("b", 1, ("x", "longest", "y"))
     + quiz("c", 2, ("x", "y", "longest"))),
    ("W213", 1, quiz("q", 1, why="")),
    ("W214", 2, "```python\nx = torch.rand(3)\n```\n\n```python\nprint(x)\n```\n\n```output\n1\n```\n"),
    ("W216", -1, "word\n\n" * 70),
    ("W217", 1, GOOD.replace(MISTAKE, "")),
    ("W220", 1, "<!-- lint: off W208 -->\n\ntext\n"),
    ("W220", 1, "<!-- lint: off W999 -->\n\ntext\n"),
    ("W244", 2, "```python\nx = model.cuda()\n```\n"),
    ("W244", 2, "```python\nx = model.to(\"cuda\")\n```\n"),
    ("W244", 2, "```python\nx = torch.zeros(3, device=\"cuda:0\")\n```\n"),
    ("E121", 1, "![alt](none.png)\n"),
    ("E121", 1, "![alt](../../../etc/passwd)\n"),
    ("E122", 2, "see\n[this](none.md)\n"),
    ("E109", 1, "```bash\nls\n```\n"),
    ("E109", 3, "text\n\n```python tags=[ \"hide-cell\" ]\nx = 1\n```\n"),
    ("E109", 3, "```python\nx = 1\n```"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "line", "body"), BODIES)
def test_each_rule_fires_at_its_line(tmp_path: Path, code: str, line: int, body: str) -> None:
    (tmp_path / "pic.png").touch()
    found = told(lint([lesson(tmp_path, body)]))
    assert (code, line + 11) in found, found


def test_summary_and_minutes(tmp_path: Path) -> None:
    assert ("W206", 1) in told(lint([lesson(tmp_path, "x\n", HEAD.replace("minutes: 5\n", ""))]))


@pytest.mark.parametrize(
    "body",
    [
        "```python\nif torch.cuda.is_available():\n    x = x.cuda()\n```\n",
        "```python\ntorch.manual_seed(0)\nx = torch.rand(3)\nprint(x)\n```\n\n```output\n1\n```\n",
        "[out](https://example.org/none.md) and [here](#p) and [mail](mailto:a@b.c) and ![a](pic.png)\n",
        "### Sub\n\n#### Deeper\n\nx\n",
        '```python tags=["parameters"]\nlr = 0.1  # @param {type:"slider", min:0.001, max:1.0, step:0.001, '
        'scale:"log"}\n```\n',
        "".join(quiz(f"q{number}", number) for number in range(3)),
        "```console\n$ ls\n```\n\n```python .noeval\nx\n```\n\n```text\nx\n```\n",
    ],
)
def test_what_is_right_is_not_blamed(tmp_path: Path, body: str) -> None:
    (tmp_path / "pic.png").touch()
    assert told(lint([lesson(tmp_path, body)])) == []


def test_a_comment_switches_a_rule_off_for_the_block_below(tmp_path: Path) -> None:
    wide = "```python\nx = 1" + " " * 80 + "\n```\n"
    report = lint([lesson(tmp_path, "<!-- lint: off W202 -->\n\n" + wide + "\n" + wide)])
    assert told(report) == [("W202", 19)]


def test_a_switch_for_a_rule_that_was_not_applied_is_left_alone(tmp_path: Path) -> None:
    assert told(lint([lesson(tmp_path, "<!-- lint: off W241 -->\n\n```python\nx = 1\n```\n")])) == []


def test_a_course_is_checked_with_its_list(tmp_path: Path) -> None:
    lesson(tmp_path, "x\n")
    (tmp_path / "course.toml").write_text(
        'format_version = 1\nid = "c"\ntitle = "C"\n[[modules]]\nid = "m"\ntitle = "M"\nlessons = ["gone.md"]\n'
    )
    report = lint([tmp_path])
    assert told(report) == [("E126", 7), ("E125", 1)] and report.lessons == 1


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(TutorError):
        lint([tmp_path / "none"])


def test_every_code_that_can_be_told_has_a_rule() -> None:
    source = "".join(
        path.read_text() for path in Path("tutor").rglob("*.py") if path.parent.name in ("course", "authoring")
    )

    used = set(re.findall(r'"([EW]\d{3})"', source))
    assert used == set(all_rules())
    assert all(rule.explanation.strip() and rule.title for rule in all_rules().values())


def test_the_report_has_place_source_line_and_caret(tmp_path: Path) -> None:
    path = lesson(tmp_path, "see [\x1b[31m](none.md)\n\n" + "w " * 200 + "[x](none2.md)\n")
    report = lint([path])
    text = list(text_lines(report, 1.25))
    assert text[0].startswith(f"{path}:12:6: error E108")
    assert text[1] == "    see [␛[31m](none.md)" and text[2] == "         ^"
    assert not any("\x1b" in line for line in text)
    assert all(len(line) <= 120 for line in text[1:2] + text[-3:-1])
    assert text[-1] == "1 lesson checked in 1.2 s: 3 errors, 0 warnings"
    document = json.loads(json_text(report, 1.25))
    assert document["errors"] == 3 and document["problems"][0]["code"] == "E108"
    assert "\x1b" not in json_text(report, 1.25)


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    return check.run(parser.parse_args(list(words)))


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lesson(tmp_path, "#### Deep\n\nx\n")
    assert command(str(path), "--no-run") == 0
    assert command(str(path), "--no-run", "--strict") == 1
    assert command(str(lesson(tmp_path, "![a](none.png)\n")), "--no-run") == 1
    assert "E121" in capsys.readouterr().out


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--explain", "e143") == 0
    assert capsys.readouterr().out.startswith("E143: the solution")
    with pytest.raises(TutorError):
        command("--explain", "E999")
