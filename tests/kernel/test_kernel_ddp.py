"""Capture in a training of two processes: each sees its own losses, once, and both go on as without it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ddp_program import STEPS

pytestmark = pytest.mark.timeout(300)

PROGRAM = Path(__file__).with_name("ddp_program.py")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ranks(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What came of it on each rank; the test is skipped where gloo has no network, not even that of the machine."""
    folder = tmp_path_factory.mktemp("ddp")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    if sys.platform == "linux":
        environment.setdefault("GLOO_SOCKET_IFNAME", "lo")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    started = subprocess.Popen(
        [*command, str(PROGRAM), str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = started.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.communicate()
        pytest.fail("the ranks hang")
    if "bind" in said.lower() and not list(folder.iterdir()):
        pytest.skip(f"torchrun cannot use the loopback: {said.strip()[-200:]}")
    assert started.returncode == 0, said
    found = [json.loads((folder / f"rank{rank}.json").read_text(encoding="utf-8")) for rank in range(2)]
    for one in found:
        if "unable" in one:
            pytest.skip(f"gloo cannot use the loopback: {one['unable']}")
    return found


def test_each_rank_captures_its_own_losses_once(ranks: list[dict[str, Any]]) -> None:
    for rank in ranks:
        curves, said = rank["curves"], rank["said"]
        shown = {name: curve["values"] for name, curve in curves.items() if not curve["role"].startswith("round")}
        assert shown == said
        assert {name: curves[name]["role"] for name in shown} == {
            "half": "train",
            "loss": "train",
            "val_loss": "validation",
        }
        assert curves["half"]["steps"] == [step // 2 for step in range(STEPS)]
        assert curves["loss"]["steps"] == [STEPS // 2 + step for step in range(STEPS)]
        assert curves["val_loss"]["steps"] == [STEPS // 2 + 10 * at for at in range(1, STEPS // 10 + 1)]
    assert ranks[0]["said"] != ranks[1]["said"], "each has data of its own"


def test_capture_changes_nothing_that_the_ranks_share(ranks: list[dict[str, Any]]) -> None:
    assert all(rank["same"] for rank in ranks)
    assert ranks[0]["weights"] == ranks[1]["weights"]
