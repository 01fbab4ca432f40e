"""A command's own session ends with the command, also with one that was shot."""

from __future__ import annotations

from pathlib import Path

from runner_harness import Viewer, belonging_to, wait_until  # type: ignore[import-not-found]

from tutor.runner import sessions


async def test_a_private_session_ends_when_its_client_is_gone(sessions_folder: Path) -> None:
    info = await sessions.start(private=True)
    assert info.private
    viewer = await Viewer.attach(info)
    await viewer.run("x = 1")
    viewer.start("while True: pass")
    await viewer.session.close()
    wait_until(lambda: not belonging_to(sessions_folder), "a private session stays behind")
    assert await sessions.find() == []


async def test_another_session_stays_when_its_client_is_gone(sessions_folder: Path) -> None:
    info = await sessions.start()
    viewer = await Viewer.attach(info)
    await viewer.run("x = 1")
    await viewer.session.close()
    again = await Viewer.attach(info)
    record = await again.run("print(x)")
    assert record.text("stdout") == "1\n"
    await again.session.close()
