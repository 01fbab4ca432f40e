"""What trainings need is imported beforehand where a client asks for it, and held once."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.runner import sessions
from tutor.runner.keeper import Keeper
from tutor.runner.protocol.message import Message
from tutor.runner.protocol.requests import Prepare
from tutor.runner.protocol.session_events import KernelReady, KernelStarting

pytestmark = pytest.mark.timeout(180)


async def test_a_kernel_in_which_nothing_has_run_makes_place_for_one_that_shares_it(sessions_folder, attach) -> None:
    info = await sessions.start()
    viewer = await attach(info, 0)
    if viewer.transcript.kernel is None:
        await viewer.until_type(KernelReady)
    viewer.send(Prepare())
    await viewer.until(lambda event: isinstance(event, KernelStarting) and event.why.startswith("what trainings need"))
    await viewer.until_type(KernelReady)
    viewer.send(Prepare())
    record = await viewer.run("import sys\n'torch._dynamo' in sys.modules")
    assert record.text("result") == "True\n"
    assert record.generation == viewer.transcript.generation == 2
    await viewer.session.close()
    await sessions.stop(info)


class Process:
    """A kernel of which only is known what it was told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def kill(self) -> None:
        self.told.append("end")

    def send(self, message: Message) -> None:
        self.told.append(message)


class Work:
    busy = False


@pytest.mark.parametrize(
    ("ready", "used", "busy", "told"),
    [
        (True, False, False, "end"),
        (True, True, False, Prepare()),
        (True, False, True, Prepare()),
        (False, False, False, Prepare()),
    ],
    ids=["nothing has run", "it holds variables", "a check runs", "it is not ready"],
)
def test_any_other_kernel_is_asked_to_import_it_itself(ready: bool, used: bool, busy: bool, told: object) -> None:
    loop: Any = None
    work: Any = Work()
    work.busy = busy
    keeper = Keeper(loop, loop, work, lambda event: None, lambda data: None)
    process: Any = Process()
    keeper.process, keeper.ready, keeper.used = process, ready, used
    keeper.zygote_prepared()
    assert process.told == [told]
