"""Who is kept out, and what is kept private: other users, hostile bytes, foreign folders, ports, modes of files."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest
from runner_harness import belonging_to

from tutor.errors import TutorError
from tutor.runner import sessions
from tutor.runner.client import Session
from tutor.runner.protocol.message import PROTOCOL, ProtocolError
from tutor.runner.protocol.requests import Attach, Ping
from tutor.runner.protocol.session_events import Refused
from tutor.runner.protocol.wire import MAX_FRAME, Splitter, encode
from tutor.store.database import Store

pytestmark = pytest.mark.timeout(180)

NOBODY = 65534
AS_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")

TRY = """
import os, socket, sys
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
for action in ("connect", "read", "list", "write"):
    try:
        if action == "connect":
            socket.socket(socket.AF_UNIX).connect(sys.argv[1] + "/socket")
        elif action == "read":
            open(sys.argv[1] + "/journal").read()
        elif action == "list":
            os.listdir(sys.argv[1])
        else:
            open(sys.argv[1] + "/intruder", "w")
        print(action, "worked")
    except PermissionError:
        print(action, "refused")
"""


async def output_of(code: str, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-S", "-c", code, *arguments), cwd="/", stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return said.decode()


@AS_ROOT
async def test_another_user_can_neither_talk_nor_read_nor_look_nor_write(shared_session, viewer) -> None:
    await viewer.run("secret = 'token'\nprint(secret)")
    said = await output_of(TRY, str(shared_session.folder))
    assert said.splitlines() == ["connect refused", "read refused", "list refused", "write refused"]


@AS_ROOT
async def test_another_users_signal_does_not_reach_the_session(shared_session, viewer) -> None:
    code = "import os, sys\nos.setuid(65534)\ntry: os.kill(int(sys.argv[1]), 9)\nexcept PermissionError: print('no')"
    assert await output_of(code, str(shared_session.pid)) == "no\n"
    assert (await viewer.run("1 + 1")).text("result") == "2\n"


@pytest.mark.parametrize(
    "data",
    [
        os.urandom(4096),
        b"\0" * 4096,
        (MAX_FRAME + 1).to_bytes(4, "big") + bytes(4),
        b"\0\0\0\x0a\0\0\0\0" + b"[" * 10,
        b"\0\0\0\x02\xff\xff\xff\xff{}",
        encode(Attach())[:-1] + b"\xff",
    ],
)
async def test_a_garbage_client_harms_nobody_else(shared_session, viewer, data: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(str(shared_session.folder / "socket"))
    writer.write(data)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    try:
        assert all(isinstance(one, Refused) for one in Splitter().feed(answer))
    except ProtocolError:
        pytest.fail("the answer is no message")
    assert (await viewer.run("1 + 1")).text("result") == "2\n"


async def test_a_client_that_sends_half_a_frame_and_waits_costs_nothing(shared_session, viewer) -> None:
    idle = [await asyncio.open_unix_connection(str(shared_session.folder / "socket")) for _ in range(20)]
    for _, writer in idle:
        writer.write(encode(Ping())[:7])
    assert (await viewer.run("1 + 1")).text("result") == "2\n"
    for _, writer in idle:
        writer.close()


@pytest.mark.parametrize("version", [0, PROTOCOL - 1, PROTOCOL + 1, 999, -1])
async def test_another_version_of_the_protocol_is_refused_in_one_sentence(
    shared_session, monkeypatch, version: int
) -> None:
    monkeypatch.setattr("tutor.runner.client.Attach", lambda since: Attach(protocol=version, since=since))
    session = await Session.attach(shared_session)
    events = [event async for event in session.events()]
    assert [type(event) for event in events] == [Refused]
    assert str(version) in session.lost and "start a new one" in session.lost


@AS_ROOT
@pytest.mark.parametrize("kind", ["folder", "session", "link"])
async def test_what_lies_in_a_foreign_place_is_neither_used_nor_touched(
    sessions_folder: Path, tmp_path: Path, monkeypatch, kind: str
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    trap = theirs / "0000bb"
    trap.mkdir()
    (trap / "journal").write_text("theirs")
    os.utime(trap / "journal", (0, 0))
    if kind == "session":
        os.chown(trap, NOBODY, NOBODY)
        monkeypatch.setenv("PYTUTOR_SESSIONS", str(theirs))
    elif kind == "link":
        place = tmp_path / "mine"
        place.mkdir(mode=0o700)
        (place / "0000bb").symlink_to(trap)
        monkeypatch.setenv("PYTUTOR_SESSIONS", str(place))
    else:
        os.chown(theirs, NOBODY, NOBODY)
        monkeypatch.setenv("PYTUTOR_SESSIONS", str(theirs))
        with pytest.raises(TutorError, match="belongs to somebody else"):
            await sessions.start()
    assert await sessions.find() == [] and sessions.left_behind() == []
    assert (trap / "journal").read_text() == "theirs", "older than we keep, but not ours to clean up"


LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp, see proc(5)."""


async def test_no_process_of_ours_has_any_port_whatever_runs(sessions_folder, shared_session, viewer) -> None:
    run = viewer.start(
        "import torch\nfrom torch.utils.data import DataLoader\n"
        "batches = iter(DataLoader(list(range(8)), num_workers=2, persistent_workers=True))\nnext(batches)\ninput()"
    )
    await viewer.until(lambda _: viewer.transcript.waiting_for_input)
    mine = {*belonging_to(sessions_folder), os.getpid()}
    assert len(mine) >= 6, "ourselves, host, zygote, kernel, two workers"
    held = set()
    for pid in mine:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                held.add(os.readlink(link))
            except OSError:
                continue
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            assert f"socket:[{parts[9]}]" not in held, (
                f"{table} {parts[1]} {'listens' if parts[3] == LISTENING else ''}"
            )
    from tutor.runner.protocol.requests import Answer

    viewer.send(Answer(""))
    await viewer.finished(run)


def modes(folder: Path) -> dict[str, str]:
    """What others may do with anything below a folder, links left out; empty when that is nothing at all."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & 0o077:
            found[str(path)] = oct(stat.S_IMODE(mode))
    return found


@pytest.mark.parametrize("umask", [0o022, 0o000])
async def test_every_file_of_a_session_is_private(sessions_folder: Path, attach, umask: int) -> None:
    before = os.umask(umask)
    try:
        info = await sessions.start()
        viewer = await attach(info, 0)
        record = await viewer.run("class Net: pass\nprint(1)\nimport os\nos.umask(0)")
        assert record.text("result") == f"{umask}\n", "the learner's own files get the learner's modes"
        await viewer.run("class Other: pass\nimport sys; print('x', file=sys.stderr)")
        await viewer.check("x = 1", "assert x == 1")
        assert {path.name for path in info.folder.iterdir()} >= {"journal", "socket", "host.log", "lib"}
        assert modes(sessions_folder) == {}
        await viewer.session.close()
        await sessions.stop(info)
        assert modes(sessions_folder) == {}
    finally:
        os.umask(before)


def test_every_file_of_the_data_folder_is_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = Store.open(tmp_path / "data")
        assert len(list((tmp_path / "data").iterdir())) >= 3, "the file, its log, its lock"
        assert modes(tmp_path / "data") == {}
        store.close()
    finally:
        os.umask(before)
    assert modes(tmp_path / "data") == {}
