"""The Output pane in a small app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from tutor.runner.protocol.parts import Fact, Failure, Frame, Value
from tutor.runner.protocol.requests import Run
from tutor.runner.protocol.run_events import InputRequested
from tutor.runner.transcript import Chunk, RunRecord
from tutor.study.explaining import Explained
from tutor.ui.terminal_text import HEAD, TAIL
from tutor.ui.widgets.output import BITE, AnswerLine, InputGiven, OutputPane
from tutor.ui.widgets.tracebacks import failure_lines

TORCH = "/usr/lib/python3.11/site-packages/torch/nn/modules/module.py"
FAILURE = Failure(
    "RuntimeError",
    "shapes cannot be multiplied [/bold]",
    (
        Frame("/x/lessons/delivery.md", 42, "<module>", "y = model(x)", True, 4, 12),
        Frame(TORCH, 1751, "_call", "return self._call_impl(*args)", False),
        Frame(TORCH, 1762, "_call_impl", "return forward_call(*args)", False),
        Frame("/x/lessons/delivery.md", 12, "forward", "        return self.fc(x)", True, 15, 25),
    ),
    "Traceback (most recent call last):\n  the whole of it\nRuntimeError: …",
)


class Host(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.given: list[tuple[str, bool]] = []

    def compose(self) -> ComposeResult:
        yield OutputPane()

    @property
    def pane(self) -> OutputPane:
        return self.query_one(OutputPane)

    def on_input_given(self, message: InputGiven) -> None:
        self.given.append((message.text, message.eof))


def record(*chunks: tuple[str, str], outcome: str = "", failure: Failure | None = None, run: str = "1") -> RunRecord:
    one = RunRecord(run, "run", "tag", "label", started=1.0, outcome=outcome, failure=failure, seconds=0.5)
    one.chunks += [Chunk(*chunk) for chunk in chunks]
    return one


def rows(app: App[None]) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


async def until(pilot: Pilot[None], predicate: Callable[[], bool], tries: int = 600) -> None:
    for _ in range(tries):
        await pilot.pause(0.02)
        if predicate():
            return
    raise AssertionError("\n".join(rows(pilot.app)))


async def test_empty_says_what_to_do() -> None:
    async with Host().run_test() as pilot:
        pilot.app.query_one(OutputPane).show(None)
        await pilot.pause()
        assert "Nothing has run yet" in rows(pilot.app)[0]


async def test_kinds_are_told_apart_without_colour() -> None:
    host = Host()
    async with host.run_test() as pilot:
        host.pane.show(
            record(
                ("stdout", "out\n"),
                ("stderr", "\r 10%\r 90%\n"),
                ("notice", "loss became NaN at step 7\n"),
                ("result", "tensor(3.)\n"),
                ("stdout", "name? "),
                ("input", "Bob\n"),
                outcome="ok",
            )
        )
        await pilot.pause()
        assert [row for row in rows(host) if row] == [
            "  out",
            "!  90%",
            "» loss became NaN at step 7",
            "⇒ tensor(3.)",
            "❯ name? Bob",
            "  ✓ finished  0.50 s",
        ]


async def test_output_comes_as_the_run_goes_on() -> None:
    host = Host()
    async with host.run_test() as pilot:
        one = record(("stdout", "first\n"))
        host.pane.show(one)
        await pilot.pause()
        assert "  ● running …" in rows(host)
        one.chunks.append(Chunk("stdout", "second\n"))
        host.pane.update(one)
        await until(pilot, lambda: "  second" in rows(host))
        host.pane.update(record(("stdout", "another run\n"), run="2"))
        await until(pilot, lambda: "  another run" in rows(host) and "  second" not in rows(host))


async def test_hostile_output_stays_in_its_rows() -> None:
    host = Host()
    async with host.run_test(size=(40, 12)) as pilot:
        host.pane.show(record(("stdout", "[/bold] \x1b]0;title\x07\x1b[2J漢字" * 4 + "\x1b[5mz\u200b\n[/foo]\n")))
        await pilot.pause()
        shown = rows(host)
        assert "\x1b" not in "".join(shown) and "  [/foo]" in shown
        assert "".join(row[2:] for row in shown[:3]).replace(" ", "").startswith("[/bold]漢字" * 3)


async def test_a_long_line_is_folded_again_at_another_width() -> None:
    host = Host()
    async with host.run_test(size=(40, 20)) as pilot:
        host.pane.show(record(("stdout", "x" * 100 + "\n"), outcome="ok"))
        await pilot.pause()
        assert sum("x" in row for row in rows(host)) == 3
        await pilot.resize_terminal(80, 20)
        await until(pilot, lambda: sum("x" in row for row in rows(host)) == 2)


async def test_following_the_end_unless_scrolled_up() -> None:
    host = Host()
    async with host.run_test(size=(40, 10)) as pilot:
        one = record(("stdout", "".join(f"line {number}\n" for number in range(50))))
        host.pane.show(one)
        await pilot.pause()
        host.pane.view.focus()
        assert any("line 49" in row for row in rows(host))
        await pilot.press("pageup")
        await until(pilot, lambda: not host.pane.view.following)
        top = rows(host)[0]
        one.chunks.append(Chunk("stdout", "more\n" * 50))
        host.pane.update(one)
        await until(pilot, lambda: host.pane.caught_up)
        assert rows(host)[0] == top
        await pilot.press("end")
        await until(pilot, lambda: host.pane.view.following and "  more" in rows(host))


async def test_a_million_lines_are_taken_in_bites_and_keys_are_answered() -> None:
    host = Host()
    async with host.run_test(size=(60, 12)) as pilot:
        printed = "".join(f"{number}\n" for number in range(120_000))
        host.pane.show(record(("stdout", printed), outcome="ok"))
        taken = host.pane._offset
        assert 0 < taken <= BITE
        assert not host.pane.caught_up
        host.pane.view.focus()
        await pilot.press("pageup")
        await until(pilot, lambda: host.pane.caught_up, tries=2000)
        assert len(host.pane.view.lines) <= HEAD + 2 * TAIL + BITE
        await pilot.press("end")
        await until(pilot, lambda: "  119999" in rows(host))


async def test_a_failure_shows_the_learners_lines_and_folds_the_others() -> None:
    host = Host()
    async with host.run_test(size=(70, 24)) as pilot:
        host.pane.show(record(outcome="error", failure=FAILURE))
        await pilot.pause()
        shown = [row.strip() for row in rows(host)]
        assert "✗ RuntimeError: shapes cannot be multiplied [/bold]" in shown
        assert "▸ line 42 of delivery.md" in shown and "▸ line 12 of delivery.md, in forward" in shown
        assert "… 2 frames in torch" in shown
        at = shown.index("return self.fc(x)")
        assert rows(host)[at + 1].index("^") == rows(host)[at].index("self")
        host.pane.view.focus()
        await pilot.press("t")
        await pilot.pause()
        assert any("the whole of it" in row for row in rows(host))


def test_a_deep_recursion_is_cut_in_the_middle() -> None:
    frames = tuple(Frame("f.py", number, "f", "f()", True) for number in range(900))
    lines = [line.plain for line in failure_lines(Failure("RecursionError", "deep", frames, "x"), 60)]
    assert len(lines) < 40 and any("888 more of your calls" in line for line in lines)


@pytest.mark.parametrize("frame", [Frame("f", 1, "", "x", True, 5, 9), Frame("", 0, "", "", True, -1, -1)])
def test_odd_frames_raise_nothing(frame: Frame) -> None:
    assert failure_lines(Failure("E", "", (frame,)), 20)


async def test_input_is_asked_for_and_given() -> None:
    host = Host()
    async with host.run_test() as pilot:
        host.pane.show(record(("stdout", "name? ")))
        host.pane.ask(InputRequested(run="1", prompt="name? [/b]"))
        await pilot.pause()
        await pilot.press(*"Bob", "enter", "ctrl+d")
        assert host.given == [("Bob", False), ("", True)]
        host.pane.ask(InputRequested(run="1", password=True))
        await pilot.pause()
        assert host.query_one(AnswerLine).password
        host.pane.ask(None)
        await pilot.pause()
        assert not host.query(AnswerLine)


async def test_copied_text_is_without_gutter_and_folds() -> None:
    host = Host()
    async with host.run_test(size=(30, 20)) as pilot:
        host.pane.show(record(("stderr", "x" * 40 + "\nnext\n"), outcome="ok"))
        await pilot.pause()
        copied = host.pane.view.get_selection(Selection(Offset(0, 0), Offset(6, 2)))
        assert copied == ("x" * 40 + "\nnext", "\n")
        assert host.pane.view.get_selection(Selection(None, None)) is not None


async def test_an_error_is_told_in_words_between_its_message_and_its_place() -> None:
    app = Host()
    failure = replace(
        FAILURE,
        message="mat1 and mat2 shapes cannot be multiplied (32x10 and 784x128)",
        values=(
            Value("self.fc", "Linear", "layer", (128, 784), "float32"),
            Value("x[/b]", "Tensor", "input", (32, 10), "float32"),
        ),
    )
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.show(record(outcome="error", failure=failure))
        await until(pilot, lambda: any("finished" in row or "stopped by" in row for row in rows(app)))
        shown = rows(app)
        said = next(index for index, row in enumerate(shown) if "self.fc (Linear) expects 784 numbers per row" in row)
        assert "x[/b] is (32, 10)" in " ".join(row.strip("▌ ") for row in shown)
        assert any("→ Give it rows of 784 numbers" in row for row in shown)
        assert shown.index(next(row for row in shown if "mat1 and mat2" in row)) < said
        assert said < shown.index(next(row for row in shown if "line 42" in row))


async def test_the_lesson_that_teaches_it_is_named() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.explain = lambda failure: Explained("rule", "What.", "How.", (), "lesson 06, Broadcasting")
        app.pane.show(record(outcome="error", failure=FAILURE))
        await until(pilot, lambda: any("Taught in lesson 06, Broadcasting" in row for row in rows(app)))


async def test_what_was_seen_of_a_training_is_a_line_and_a_key_away() -> None:
    app = Host()
    one = record(("stdout", "done\n"), outcome="ok")
    one.facts = (Fact("never-cleared", 12), Fact("rate", 12, ("SGD",), (0.1, 0.5)))
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.show(one)
        await until(pilot, lambda: any("line 12: The gradients are never set back" in row for row in rows(app)))
        assert not any("optimizer.zero_grad()" in row for row in rows(app))
        app.pane.view.focus()
        await pilot.press("w")
        await until(pilot, lambda: any("optimizer.zero_grad()" in row for row in rows(app)))


async def test_of_an_error_that_is_higher_than_the_pane_the_beginning_is_seen() -> None:
    app = Host()
    one = record(("stdout", "one\ntwo\nthree\n"), outcome="error", failure=FAILURE)
    async with app.run_test(size=(60, 7)) as pilot:
        app.pane.show(one)
        await until(pilot, lambda: any("✗ RuntimeError: shapes cannot" in row for row in rows(app)))
        app.pane.view.focus()
        await pilot.press("end")
        await until(pilot, lambda: any("stopped by an error" in row for row in rows(app)))


async def test_a_sound_run_has_nothing_to_say_about_its_training() -> None:
    app = Host()
    one = record(("stdout", "done\n"), outcome="ok")
    one.facts = (Fact("rate", 12, ("SGD",), (0.1, 0.5)),)
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.show(one)
        await until(pilot, lambda: any("finished" in row for row in rows(app)))
        assert not any("Seen in this training" in row for row in rows(app))
        assert not app.pane.check_action("why", ())


async def test_code_is_told_how_large_the_pane_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = Host()
    async with app.run_test(size=(50, 20)) as pilot:
        await pilot.pause()
        fitted = app.pane.fitted(Run(run="r", cells=()))
        assert (fitted.columns, fitted.lines, fitted.ink) == (app.pane.view.text_width, 17, "color")
        assert 44 <= fitted.columns < 50
        app.pane.display = False
        await pilot.pause()
        hidden = app.pane.fitted(Run(run="r", cells=()))
        assert 40 <= hidden.columns < 50 and 10 <= hidden.lines <= 17
