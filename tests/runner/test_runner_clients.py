"""What those who look at a session are sent, and in which order."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from tutor.runner.clients import Clients
from tutor.runner.journal import Journal
from tutor.runner.loop import Loop
from tutor.runner.protocol.requests import Attach
from tutor.runner.protocol.run_events import Output, OutputTail
from tutor.runner.protocol.session_events import CaughtUp
from tutor.runner.protocol.wire import Splitter, encode


def test_a_passing_event_comes_behind_what_the_journal_has_and_journaled_ones_go_out_together(tmp_path: Path) -> None:
    loop, journal, desk = Loop(), Journal(tmp_path / "journal"), _Desk()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "socket"))
    listening.listen()
    clients = Clients(loop, listening, journal, desk)
    viewer = socket.socket(socket.AF_UNIX)
    viewer.settimeout(30)
    viewer.connect(str(tmp_path / "socket"))
    viewer.sendall(encode(Attach()))
    splitter = Splitter()

    def emit(*texts: str) -> None:
        for text in texts:
            journal.append(Output(run="r", text=text))
            clients.publish()

    def begin() -> None:
        emit("a", "b")
        clients.tell(OutputTail(run="r", text="c"))
        emit("d", "e")
        loop.later(0.0, loop.end)

    desk.attached = lambda: loop.later(0.0, begin)
    loop.run()
    heard: list[Any] = []
    while len(heard) < 6:
        heard += splitter.feed(viewer.recv(1 << 16))
    assert isinstance(heard[0], CaughtUp)
    assert [one.text for one in heard[1:]] == ["a", "b", "c", "d", "e"]
    clients.close()
    journal.close()
    viewer.close()


class _Desk:
    """A session of which nobody wants anything."""

    def __init__(self) -> None:
        self.attached: Any = None

    def audience_changed(self) -> None:
        if self.attached is not None:
            attached, self.attached = self.attached, None
            attached()

    def pong(self) -> Any:
        raise AssertionError("nobody asks")

    def take(self, request: Any) -> str:
        return ""

    def watch(self, wanted: Any) -> None:
        pass
