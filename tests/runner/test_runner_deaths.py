"""How kernels die, in words; and the process tree."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from tutor.runner import processes
from tutor.runner.deaths import Death, size


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (3 << 8, "exit code 3"),
        (int(signal.SIGSEGV), "segmentation fault"),
        (int(signal.SIGABRT), "aborted"),
        (int(signal.SIGKILL), "killed from outside"),
        (int(signal.SIGBUS), "/dev/shm"),
        (int(signal.SIGUSR1), "SIGUSR1"),
        (None, "nobody could see why"),
    ],
)
def test_each_death_has_words_and_says_what_is_kept(status: int | None, words: str) -> None:
    death = Death(status)
    assert words in death.words
    assert "everything it printed and logged is kept" in death.words
    assert words in death.words_of_script
    assert death.words_of_script.startswith("The script ") and "variables" not in death.words_of_script


def test_the_systems_memory_killer_is_told_from_a_plain_kill() -> None:
    death = Death(int(signal.SIGKILL), out_of_memory=True, peak=1_400_000_000)
    assert "ran out of memory" in death.words and "1.4 GB" in death.words
    assert "ran out of memory" not in Death(3 << 8, out_of_memory=True).words
    assert Death(3 << 8).exit_code == 3 and Death(3 << 8).signal is None
    assert death.signal == 9 and death.exit_code is None


def test_sizes_for_people() -> None:
    assert size(512_000_000) == "512 MB" and size(1_440_000_000) == "1.4 GB"


@pytest.mark.parametrize("tree", [processes._tree_from_proc, processes._tree_from_ps])
def test_the_tree_below_a_process(tree, tmp_path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, start_new_session=True) as parent:
        try:
            latest = time.monotonic() + 30
            while len(found := tree(parent.pid)) < 2:
                assert time.monotonic() < latest
                time.sleep(0.05)
            assert found[0].pid == parent.pid and found[1].parent == parent.pid
            assert all(one.memory > 1 << 20 for one in found[:1])
        finally:
            os.killpg(parent.pid, signal.SIGKILL)
    assert tree(parent.pid) == []


def test_cpu_times_of_ps_are_understood() -> None:
    assert processes._seconds("1-02:03:04") == 93784
    assert processes._seconds("03:04.50") == 184.5
