"""The page for authors is true: its examples parse, its rules are the linter's, its snippets make clean lessons."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tutor.authoring.lint import lint
from tutor.authoring.rules import all_rules
from tutor.course.items import Exercise, Predict, Quiz, Snippet
from tutor.course.parser import parse_lesson

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "authoring.md").read_text(encoding="utf-8")
HEAD = "---\ntitle: T\nid: t\nsummary: S\nminutes: 5\n---\n\n## P\n\n"


def test_every_rule_stands_on_the_page() -> None:
    rows = re.findall(r"^\| ([EW]\d{3}) \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [(rule.code, rule.title) for rule in all_rules().values()]


def test_the_examples_are_lessons() -> None:
    examples = re.findall(r"^````markdown\n(.*?)^````$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(examples) == 4
    lesson = parse_lesson(Path("t.md"), HEAD + "\n".join(examples))
    assert not lesson.problems, lesson.problems
    kinds = [type(item) for _, item in lesson.items()]
    assert kinds == [Snippet, Snippet, Exercise, Quiz, Predict]


def expanded(body: list[str]) -> str:
    """A snippet as an editor inserts it when everything is left as it is offered."""
    text = re.sub(r"\$\{\d+\|([^,|]+)[^}]*\}", r"\1", "\n".join(body))
    return re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text).replace("$0", "")


def test_the_snippets_make_a_clean_lesson(tmp_path: Path) -> None:
    snippets = json.loads((DOCS / "editors" / "lesson.code-snippets").read_text(encoding="utf-8"))
    bodies = {name.removeprefix("pytutor: "): expanded(snippet["body"]) for name, snippet in snippets.items()}
    assert all(snippet["prefix"].startswith("pt") for snippet in snippets.values())
    wanted = [
        "head",
        "cell",
        "knobs",
        "exercise",
        "alternative",
        "mistake",
        "quiz",
        "predict",
        "predict the shape",
        "note",
    ]
    assert sorted(bodies) == sorted(wanted)
    path = tmp_path / "t.md"
    text = "\n".join(bodies[name] for name in wanted)
    names = iter(range(100))
    text = re.sub(r'(quiz|predict)="name"', lambda match: f'{match[1]}="name-{next(names)}"', text)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    assert not lint([path]).problems
