"""The rule corpus: for each rule a file, or a course, that breaks it and nothing else; and one clean file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tutor.authoring.execution import Execution
from tutor.authoring.lint import lint
from tutor.authoring.rules import all_rules

CORPUS = Path(__file__).parent / "corpus"
SLOW = {"W242"}
"""A lesson that takes more than a minute is tried in `test_authoring_execution`, with a clock of its own."""
RULES = [rule for code, rule in all_rules().items() if code not in SLOW]


def place_of(code: str) -> Path:
    folder = CORPUS / code
    return folder if folder.is_dir() else CORPUS / f"{code}.md"


def test_every_rule_has_its_file_and_nothing_lies_about() -> None:
    names = {path.stem for path in CORPUS.iterdir()} - {"pic"}
    assert names == {rule.code for rule in RULES} | {"clean"}


@pytest.mark.parametrize("code", [rule.code for rule in RULES if not rule.needs_run] + ["clean"])
def test_a_file_breaks_its_rule_and_no_other(code: str) -> None:
    found = {problem.code for problem in lint([place_of(code)]).problems}
    assert found == ({code} - {"clean"})


@pytest.mark.timeout(300)
def test_running_the_files_breaks_their_rules_and_no_others(tmp_path: Path) -> None:
    codes = [rule.code for rule in RULES if rule.needs_run] + ["clean"]
    paths = []
    for code in codes:
        # Copies: a test must not depend on where the corpus lies, nor write into it.
        paths.append(tmp_path / f"{code}.md")
        shutil.copy(place_of(code), paths[-1])
    report = lint(paths, Execution())
    found = {code: {problem.code for problem in report.problems if problem.path.stem == code} for code in codes}
    assert found == {code: {code} - {"clean"} for code in codes}
