"""Faults around the session host: full and read-only folders, damaged journals, old sockets, clocks, its own death."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from runner_harness import belonging_to, wait_until

from tutor.errors import TutorError
from tutor.runner import sessions
from tutor.runner.journal import read_events
from tutor.runner.protocol.requests import Answer
from tutor.runner.protocol.run_events import InputRequested, Notice, Output, RunFinished, RunStarted

pytestmark = pytest.mark.timeout(180)


def mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of one megabyte for sessions, where we may mount one."""
    disk = tmp_path / "d"
    disk.mkdir()
    if os.getuid() != 0 or not mount("-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", str(disk)):
        pytest.skip("no file system can be mounted here")
    monkeypatch.setenv("PYTUTOR_SESSIONS", str(disk))
    yield disk
    wait_until(lambda: not belonging_to(disk), "processes stay behind")
    subprocess.run(["umount", str(disk)], check=True)


def notices(viewer) -> list[str]:
    return [event.text for event in viewer.seen if isinstance(event, Notice)]


async def test_a_full_disk_is_said_once_and_the_run_goes_on_in_memory(small_disk: Path, attach) -> None:
    info = await sessions.start()
    viewer = await attach(info, 0)
    record = await viewer.run("for i in range(300_000): print(i)")
    assert record.outcome == "ok"
    assert record.text("stdout").split() == [str(i) for i in range(300_000)], "an attached viewer misses nothing"
    assert (await viewer.run("class Net: pass\nNet.__name__")).text("result") == "'Net'\n"
    assert len(notices(viewer)) == 1 and "the disk is full" in notices(viewer)[0]
    late = await attach(info, 0)
    assert late.transcript.runs[record.run].text("stdout") == record.text("stdout"), "a later one neither"
    for one in (viewer, late):
        await one.session.close()
    await sessions.stop(info)
    kept = list(read_events(info.folder / "journal"))
    assert any(isinstance(event, Output) for event in kept), "what reached the disk can be read"


async def test_a_disk_that_is_full_from_the_start_is_one_sentence_and_leaves_nothing(small_disk: Path) -> None:
    (small_disk / "film").write_bytes(b"x" * (1 << 20))
    before = sorted(small_disk.iterdir())
    try:
        info = await sessions.start()
    except TutorError as error:
        assert "Cannot start a session" in str(error) and "space" in str(error)
        assert sorted(small_disk.iterdir()) == before
    else:  # folders take no room on some systems: then it runs in memory
        await sessions.stop(info)


async def test_a_read_only_folder_is_one_sentence(small_disk: Path) -> None:
    assert mount("-o", "remount,ro", str(small_disk))
    with pytest.raises(TutorError, match="Read-only file system"):
        await sessions.start()
    assert await sessions.find() == []
    assert mount("-o", "remount,rw", str(small_disk))


@pytest.mark.parametrize("damage", ["torn", "junk", "zeros"])
async def test_a_damaged_tail_costs_no_more_than_the_tail(sessions_folder: Path, attach, damage: str) -> None:
    info = await sessions.start()
    viewer = await attach(info, 0)
    run = viewer.start("import time\nfor i in range(500): print(i)\ninput()\nprint('last')\ntime.sleep(600)")
    await viewer.until_type(InputRequested)  # what comes after it is an event of its own
    viewer.send(Answer(""))
    await viewer.until(lambda event: isinstance(event, Output) and "last" in event.text)
    await viewer.session.close()
    os.kill(info.pid, signal.SIGKILL)
    wait_until(lambda: not any(_alive(pid) for pid in belonging_to(sessions_folder)), "it lives on")
    journal = info.folder / "journal"
    whole = list(read_events(journal))
    with journal.open("r+b") as file:
        if damage == "torn":
            file.truncate(journal.stat().st_size - 3)
        else:
            file.seek(0, os.SEEK_END)
            file.write(b"\xff" * 999 if damage == "junk" else bytes(999))
    assert journal in sessions.left_behind()
    kept = list(read_events(journal))
    assert kept == (whole[:-1] if damage == "torn" else whole)
    lines = "".join(event.text for event in kept if isinstance(event, Output) and event.run == run)
    assert lines.split() == [*map(str, range(500)), *(["last"] if damage != "torn" else [])]
    assert (await _one_plus_one(attach)) == "2\n", "a new session starts beside it"


async def test_an_old_socket_in_the_way_is_cleaned_up_and_nobody_waits_for_it(sessions_folder: Path, attach) -> None:
    crashed = sessions_folder / "0000aa"
    crashed.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(crashed / "socket"))
        one.listen()  # it even answers, but nobody holds the lock
        assert "0000aa" not in [info.id for info in await sessions.find()]
    assert not (crashed / "socket").exists()
    assert await _one_plus_one(attach) == "2\n"


CLOCK = """#!{python}
'''A Python whose wall clock jumps: as many seconds as the file beside it says.'''
import runpy, sys, time
real, file = time.time, {offset!r}
time.time = lambda: real() + float(open(file).read())
program = next(at for at, one in enumerate(sys.argv) if one.endswith("host_main.py"))
sys.argv = sys.argv[program:]
sys.path.insert(0, "")
runpy.run_path(sys.argv[0], run_name="__main__")
"""


async def test_a_clock_that_jumps_changes_no_limit_no_order_and_ends_nothing(
    sessions_folder: Path, attach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offset, python = tmp_path / "offset", tmp_path / "python"
    offset.write_text("0")
    python.write_text(CLOCK.format(python=sys.executable, offset=str(offset)))
    python.chmod(0o700)
    learners = sys.executable
    monkeypatch.setattr(sys, "executable", str(python))
    info = await sessions.start(python=learners, idle_minutes=5)
    monkeypatch.undo()
    viewer = await attach(info, 0)
    run = viewer.start("import time\nfor i in range(40):\n    print(i, flush=True)\n    time.sleep(0.05)", timeout=60.0)
    for seconds in ("86400", "-86400", "315360000", "0"):  # a day on, a day back, ten years on
        await viewer.until(lambda event: isinstance(event, Output) and event.run == run)
        offset.write_text(seconds)
    record = await viewer.finished(run)
    assert record.outcome == "ok" and record.text("stdout").split() == [str(i) for i in range(40)]
    assert 1.0 < record.seconds < 60.0
    assert (await viewer.run("while True: pass", timeout=0.5)).outcome == "timeout"
    journaled = [event for event in viewer.seen if event.journaled]
    assert [event.seq for event in journaled] == list(range(1, len(journaled) + 1))
    times = [event.time for event in journaled]
    assert times != sorted(times), "the clock did jump"
    assert info.id in [one.id for one in await sessions.find()]
    await viewer.session.close()
    await sessions.stop(info)


async def test_a_killed_host_takes_everything_with_it_and_its_journal_stays(sessions_folder: Path, attach) -> None:
    info = await sessions.start()
    viewer = await attach(info, 0)
    run = viewer.start(
        "import os, subprocess, time\nfrom torch.utils.data import DataLoader\n"
        "subprocess.Popen(['sleep', '600'])\n"
        "batches = iter(DataLoader(list(range(8)), num_workers=2, persistent_workers=True))\nnext(batches)\n"
        "subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "subprocess.Popen(['sh', '-c', 'sleep 600 & exit'], start_new_session=True).wait()\n"
        "if os.fork() == 0: time.sleep(600)\nprint('all there', flush=True)\nwhile True: pass"
    )
    await viewer.until(lambda event: isinstance(event, Output) and "all there" in event.text)
    os.kill(info.pid, signal.SIGKILL)
    with pytest.raises(AssertionError, match=r"The session's process has gone; what it had written down"):
        await viewer.until_type(RunFinished)
    wait_until(lambda: not _of_session(info), f"processes stay behind: {_of_session(info)}")
    kept = list(read_events(info.folder / "journal"))
    assert any(isinstance(event, RunStarted) and event.run == run for event in kept)
    assert "".join(event.text for event in kept if isinstance(event, Output)) == "all there\n"


def _of_session(info: sessions.SessionInfo) -> list[int]:
    """Living processes of one session: its host, and those that find their package in its folder."""
    needle = f"{info.folder}/lib".encode()
    found = []
    for pid in belonging_to(info.folder.parent):
        try:
            if needle in Path(f"/proc/{pid}/environ").read_bytes() and _alive(pid):
                found.append(pid)
        except OSError:
            continue
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


async def _one_plus_one(attach) -> str:
    info = await sessions.start()
    viewer = await attach(info, 0)
    text = (await viewer.run("1 + 1")).text("result")
    await viewer.session.close()
    await sessions.stop(info)
    return str(text)
