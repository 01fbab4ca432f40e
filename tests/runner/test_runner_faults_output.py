"""Faults of output: floods of gigabytes, lines without an end, bytes that are no text. All is bounded, and counted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from runner_harness import belonging_to, wait_until

from tutor.runner.protocol.requests import Interrupt
from tutor.runner.protocol.run_events import Output, OutputTail
from tutor.runner.streams import HEAD_BYTES, TAIL_BYTES

pytestmark = pytest.mark.timeout(180)

GIGABYTES = 10 * 10**9
FLOOD = f"""
import os
block = b"{"x" * 99}\\n" * 10_000
for _ in range({GIGABYTES // 10**6}):
    written = 0
    while written < len(block):
        written += os.write(1, block[written:])
print("the end")
"""


def skipped(record) -> int:
    return sum(int(count.replace(",", "")) for count in re.findall(r"([\d,]+) bytes", record.text("skipped")))


async def test_ten_gigabytes_are_counted_and_cost_neither_disk_nor_memory(viewer, shared_session) -> None:
    def resident() -> int:
        status = Path(f"/proc/{shared_session.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) << 10

    journal = shared_session.folder / "journal"
    before, size = resident(), journal.stat().st_size
    record = await viewer.run(FLOOD)
    assert record.outcome == "ok"
    text = record.text("stdout")
    assert text.endswith("x\nthe end\n") and len(text) < HEAD_BYTES + TAIL_BYTES + 10
    assert len(text) + skipped(record) == GIGABYTES + len("the end\n")
    assert journal.stat().st_size - size < 2 * (HEAD_BYTES + TAIL_BYTES)
    assert resident() - before < 64 << 20
    assert any(isinstance(event, OutputTail) for event in viewer.seen), "it visibly moved"


async def test_a_flood_without_end_is_interrupted(viewer) -> None:
    run = viewer.start("kept = 1\nwhile True: print('y' * 1000)")
    await viewer.until(lambda event: isinstance(event, OutputTail) and event.skipped > 10_000_000)
    viewer.send(Interrupt())
    assert (await viewer.finished(run)).outcome == "interrupted"
    assert (await viewer.run("kept")).text("result") == "1\n"


async def test_fifty_megabytes_in_one_line(viewer) -> None:
    record = await viewer.run("print('a' * 50_000_000)")
    assert record.outcome == "ok"
    text = record.text("stdout")
    assert len(text) + skipped(record) == 50_000_001 and set(text) == {"a", "\n"} and text[-1] == "\n"
    assert max(len(event.text) for event in viewer.seen if isinstance(event, Output)) <= HEAD_BYTES


async def test_binary_junk_is_marked_and_what_follows_is_read(viewer) -> None:
    record = await viewer.run(
        "import os, random\nrandom.seed(0)\n"
        "for _ in range(50): os.write(1, random.randbytes(1000))\n"
        "os.write(1, bytes(range(256)))\nprint('\\nafter', '\\udcff', chr(0), '\\x1b[31m')"
    )
    assert record.outcome == "ok", record.failure
    text = record.text("stdout")
    assert "\ufffd" in text and text.splitlines()[-1].startswith("after \\udcff \0 \x1b[31m")
    assert (await viewer.run("print('clean')")).text("stdout") == "clean\n"


async def test_both_streams_at_once_from_many_threads(viewer) -> None:
    record = await viewer.run(
        "import sys, threading\n"
        "def write(stream, mark):\n    for at in range(2000): stream.write(f'{mark}{at}\\n')\n"
        "threads = [threading.Thread(target=write, args=(stream, mark))\n"
        "    for stream in (sys.stdout, sys.stderr) for mark in 'abc']\n"
        "for one in threads: one.start()\nfor one in threads: one.join()"
    )
    for kind in ("stdout", "stderr"):
        for mark in "abc":
            found = re.findall(rf"{mark}(\d+)", record.text(kind))
            assert found == [str(at) for at in range(2000)]


async def test_no_process_but_those_of_the_session_is_left(viewer, sessions_folder, shared_session) -> None:
    await viewer.run("1")
    wait_until(lambda: len(belonging_to(sessions_folder)) == 3, "host, zygote, kernel")
