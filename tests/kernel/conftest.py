"""One zygote for all tests of this room, of which nothing may stay behind; a kernel of its own for each test."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from kernel_harness import Kernel, Zygote


@pytest.fixture(scope="session")
def zygote(tmp_path_factory) -> Iterator[Zygote]:
    started = Zygote(tmp_path_factory.mktemp("session") / "s")
    yield started
    started.end()


@pytest.fixture
def kernel(zygote) -> Iterator[Kernel]:
    made = zygote.kernel()
    yield made
    made.end()
