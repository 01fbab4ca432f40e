"""Starting and finding sessions: permissions, wrong interpreters, hostile peers, folders that are not ours."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import stat
import sys
import sysconfig
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tutor.errors import TutorError
from tutor.runner import clients, folders, processes, sessions
from tutor.runner.client import Session
from tutor.runner.interpreters import probe
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Attach, Interrupt, Ping, Run
from tutor.runner.protocol.run_events import RunFinished
from tutor.runner.protocol.session_events import KernelDied, KernelReady, Pong, Refused
from tutor.runner.protocol.wire import Splitter, encode

pytestmark = pytest.mark.timeout(180)


def script(folder: Path, text: str, mode: int = 0o700) -> Path:
    path = folder / "python"
    path.write_text(text)
    path.chmod(mode)
    return path


async def said_by_host(info: sessions.SessionInfo, data: bytes) -> list:
    """Send bytes and read until the host hangs up."""
    reader, writer = await asyncio.open_unix_connection(str(info.folder / "socket"))
    writer.write(data)
    answer = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    return Splitter().feed(answer)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x93\x11" * 32, "not the language"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "not the language"),
        (b"\0\0\0\x02\0\0\0\0{}", "not the language"),
        (b"\xff" * 8, "not the language"),
        (encode(Attach(protocol=999)), "this pytutor 999"),
        (encode(Interrupt()), "Attach first"),
        (encode(Attach()) + encode(Run(run=5, cells=())), "wrong type"),
        (encode(Attach()) + encode(RunFinished(run="x")), "not a request"),
    ],
)
async def test_a_wrong_peer_is_refused_in_a_sentence(shared_session, data: bytes, words: str) -> None:
    refused = [one for one in await said_by_host(shared_session, data) if isinstance(one, Refused)]
    assert len(refused) == 1 and words in refused[0].why
    assert [one.id for one in await sessions.find()] == [shared_session.id], "the host lives on"


async def test_the_client_says_why_it_was_refused(shared_session, monkeypatch) -> None:
    monkeypatch.setattr("tutor.runner.client.Attach", lambda since: Attach(protocol=7, since=since))
    session = await Session.attach(shared_session)
    assert [type(event) for event in [event async for event in session.events()]] == [Refused]
    assert "protocol" in session.lost


async def test_a_run_id_is_used_once(viewer) -> None:
    await viewer.run("1")
    run = next(iter(viewer.transcript.runs))
    viewer.send(Run(run=run, cells=(Cell("k", "1", "x"),)))
    assert "id" in (await viewer.until_type(Refused)).why


def test_the_peers_user_is_known() -> None:
    one, other = socket.socketpair()
    assert clients.peer_uid(one) == os.getuid()
    one.close()
    other.close()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
async def test_another_user_is_turned_away_even_where_the_folders_are_open(sessions_folder, shared_session) -> None:
    opened = [sessions_folder, shared_session.folder, shared_session.folder / "socket"]
    before = [path.stat().st_mode for path in opened]
    code = (
        "import os, socket, sys\nos.setuid(65534)\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n"
        "try:\n    s.sendall(bytes.fromhex(sys.argv[2]))\nexcept OSError:\n    pass\n"
        "try:\n    print(len(s.recv(100)))\nexcept OSError:\n    print(0)\n"
    )
    try:
        for path in opened:
            path.chmod(0o777)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code, str(opened[-1]), encode(Ping()).hex()), stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
    finally:
        for path, mode in zip(opened, before, strict=True):
            path.chmod(mode)
    assert said.strip() == b"0"


async def test_everything_is_private_and_no_port_is_open(sessions_folder, shared_session, viewer) -> None:
    await viewer.run("1 + 1")
    assert stat.S_IMODE(sessions_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(shared_session.folder.stat().st_mode) == 0o700
    for name in ("socket", "journal", "host.log", "lib"):
        assert stat.S_IMODE((shared_session.folder / name).stat().st_mode) & 0o077 == 0, name
    tree = [one.pid for one in processes.tree(shared_session.pid)]
    assert len(tree) >= 3
    sockets = {
        os.readlink(link)
        for pid in tree
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if os.readlink(link).startswith("socket:")
    }
    for table in ("tcp", "tcp6", "udp", "udp6"):
        lines = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        assert not sockets & {f"socket:[{line.split()[9]}]" for line in lines}


async def test_ping_tells_what_the_session_does(shared_session) -> None:
    reader, writer = await asyncio.open_unix_connection(str(shared_session.folder / "socket"))
    writer.write(encode(Ping()))
    [pong] = Splitter().feed(await asyncio.wait_for(reader.read(1000), 60))
    writer.close()
    assert isinstance(pong, Pong) and pong.pid == shared_session.pid and pong.session == shared_session.id


async def test_the_host_leaves_no_zombie_and_holds_nothing_of_its_starter(shared_session) -> None:
    status = Path(f"/proc/{shared_session.pid}/status").read_text()
    assert f"PPid:\t{os.getpid()}\n" not in status
    assert os.getsid(shared_session.pid) != os.getsid(0)
    links = [os.readlink(f"/proc/{shared_session.pid}/fd/{fd}") for fd in (0, 1, 2)]
    assert links[0] == "/dev/null" and all(link.endswith("host.log") for link in links[1:])


@pytest.mark.parametrize(
    ("python", "words"), [("/no/such/python", "not there"), ("no-such-python-anywhere", "not there")]
)
async def test_an_interpreter_that_is_not_there(sessions_folder, python: str, words: str) -> None:
    with pytest.raises(TutorError, match=words):
        await sessions.start(python=python)
    report = await probe(python)
    assert words in report.problems[0]


async def test_an_interpreter_that_cannot_be_run(sessions_folder, tmp_path) -> None:
    path = script(tmp_path, "text", mode=0o600)
    with pytest.raises(TutorError, match="not a program"):
        await sessions.start(python=str(path))


async def test_a_program_that_is_no_python_is_told(sessions_folder, attach, tmp_path) -> None:
    path = script(tmp_path, "#!/bin/sh\necho 'I am a shell script' >&2\nexit 4\n")
    report = await probe(str(path))
    assert "no working Python" in report.problems[0] and "I am a shell script" in report.problems[0]
    info = await sessions.start(python=str(path))
    viewer = await attach(info, 0)
    if viewer.transcript.kernel_death is None:
        await viewer.until_type(KernelDied)
    assert "I am a shell script" in viewer.transcript.kernel_death.cause
    record = await viewer.run("1")
    assert record.outcome == "died" and "cannot run the kernel" in record.words
    await viewer.session.close()
    await sessions.stop(info)


async def test_an_interpreter_without_torch_runs_python_and_says_what_to_do(sessions_folder, attach, tmp_path) -> None:
    bare = tmp_path / "bare"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(bare)
    )
    assert await process.wait() == 0
    python = str(bare / "bin" / "python")
    report = await probe(python)
    assert report.torch == "" and "has no torch" in report.problems[0] and python in report.problems[0]
    info = await sessions.start(python=python)
    viewer = await attach(info, 0)
    if viewer.transcript.kernel is None:
        await viewer.until_type(KernelReady)
    kernel = viewer.transcript.kernel
    assert kernel.executable == python and kernel.torch == ""
    assert "pip install torch" in kernel.problem
    assert (await viewer.run("print('plain Python')")).text("stdout") == "plain Python\n"
    assert (await viewer.run("import torch")).failure.kind == "ModuleNotFoundError"
    assert (await viewer.run("import textual")).failure.kind == "ModuleNotFoundError", "nothing else of ours"
    await viewer.session.close()
    await sessions.stop(info)


@pytest.fixture
async def foreign_python(tmp_path) -> str:
    """An interpreter in a virtual environment that has torch, what torch imports, and nothing else."""
    ask = (
        "import json, sys, torch, torch._dynamo\n"
        "print(json.dumps([getattr(one, '__file__', None) for one in list(sys.modules.values())]))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ask, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    packages = Path(sysconfig.get_path("purelib"))
    used = {Path(file).relative_to(packages).parts[0] for file in json.loads(said) if file and str(packages) in file}
    folder = tmp_path / "foreign"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(folder))
    )
    assert await process.wait() == 0
    [site] = folder.glob("lib/python*/site-packages")
    for name in used | {f"{name}.libs" for name in used if (packages / f"{name}.libs").exists()}:
        (site / name).symlink_to(packages / name)
    return str(folder / "bin" / "python")


async def test_an_interpreter_with_torch_and_nothing_of_ours_runs_everything(
    sessions_folder, attach, foreign_python
) -> None:
    info = await sessions.start(python=foreign_python)
    viewer = await attach(info, 0)
    record = await viewer.run(
        "import sys, torch\nw = torch.zeros(1, requires_grad=True)\nfor _ in range(3):\n"
        "    loss = ((w - 3) ** 2).sum()\n    loss.backward()\nsys.executable"
    )
    assert record.outcome == "ok" and record.has_points
    assert record.text("result") == f"{foreign_python!r}\n"
    assert (await viewer.check("x = 1", "assert x == 1, 'one'")).passed
    assert (await viewer.run("from tutor.kit import log")).outcome == "ok"
    for ours in ("textual", "plotext", "platformdirs"):
        assert (await viewer.run(f"import {ours}")).failure.kind == "ModuleNotFoundError"
    await viewer.session.close()
    await sessions.stop(info)


async def test_our_own_interpreter_is_reported() -> None:
    report = await probe()
    assert report.version.startswith(f"{sys.version_info[0]}.{sys.version_info[1]}.")
    assert report.torch and "cpu" in report.devices and report.problems == ()


async def test_a_path_too_long_for_a_socket(sessions_folder, monkeypatch) -> None:
    monkeypatch.setenv("PYTUTOR_SESSIONS", str(sessions_folder / ("x" * 100)))
    with pytest.raises(TutorError, match="too long"):
        await sessions.start()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
async def test_a_folder_of_somebody_else_is_not_used(sessions_folder, monkeypatch) -> None:
    theirs = sessions_folder / "theirs"
    theirs.mkdir()
    os.chown(theirs, 65534, 65534)
    monkeypatch.setenv("PYTUTOR_SESSIONS", str(theirs))
    with pytest.raises(TutorError, match="somebody else"):
        await sessions.start()
    assert await sessions.find() == []
    shutil.rmtree(theirs)


async def test_a_link_in_the_place_of_the_folder_is_not_followed(sessions_folder, monkeypatch) -> None:
    link = sessions_folder / "link"
    link.symlink_to(tempfile.gettempdir())
    monkeypatch.setenv("PYTUTOR_SESSIONS", str(link))
    with pytest.raises(TutorError, match="no folder"):
        await sessions.start()
    link.unlink()


async def test_old_sockets_and_old_journals_are_cleaned_up(sessions_folder) -> None:
    crashed, ancient, foreign = (sessions_folder / name for name in ("000001", "000002", "holiday-photos"))
    long_ago = time.time() - 30 * 86400
    for folder in (crashed, ancient, foreign):
        folder.mkdir(mode=0o700)
        socket.socket(socket.AF_UNIX).bind(str(folder / "socket"))
        (folder / "journal").write_bytes(b"")
        os.utime(folder, (long_ago, long_ago))
    for folder in (ancient, foreign):
        os.utime(folder / "journal", (long_ago, long_ago))
    assert "000001" not in [info.id for info in await sessions.find()]
    assert (crashed / "journal").exists() and not (crashed / "socket").exists()
    assert not ancient.exists()
    assert (foreign / "socket").exists(), "what is no session is left alone"
    for folder in (crashed, foreign):
        shutil.rmtree(folder)


async def test_a_host_that_hangs_is_neither_waited_for_nor_spared(sessions_folder, monkeypatch) -> None:
    info = await sessions.start()
    os.kill(info.pid, signal.SIGSTOP)
    monkeypatch.setattr(sessions, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(sessions, "STOP_SECONDS", 2.0)
    assert info.id not in [one.id for one in await asyncio.wait_for(sessions.find(), 60)]
    await sessions.stop(info)
    assert folders.is_dead(info.folder)


async def test_no_space_is_one_sentence(sessions_folder, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders.Path, "mkdir", full)
    with pytest.raises(TutorError, match="No space left on device"):
        await sessions.start()


def test_nobody_comes_back_by_itself_to_a_session_of_another_version() -> None:
    ours = sessions.SessionInfo("a", Path(), 1, "python", 0.0)
    assert ours.for_lessons
    assert not replace(ours, protocol=ours.protocol - 1).for_lessons


def test_the_newest_of_several() -> None:
    infos = [sessions.SessionInfo(str(at), Path(), 1, "python", float(at)) for at in (2, 9, 4)]
    assert sessions.newest(infos).id == "9"
