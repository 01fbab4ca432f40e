"""Runs in the store: once each, a bounded number, and none that was deleted comes back."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan
from pathlib import Path

import pytest

from tutor.store.database import Store
from tutor.store.progress import Progress
from tutor.store.runs import LONGEST_CODE, MOST_RUNS, RunRow, Runs, SeriesRow

LOSS = SeriesRow("loss", "train", "a.py:1", 20, 20.0, 0.5, 0.25, b"bytes")


def row(run: str, key: str = "k", lesson: str = "l", **more: object) -> RunRow:
    made = RunRow(
        run, lesson, key, "label", "hash", "lr = 1", "", (("lr", "1"), ("note", "'a b'")), 5.0, 2.0, "ok", (LOSS,)
    )
    return replace(made, **more)


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


@pytest.fixture
def runs(store: Store) -> Runs:
    return Runs(store, "course")


def test_a_run_is_kept_once_and_comes_back_as_it_was(runs: Runs) -> None:
    assert runs.keep(row("a")) and not runs.keep(row("a", label="other")) and runs.known("a") and not runs.known("b")
    (found,) = runs.of("l", "k")
    assert found == row("a", number=1, series=(replace(LOSS, buckets=b""),))
    assert runs.series("a") == [LOSS]


def test_two_windows_keep_it_once(tmp_path: Path) -> None:
    one, two = (Runs(Store.open(tmp_path), "course") for _ in range(2))
    assert [one.keep(row("a")), two.keep(row("a")), two.keep(row("b"))] == [True, False, True]
    assert [(each.run, each.number) for each in one.of("l", "k")] == [("b", 2), ("a", 1)]


def test_a_final_value_that_is_no_number_stays_none(runs: Runs) -> None:
    runs.keep(row("a", series=(replace(LOSS, final=nan, best=float("inf")),)))
    assert isnan(runs.of("l")[0].series[0].final) and runs.of("l")[0].series[0].best == float("inf")


def test_the_oldest_gives_way_unless_it_is_named_or_pinned(runs: Runs) -> None:
    for number in range(MOST_RUNS):
        runs.keep(row(f"r{number}"))
    runs.keep(row("elsewhere", key="other"))
    runs.rename("r0", "first [try]")
    runs.pin("r1", True)
    for number in range(3):
        runs.keep(row(f"more{number}"))
    kept = [one.run for one in runs.of("l", "k")]
    assert len(kept) == MOST_RUNS + 2 and kept[-2:] == ["r1", "r0"] and "r2" not in kept and "r3" in kept
    assert not runs.series("r2") and not runs.keep(row("r2"))
    assert runs.of("l", "k")[-1].name == "first [try]" and runs.of("l", "k")[0].number == MOST_RUNS + 3
    assert [one.run for one in runs.of("l", "other")] == ["elsewhere"]


def test_a_deleted_run_does_not_come_back_and_its_number_is_not_used_again(runs: Runs) -> None:
    runs.keep(row("a"))
    runs.delete("a")
    assert not runs.of("l") and not runs.series("a") and not runs.keep(row("a"))
    runs.keep(row("b"))
    assert runs.of("l")[0].number == 2


def test_a_reset_forgets_the_runs_of_its_lesson(store: Store, runs: Runs) -> None:
    runs.keep(row("a"))
    runs.keep(row("b", lesson="other"))
    Progress(store, "course").reset("l")
    assert [one.run for one in runs.of()] == ["b"] and not runs.keep(row("a"))
    runs.keep(row("c"))
    assert runs.of("l")[0].number == 1
    assert not Runs(store, "another course").of()


def test_hostile_and_endless_texts_can_be_kept(runs: Runs) -> None:
    hostile = "a\ud800\x1b[31m\x00'; DROP TABLE runs"
    runs.keep(
        row("a", label=hostile, code=hostile, program="x" * (LONGEST_CODE + 1), series=(replace(LOSS, name=hostile),))
    )
    (found,) = runs.of("l")
    assert "DROP TABLE" in found.label and found.program == "" and found.series[0].name.startswith("a?")


def test_the_epochs_of_a_run_are_kept_and_damaged_ones_are_none(store: Store, runs: Runs) -> None:
    marks = ((300.0, 2), (600.5, 3))
    runs.keep(row("a", epochs=marks))
    runs.keep(row("b"))
    assert [one.epochs for one in runs.of()] == [(), marks]
    for damaged in ("x", "1", "1\t2\t3", "nan\t2", "1\t2.5"):
        store.write(lambda to, text=damaged: to.execute("UPDATE runs SET epochs = ? WHERE run = 'a'", (text,)))
        assert [one.epochs for one in runs.of()] == [(), ()]
