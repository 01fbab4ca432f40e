"""The journal: append, read from anywhere, damaged tails, full disks."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from tutor.runner import journal as journals
from tutor.runner.journal import Journal, read_events
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.run_events import Output
from tutor.runner.protocol.wire import Splitter, encode


def events_after(journal: Journal, since: int, limit: int = 1 << 18) -> list[Event]:
    found: list[Event] = []
    splitter = Splitter()
    while True:
        data, newest = journal.read(since, limit)
        if newest == since:
            return found
        read = splitter.feed(data)
        found.extend(one for one in read if isinstance(one, Event))
        assert found[-1].seq == newest, "only whole frames are given out"
        since = newest


def test_events_are_numbered_timed_and_read_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", clock=lambda: 12.5)
    for at in range(10):
        stamped = journal.append(Output(run="r", text=f"line {at}\n"))
        assert (stamped.seq, stamped.time) == (at + 1, 12.5)
    assert [event.seq for event in events_after(journal, 0)] == list(range(1, 11))
    assert [event.seq for event in events_after(journal, 7)] == [8, 9, 10]
    assert journal.read(10) == (b"", 10)
    assert journal.read(99) == (b"", 99)
    assert [event.text for event in read_events(tmp_path / "journal")] == [f"line {at}\n" for at in range(10)]
    assert stat.S_IMODE((tmp_path / "journal").stat().st_mode) == 0o600


@pytest.mark.parametrize("limit", [1, 100, 10_000])
def test_any_read_size_gives_whole_frames(tmp_path: Path, limit: int) -> None:
    journal = Journal(tmp_path / "journal")
    for at in range(50):
        journal.append(Output(text="x" * at * 7))
    assert [event.seq for event in events_after(journal, 0, limit)] == list(range(1, 51))


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_torn_tail_is_ignored(tmp_path: Path, cut: int) -> None:
    journal = Journal(tmp_path / "journal")
    for at in range(3):
        journal.append(Output(text=str(at)))
    whole = (tmp_path / "journal").read_bytes()
    (tmp_path / "torn").write_bytes(whole[:-cut])
    assert [event.seq for event in read_events(tmp_path / "torn")] == [1, 2]
    (tmp_path / "junk").write_bytes(whole + os.urandom(30))
    assert [event.seq for event in read_events(tmp_path / "junk")][:3] == [1, 2, 3]


def test_a_full_disk_moves_the_journal_to_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append(Output(text="on disk"))
    write = os.write

    def full(fd: int, data: bytes) -> int:
        if len(data) > 10:
            return write(fd, data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    journal.append(Output(text="x" * 500))
    monkeypatch.undo()
    assert "the disk is full" in journal.problem
    journal.append(Output(text="in memory"))
    assert [event.seq for event in events_after(journal, 0)] == [1, 2, 3]
    assert [event.seq for event in events_after(journal, 2)] == [3]
    assert [event.seq for event in read_events(tmp_path / "journal")] == [1], "the torn frame was taken back"


def test_a_folder_that_cannot_be_written_is_said_and_survived(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "missing" / "journal")
    assert journal.problem
    journal.append(Output(text="kept"))
    assert [event.seq for event in events_after(journal, 0)] == [1]


def test_memory_is_bounded_and_keeps_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "RING_BYTES", 10_000)
    journal = Journal(tmp_path / "missing" / "journal")
    for _ in range(100):
        journal.append(Output(text="x" * 1000))
    kept = [event.seq for event in events_after(journal, 0)]
    assert kept == list(range(kept[0], 101)) and 5 <= len(kept) <= 10
    assert sum(len(encode(event)) for event in events_after(journal, 0)) <= 10_000
