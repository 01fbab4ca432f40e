"""The table of faults names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent


def test_every_row_names_tests_that_exist() -> None:
    table = (TESTS.parent / "docs" / "faults.md").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| fault ")]
    assert len(rows) > 40
    known = set()
    for file in TESTS.rglob("test_*.py"):
        known |= set(re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8")))
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        assert not set(named) - known, row


WANTED = (
    "SIGHUP", "terminal closed", "kill -9", "two windows", "storm of sizes", "suspended", "`sys.exit`", "`os._exit`",
    "`os.abort`", "segmentation fault", "our limit", "system's killer", "endless loop in Python", "regex",
    "call of C that holds the interpreter", "SIGINT blocked", "fork bomb of 100", "threads left", "workers left",
    "10 GB printed", "50 MB in one line", "binary junk", "deep recursion", "`input()` when nobody is attached",
    "disk full", "read-only from the start", "damaged tail", "old socket", "clock that jumps", "another user",
    "another version of the protocol", "garbage", "outside its folder", "ports", "hangs in its fork",
)  # fmt: skip


def test_every_way_to_fail_that_must_be_survived_has_a_row() -> None:
    table = (TESTS.parent / "docs" / "faults.md").read_text(encoding="utf-8")
    first = " ".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| "))
    assert [fault for fault in WANTED if fault not in first] == []
