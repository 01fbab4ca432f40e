"""The parts of the author's preview: the queue of cells, the list of answers, the manuscript, the watch."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from tutor.authoring.excerpt import excerpt
from tutor.authoring.scaffold import lesson_text
from tutor.course.items import Code, Exercise, Snippet
from tutor.course.parser import parse_lesson
from tutor.runner.transcript import RunRecord
from tutor.ui.frame.trouble import TroubleLine
from tutor.ui.preview.answers import trials
from tutor.ui.preview.manuscript import Manuscript
from tutor.ui.preview.runs import Rerun
from tutor.ui.preview.watch import saves

GOOD = "---\ntitle: T\nid: t\n---\n\n## One\n\nProse.\n\n```python\na = 1\n```\n"


def snippet(key: str, *tags: str) -> Snippet:
    return Snippet(Code(key, key, 1, tags=frozenset(tags)))


class Desk:
    """Sends cells nowhere: run ids are the cells' keys."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.interrupts = 0
        self.rerun = Rerun(self.send, self.interrupt)

    def send(self, one: Snippet) -> str:
        self.sent.append(one.key)
        return one.key

    def interrupt(self) -> None:
        self.interrupts += 1

    def end(self, key: str, outcome: str = "ok") -> None:
        self.rerun.ended(replace(RunRecord(key, "run", key, key), outcome=outcome))


def test_cells_run_one_after_the_other() -> None:
    desk = Desk()
    desk.rerun.replace([snippet("a"), snippet("b")])
    assert desk.sent == ["a"]
    desk.end("other")
    assert desk.sent == ["a"]
    desk.end("a")
    desk.end("b")
    assert desk.sent == ["a", "b"]


def test_a_failure_stops_the_rest_unless_it_is_expected() -> None:
    desk = Desk()
    desk.rerun.replace([snippet("a", "raises-exception"), snippet("b"), snippet("c")])
    desk.end("a", "error")
    assert desk.sent == ["a", "b"]
    desk.end("b", "error")
    assert desk.sent == ["a", "b"]


def test_a_save_overtakes_what_runs() -> None:
    desk = Desk()
    desk.rerun.replace([snippet("slow"), snippet("b")])
    desk.rerun.replace([snippet("new")])
    assert desk.interrupts == 1
    desk.end("slow", "interrupted")
    assert desk.sent == ["slow", "new"]
    desk.rerun.replace([])
    assert desk.interrupts == 1


def test_every_answer_of_an_exercise_is_tried() -> None:
    path = next(Path(__file__).parents[2].joinpath("lessons").rglob("03-*.md"))
    exercise = next(item for _, item in parse_lesson(path).items() if isinstance(item, Exercise))
    found = trials(exercise)
    assert [trial.should_pass for trial in found[:2]] == [False, True]
    assert len(found) == 2 + len(exercise.alternatives) + len(exercise.mistakes)


def test_a_broken_manuscript_keeps_its_last_good_reading(tmp_path: Path) -> None:
    path = tmp_path / "t.md"
    path.write_text(GOOD)
    manuscript = Manuscript(path)
    assert manuscript.problem is None
    path.write_text(GOOD.replace("a = 1", "a = = 1"))
    reading = manuscript.take_save()
    assert manuscript.problem is not None and manuscript.problem.line == 11
    assert manuscript.excerpt == ("a = = 1", "    ^")
    assert (reading.place, reading.cells) == (None, ()) and "a = 1" in str(manuscript.lesson)
    path.write_text(GOOD.replace("a = 1", "a = 2"))
    reading = manuscript.take_save()
    assert manuscript.problem is None and [cell.code.source.strip() for cell in reading.cells] == ["a = 2"]
    path.unlink()
    manuscript.take_save()
    assert manuscript.problem is not None and "a = 2" in str(manuscript.lesson)


def test_the_excerpt_of_a_long_line_is_the_part_around_its_place() -> None:
    long = "x" * 90 + "! rest of the line"
    line, caret = excerpt(long, 91, 74)
    assert len(line) <= 74 and line[caret.index("^")] == "!"
    assert excerpt("数\t= ! 1", 5, 74) == ("数 = ! 1", "     ^")
    assert excerpt("a\x1b[31m !", 1, 74)[0].isprintable()


async def test_the_caret_stands_below_its_column() -> None:
    class Host(App[None]):
        def compose(self) -> ComposeResult:
            yield TroubleLine(id="flaw")

    async with Host().run_test(size=(60, 10)) as pilot:
        trouble = pilot.app.query_one(TroubleLine)
        trouble.say("2:5: no Python.", ("a = = 1", "    ^"))
        rows = str(trouble.visual).split("\n")
        assert rows == ["✗ 2:5: no Python.", "  a = = 1", "      ^"]


def test_the_cause_is_shown_before_what_follows_from_it(tmp_path: Path) -> None:
    path = tmp_path / "t.md"
    text = lesson_text("T", "t")
    path.write_text(text.replace('tags=["test"]', 'tags=["tset"]'))
    manuscript = Manuscript(path)
    assert manuscript.problem is not None and manuscript.problem.code == "E106" and manuscript.more_problems > 0
    path.write_text(text)
    manuscript.take_save()
    assert manuscript.problem is None and not manuscript.more_problems


@pytest.mark.parametrize("way", ["write", "rename"])
async def test_a_save_is_heard_however_it_is_made(tmp_path: Path, way: str) -> None:
    path = tmp_path / "t.md"
    path.write_text(GOOD)
    stop = asyncio.Event()
    heard = asyncio.Event()

    async def listen() -> None:
        async for _ in saves(path, stop):
            heard.set()

    listening = asyncio.create_task(listen())
    other = tmp_path / "other.md"
    for number in range(600):
        # The watch begins a moment after it is asked to: save until it hears.
        if way == "write":
            path.write_text(f"{GOOD}{number}")
        else:
            other.write_text(f"{GOOD}{number}")
            os.replace(other, path)
        try:
            await asyncio.wait_for(heard.wait(), 0.1)
        except asyncio.TimeoutError:
            continue
        break
    stop.set()
    await asyncio.wait_for(listening, 30)
    assert heard.is_set()
