"""What a launch is told, and how lines of ranks are told apart."""

import os
from pathlib import Path

import pytest

from tutor.kernel.launch import launcher_options
from tutor.kernel.ranks import _Lines


@pytest.mark.parametrize(
    ("launch", "options"),
    [
        ("torchrun --nproc-per-node 2", ["--standalone", "--nproc-per-node", "2"]),
        ("torchrun", ["--standalone"]),
        ("python -m torch.distributed.run --nproc_per_node=2", ["--standalone", "--nproc_per_node=2"]),
        ("torchrun --standalone --nproc-per-node 2", ["--standalone", "--nproc-per-node", "2"]),
        (
            "torchrun --nnodes=1:4 --rdzv-backend c10d --rdzv-endpoint 'node one:29500' --max-restarts 3",
            ["--nnodes=1:4", "--rdzv-backend", "c10d", "--rdzv-endpoint", "node one:29500", "--max-restarts", "3"],
        ),
        ("torchrun --master-addr 10.0.0.1 --node-rank 1", ["--master-addr", "10.0.0.1", "--node-rank", "1"]),
    ],
)
def test_options_are_passed_on_as_they_are(launch: str, options: list[str]) -> None:
    assert launcher_options(launch) == options


@pytest.mark.parametrize("launch", ["mpirun -n 2", "torchrunner", "", "sh -c torchrun", "torchrun 'unclosed"])
def test_other_programs_are_not_started(launch: str) -> None:
    with pytest.raises(ValueError):
        launcher_options(launch)


@pytest.mark.parametrize(
    ("pieces", "passed_on"),
    [
        ([b"one\ntw", b"o\n", b""], b"[r] one\n[r] two\n"),
        ([b"10%\r", b"20%\r\ndone", b""], b"[r] 10%\r[r] 20%\r\n[r] done\n"),
        ([b"", b""], b""),
        ([b"\xff\x00\n", b""], b"[r] \xff\x00\n"),
    ],
)
def test_each_line_bears_its_rank(pieces: list[bytes], passed_on: bytes) -> None:
    read, write = os.pipe()
    lines = _Lines("r", write)
    for piece in pieces:
        lines.feed(piece)
    os.close(write)
    assert os.read(read, 1 << 16) == passed_on
    os.close(read)


def test_a_line_without_end_is_not_gathered_for_ever(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as file:
        _Lines("r", file.fileno()).feed(b"x" * 65_536)
    assert (tmp_path / "out").stat().st_size > 65_536
