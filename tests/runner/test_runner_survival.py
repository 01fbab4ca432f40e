"""What outlives what: viewers come and go, die and return; hosts die; nothing is lost and nothing stays behind."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tutor.runner import folders, sessions
from tutor.runner.client import Session
from tutor.runner.journal import read_events
from tutor.runner.protocol.requests import Answer, Stop
from tutor.runner.protocol.run_events import InputRequested, Notice, Output, Points, RunFinished, RunStarted
from tutor.runner.protocol.session_events import KernelDied, KernelReady, Refused, SessionEnded, SessionStarted

pytestmark = pytest.mark.timeout(180)

TRAINING = textwrap.dedent("""
    import time
    import torch
    w = torch.zeros(1, requires_grad=True)
    for step in range(300):
        loss = ((w - 3) ** 2).sum() + step
        loss.backward()
        print(f"line {step}", flush=True)
        time.sleep(0.005)
""")


def lines_and_points(events) -> tuple[list[str], list[float]]:
    text = "".join(event.text for event in events if isinstance(event, Output))
    points = [event for event in events if isinstance(event, Points)]
    return text.splitlines(), [
        value for event in points for one, _, values in event.unpack() if one.role == "train" for value in values
    ]


@pytest.fixture
async def session(sessions_folder: Path):
    info = await sessions.start()
    yield info
    await sessions.stop(info)


async def test_a_viewer_killed_in_mid_training_misses_nothing(session, attach) -> None:
    code = textwrap.dedent(f"""
        import asyncio, os, signal, sys
        from tutor.runner import sessions
        from tutor.runner.client import Session
        from tutor.runner.protocol.parts import Cell
        from tutor.runner.protocol.requests import Run
        from tutor.runner.protocol.run_events import Output

        async def main():
            [info] = [one for one in await sessions.find() if one.id == {session.id!r}]
            viewer = await Session.attach(info)
            viewer.send(Run(run="training", cells=(Cell("k", {TRAINING!r}, "lesson.md"),)))
            async for event in viewer.events():
                if isinstance(event, Output) and "line 20" in event.text:
                    print(event.seq, flush=True)
                    os.kill(os.getpid(), signal.SIGKILL)

        asyncio.run(main())
    """)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), stdout=subprocess.PIPE, start_new_session=True
    )
    seen, _ = await process.communicate()
    assert process.returncode == -signal.SIGKILL
    expected = [f"line {step}" for step in range(300)]

    from_the_start = await attach(session, 0)
    record = await from_the_start.finished("training")
    assert record.outcome == "ok"
    lines, points = lines_and_points(from_the_start.seen)
    assert lines == expected
    assert len(points) == 300 and [int(value) for value in points] == [int(points[0]) + at for at in range(300)]
    numbers = [event.seq for event in from_the_start.seen if event.journaled]
    assert numbers == list(range(1, len(numbers) + 1))

    since = int(seen)
    from_there = await attach(session, since)
    await from_there.until_type(RunFinished) if not _ended(from_there) else None
    assert [event.seq for event in from_there.seen if event.journaled] == list(range(since + 1, numbers[-1] + 1))
    for viewer in (from_the_start, from_there):
        await viewer.session.close()


async def test_many_reconnections_lose_and_repeat_nothing(session, attach) -> None:
    first = await attach(session, 0)
    run = first.start(TRAINING)
    await first.until_type(RunStarted)
    seen = [event for event in first.seen if event.journaled]
    first.session._writer.transport.abort()
    moments = random.Random(7)
    finished = False
    while not finished:
        viewer = await Session.attach(session, since=seen[-1].seq)
        left = moments.randint(1, 12)
        async for event in viewer.events():
            if event.journaled:
                seen.append(event)
                left -= 1
            finished = finished or (isinstance(event, RunFinished) and event.run == run)
            if not left or finished:
                break
        viewer._writer.transport.abort()
    assert [event.seq for event in seen] == list(range(1, len(seen) + 1))
    lines, points = lines_and_points(seen)
    assert lines == [f"line {step}" for step in range(300)]
    assert len(points) == 300 and sorted(points) == points


def _ended(viewer) -> bool:
    return any(isinstance(event, RunFinished) for event in viewer.seen)


async def test_two_viewers_see_the_same_and_the_first_answer_counts(session, attach) -> None:
    first, second = await attach(session, 0), await attach(session, 0)
    run = first.start("print(input('? '))")
    for viewer in (first, second):
        await viewer.until_type(InputRequested)
    second.send(Answer("from the second"))
    await second.finished(run)
    first.send(Answer("too late"))
    refused = await first.until_type(Refused)
    assert "Nothing waits" in refused.why
    await first.finished(run)
    journaled = [[event for event in viewer.seen if event.journaled] for viewer in (first, second)]
    shorter = min(map(len, journaled))
    assert journaled[0][:shorter] == journaled[1][:shorter]
    assert "from the second" in first.transcript.runs[run].text("stdout")
    [info] = [one for one in await sessions.find() if one.id == session.id]
    assert info.clients == 2
    await first.session.close()
    await second.session.close()


async def test_a_viewer_that_does_not_read_costs_nothing_and_reads_everything_later(session, attach) -> None:
    slow = await Session.attach(session)
    quick = await attach(session)
    for at in range(3):
        record = await quick.run(f"for i in range(200_000): print({at}, i)")
        assert record.outcome == "ok"
    total = 0
    async for event in slow.events():
        if isinstance(event, Output):
            total += len(event.text)
        if isinstance(event, RunFinished) and event.run == record.run:
            break
    assert total == sum(len(one.text("stdout")) for one in quick.transcript.runs.values())
    await slow.close()
    await quick.session.close()


async def test_the_kernel_dies_with_its_host(sessions_folder: Path, attach) -> None:
    info = await sessions.start()
    viewer = await attach(info, 0)
    run = viewer.start("import os, time\nprint(os.getpid(), flush=True)\nwhile True: time.sleep(1)")
    output = await viewer.until_type(Output)
    kernel = int(output.text)
    os.kill(info.pid, signal.SIGKILL)
    with pytest.raises(AssertionError, match=r"the session is lost: The session's process has gone"):
        await viewer.until_type(RunFinished)
    await _until(lambda: not _alive(kernel))
    assert info.id not in [one.id for one in await sessions.find()]
    journal = info.folder / "journal"
    assert journal in sessions.left_behind()
    assert not (info.folder / "socket").exists(), "the dead socket was cleaned up"
    kept = list(read_events(journal))
    assert isinstance(kept[0], SessionStarted) and any(isinstance(one, Output) and one.run == run for one in kept)


async def test_a_dead_zygote_is_replaced(session, attach) -> None:
    viewer = await attach(session, 0)
    run = viewer.start("import os, time\nprint(os.getppid(), flush=True)\ntime.sleep(60)")
    zygote = int((await viewer.until_type(Output)).text)
    os.kill(zygote, signal.SIGKILL)
    assert (await viewer.finished(run)).outcome == "died"
    await viewer.until_type(KernelReady)
    assert (await viewer.run("1 + 1")).text("result") == "2\n"
    await viewer.session.close()


async def test_stopping_ends_everything_and_says_so(sessions_folder: Path, attach) -> None:
    info = await sessions.start()
    viewer = await attach(info, 0)
    run = viewer.start("import time\ntime.sleep(60)")
    await viewer.until_type(RunStarted)
    viewer.send(Stop())
    ended = await viewer.until_type(SessionEnded)
    assert "stopped" in ended.why
    assert viewer.transcript.runs[run].outcome == "stopped"
    await sessions.stop(info)
    assert info.id not in [one.id for one in await sessions.find()]


async def test_the_system_ending_a_session_leaves_time_to_save(sessions_folder: Path, attach, tmp_path) -> None:
    info = await sessions.start()
    viewer = await attach(info, 0)
    saved = tmp_path / "checkpoint"
    run = viewer.start(
        "import signal, sys, time\n"
        "def save(number, frame):\n"
        f"    open({str(saved)!r}, 'w').write('saved')\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, save)\nprint('go', flush=True)\nwhile True: time.sleep(0.1)"
    )
    await viewer.until_type(Output)
    os.kill(info.pid, signal.SIGTERM)
    ended = await viewer.until_type(SessionEnded)
    assert "SIGTERM" in ended.why
    assert saved.read_text() == "saved"
    assert viewer.transcript.runs[run].outcome in ("exit", "stopped")


async def test_a_session_outlives_a_hangup(session, attach) -> None:
    os.kill(session.pid, signal.SIGHUP)
    viewer = await attach(session, 0)
    assert (await viewer.run("1 + 1")).text("result") == "2\n"
    await viewer.session.close()


async def test_a_session_ends_by_itself_when_nobody_needs_it(sessions_folder: Path, attach) -> None:
    info = await sessions.start(idle_minutes=2.0 / 60)
    viewer = await attach(info, 0)
    run = viewer.start("import time\ntime.sleep(2.5)\nprint('ran on')")
    await viewer.until_type(RunStarted)
    await viewer.session.close()
    await _until(lambda: folders.is_dead(info.folder))
    kept = list(read_events(info.folder / "journal"))
    assert [event.outcome for event in kept if isinstance(event, RunFinished) and event.run == run] == ["ok"]
    assert isinstance(kept[-1], SessionEnded) and "by itself" in kept[-1].why


async def test_a_session_whose_folder_was_removed_ends(sessions_folder: Path, attach) -> None:
    info = await sessions.start()
    shutil.rmtree(info.folder)
    await _until(lambda: not _alive(info.pid))


async def test_signals_that_the_host_outlives_end_what_learners_start(session, attach) -> None:
    viewer = await attach(session, 0)
    record = await viewer.run(
        "import subprocess, signal\nchild = subprocess.Popen(['sleep', '60'])\n"
        "child.send_signal(signal.SIGHUP)\nchild.wait()"
    )
    assert record.text("result") == "-1\n"
    await viewer.session.close()


async def test_a_memory_limit_is_told_with_figures(sessions_folder: Path, attach) -> None:
    info = await sessions.start(memory_limit=900_000_000)
    viewer = await attach(info, 0)
    record = await viewer.run("print('before')\nkept = [bytearray(b'x') * 50_000_000 for _ in range(100)]")
    assert record.outcome == "memory" and "900 MB are allowed" in record.words
    assert record.text("stdout") == "before\n"
    await viewer.until_type(KernelDied)
    await viewer.until_type(KernelReady)
    await viewer.session.close()


async def test_a_lessons_own_limits_hold_until_a_setting_goes_before_them(sessions_folder: Path, attach) -> None:
    hungry = "import time\nkept = [bytearray(b'x') * 50_000_000 for _ in range(20)]\ntime.sleep({})\nkept = []"
    flood = "for i in range(40_000): print('line', i)"
    own = await attach(await sessions.start(), 0)
    record = await own.run(hungry.format(60), memory_limit=600_000_000)
    assert record.outcome == "memory" and "600 MB are allowed" in record.words
    assert "The setting memory_limit allows more" in record.words
    record = await own.run(flood, output_limit=1_000)
    assert record.text("stdout").startswith("line 0\n") and "setting output_limit keeps more" in record.text("skipped")
    assert len(record.text("stdout")) < 70_000
    await own.session.close()
    other = await attach(await sessions.start(memory_limit=4_000_000_000, output_limit=1_000_000), 0)
    assert (await other.run(hungry.format(1), memory_limit=600_000_000)).outcome == "ok"
    record = await other.run(flood, output_limit=1_000)
    assert record.text("skipped") == "" and record.text("stdout").endswith("line 39999\n")
    await other.session.close()


async def test_a_journal_that_cannot_grow_is_said_once_and_the_run_goes_on(sessions_folder: Path, attach) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))  # inherited by the host
    try:
        info = await sessions.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    viewer = await attach(info, 0)
    record = await viewer.run("for i in range(20_000): print(i)")
    assert record.outcome == "ok"
    assert record.text("stdout").split() == [str(i) for i in range(20_000)]
    assert (await viewer.run("print('on')")).text("stdout") == "on\n"
    notices = [event for event in viewer.seen if isinstance(event, Notice)]
    assert len(notices) == 1 and "kept in memory" in notices[0].text
    await viewer.session.close()


async def _until(holds) -> None:
    latest = asyncio.get_running_loop().time() + 60
    while not holds():
        assert asyncio.get_running_loop().time() < latest
        await asyncio.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
