"""ipykernel through jupyter_client, over its ipc transport, which is the faster one: the reference of the runner."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

USE_TORCH = "import torch\ntorch.ones(2).sum()\n"

SILENCE_SECONDS = 10.0
"""When nothing has arrived for so long, nothing more will."""


def available() -> bool:
    """Whether ipykernel and its client are installed."""
    return all(importlib.util.find_spec(name) for name in ("ipykernel", "jupyter_client"))


class Peer:
    """A running ipykernel."""

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager, self._client = manager, client

    @classmethod
    async def start(cls, folder: Path) -> Peer:
        """Start one and wait until it answers; its sockets lie in `folder`."""
        from jupyter_client.manager import AsyncKernelManager

        folder.mkdir(exist_ok=True)
        manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=str(folder / "kernel"))
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        return cls(manager, client)

    @property
    def pid(self) -> int:
        """Its process."""
        return int(self._manager.provisioner.process.pid)

    async def run(self, source: str, heard: Callable[[str], object] = lambda text: None) -> float:
        """Seconds that running `source` took; `heard` gets what it printed."""

        def hook(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                heard(message["content"]["text"])

        begin = time.perf_counter()
        reply = await self._client.execute_interactive(source, output_hook=hook, timeout=300)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(str(reply["content"]))
        return time.perf_counter() - begin

    async def flood(self, source: str) -> str:
        """What arrives of the output of `source`.

        The news that it has ended may be dropped as well, so that silence counts as the end.
        """
        heard: list[str] = []
        request = self._client.execute(source)
        with suppress(Empty):
            while True:
                message = await self._client.get_iopub_msg(timeout=SILENCE_SECONDS)
                if message["parent_header"].get("msg_id") != request:
                    continue
                if message["msg_type"] == "stream":
                    heard.append(message["content"]["text"])
                elif message["content"].get("execution_state") == "idle":
                    break
        await self._client.get_shell_msg(timeout=300)
        return "".join(heard)

    async def restart(self) -> float:
        """Seconds until a new kernel has used torch."""
        begin = time.perf_counter()
        await self._manager.restart_kernel(now=True)
        await self._client.wait_for_ready(timeout=60)
        await self.run(USE_TORCH)
        return time.perf_counter() - begin

    async def stop(self) -> None:
        """End it."""
        self._client.stop_channels()
        await self._manager.shutdown_kernel(now=True)
