"""The Checks pane: verdicts in words."""

from __future__ import annotations

from textual.app import App, ComposeResult
from ui_widget_samples import code, para

from tutor.course.items import Answer, Code
from tutor.learning.verdicts import CheckLine, Verdict
from tutor.runner.protocol.parts import Fact, Failure, Frame
from tutor.runner.protocol.run_events import CheckVerdict
from tutor.runner.transcript import Chunk, RunRecord
from tutor.study.recording import CheckResult
from tutor.ui.widgets.checks import ChecksPane, check_lines

MISTAKE = Answer("No bias", Code("m", "", 1), (para("Add ", code("model.bias"), "."),))
FAILED = CheckLine(False, "one km takes two minutes", "tensor([2.])", "tensor([1.5000])\nmore", "f(1) == 2", 80)
RAISED = CheckLine(False, "works on a batch", error="ValueError: [/bold]", traceback="Traceback\n  whole")


def lines(verdict: Verdict | None, record: RunRecord | None = None, whole: bool = False) -> list[str]:
    return [line.plain.rstrip() for line in check_lines(verdict, record, 60, whole=whole)]


def test_nothing_yet() -> None:
    assert lines(None) == ["Nothing has been checked yet: ctrl+t checks the code in the", "editor."]


def test_headline_feedback_and_sides() -> None:
    shown = lines(
        CheckResult(False, "1 of 3 checks passed.", (CheckLine(True, "fine"), FAILED, RAISED), mistake=MISTAKE)
    )
    assert shown[0] == "✗ 1 of 3 checks passed."
    assert shown.index("▌ Add model.bias.") < shown.index("✗ one km takes two minutes") < shown.index("✓ fine")
    at = shown.index("  expected │ tensor([2.])")
    assert shown[at + 1 : at + 3] == ["  got      │ tensor([1.5000])", "           │ more"]
    assert "  ValueError: [/bold]" in shown


def test_what_failed_stands_above_what_passed_and_the_latter_close_together() -> None:
    good, other = CheckLine(True, "fine"), CheckLine(True, "so")
    waiting = CheckLine(False, "not yet")
    shown = lines(Verdict(False, "2 of 4 checks passed.", (good, waiting, other, waiting)))
    assert shown == ["✗ 2 of 4 checks passed.", "", "✗ not yet  2 checks", "", "✓ fine", "✓ so"]


def test_failures_that_say_the_same_are_told_once() -> None:
    waiting = CheckLine(False, "Not looked at yet: it has to run first.")
    shown = lines(Verdict(False, "0 of 4 checks passed.", (FAILED, waiting, waiting, waiting)))
    assert [line for line in shown if "Not looked at" in line] == [
        "✗ Not looked at yet: it has to run first.  3 checks"
    ]
    assert shown.count("✗ one km takes two minutes") == 1


def test_the_whole_traceback_on_request() -> None:
    verdict = Verdict(False, "0 of 1 checks passed.", (RAISED,))
    assert not any(line.strip() == "whole" for line in lines(verdict))
    assert any(line.strip() == "whole" for line in lines(verdict, whole=True))


def test_prints_and_the_learners_failure_are_visible() -> None:
    failure = Failure("NameError", "x", (Frame("a.md", 3, "<module>", "print(x)", True, 6, 7),), "Traceback")
    record = RunRecord(
        "1", "check", "", "", chunks=[Chunk("stdout", "hello\x1b[2J\n")], outcome="error", failure=failure
    )
    shown = lines(Verdict(False, "Your code stopped with NameError: x in line 3, before any check."), record)
    assert "✗ NameError: x" in shown and "▸ line 3 of a.md" in shown
    assert shown[-2:] == ["Your code printed:", " hello"]


def test_an_error_that_ended_the_check_is_told_once() -> None:
    failure = Failure("ValueError", "too small", (Frame("a.md", 3, "f", "return x", True, 0, 8),), "Traceback of it")
    record = RunRecord("1", "check", "", "", outcome="error", stage="tests", failure=failure)
    last = CheckLine(False, "The check could not go on.", error="ValueError: too small", traceback="Traceback of it")
    verdict = Verdict(False, "A check stopped with ValueError.", (FAILED, last), "Traceback of it")
    shown = lines(verdict, record)
    assert [line for line in shown if "too small" in line] == ["✗ ValueError: too small"]
    assert "✗ The check could not go on." in shown and "✗ one km takes two minutes" in shown
    assert sum("t shows the whole traceback" in line for line in shown) == 1


def test_a_name_that_is_lacking_is_said_once() -> None:
    failure = Failure("NameError", "name 'pick' is not defined", (), "Traceback")
    record = RunRecord("1", "check", "", "", outcome="error", stage="tests", failure=failure)
    verdict = Verdict(False, "Your code makes no 'pick', which the check needs.", lacking=True)
    assert lines(verdict, record) == ["✗ Your code makes no 'pick', which the check needs."]


def test_a_long_print_is_cut_at_its_start() -> None:
    record = RunRecord("1", "check", "", "", chunks=[Chunk("stdout", f"{number}\n") for number in range(9_000)])
    shown = lines(None, record)
    assert shown[-1] == " 8999" and len(shown) < 5_000 and any("Printed last" in line for line in shown)


def test_verdicts_are_shown_while_it_runs() -> None:
    record = RunRecord("1", "check", "", "", started=1.0, verdicts=[CheckVerdict(ok=True, message="first")])
    assert lines(None, record) == ["● Checking …", "", "✓ first"]


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield ChecksPane()


async def test_the_pane_shows_another_check() -> None:
    host = Host()
    async with host.run_test(size=(60, 20)) as pilot:
        pane = host.query_one(ChecksPane)
        pane.show(Verdict(False, "0 of 1 checks passed.", (RAISED,)), None)
        pane.focus()
        await pilot.press("t")
        await pilot.pause()
        shown = [strip.text.strip() for strip in host.screen._compositor.render_strips()]
        assert "✗ 0 of 1 checks passed." in shown and "whole" in shown
        pane.show(Verdict(True, "The check passed.", (CheckLine(True, "fine"),)), None)
        await pilot.pause()
        assert "✓ The check passed." in [strip.text.strip() for strip in host.screen._compositor.render_strips()]


def test_checks_that_pass_without_a_sentence_share_one_line() -> None:
    silent = CheckLine(True, source="x == 1")
    shown = lines(Verdict(False, "2 of 3 checks passed.", (silent, FAILED, silent)))
    assert shown[-1] == "✓ 2 other checks: as it should be" and sum("as it should" in line for line in shown) == 1
    assert lines(Verdict(True, "The check passed.", (silent,)))[-1] == "✓ The check: as it should be"


def test_what_was_seen_of_the_training_in_an_answer_that_failed() -> None:
    record = RunRecord("1", "check", "t", "l", outcome="ok", facts=(Fact("no-step", 12, ("optimizer",), (9.0,)),))
    record.verdicts = [CheckVerdict(ok=False, message="it learns")]
    shown = lines(Verdict(False, "0 of 1 checks passed.", (FAILED,)), record)
    assert any("line 12: optimizer.step() is never called" in line for line in shown)
    assert any("→ Call optimizer.step() after backward()." in line for line in shown)
    record.verdicts = [CheckVerdict(ok=True, message="it learns")]
    assert not any("line 12" in line for line in lines(Verdict(True, "The check passed."), record))
