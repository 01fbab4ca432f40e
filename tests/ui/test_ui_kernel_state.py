"""What the header says of the device."""

from types import SimpleNamespace

import pytest

from tutor.runner.protocol.session_events import Gauges, KernelReady
from tutor.ui.kernel_state import place_words

GB = 10**9


def words(device: str, gauges: Gauges | None) -> str:
    transcript = SimpleNamespace(kernel=KernelReady(device=device))
    return place_words(SimpleNamespace(transcript=transcript, gauges=gauges))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("device", "gauges", "shown"),
    [
        ("cpu", None, "cpu"),
        ("cpu", Gauges(memory=310 * 10**6, cpu=2.0), "cpu 310 MB"),
        ("cpu", Gauges(memory=310 * 10**6, cpu=187.0), "cpu 187% 310 MB"),
        ("mps", Gauges(memory=2 * GB, cpu=40.0), "mps 40% 2.0 GB"),
        ("cuda:0", Gauges(memory=2 * GB, cpu=99.0), "cuda:0"),
        ("cuda:0", Gauges(gpu_held=700 * 10**6), "cuda:0 700 MB"),
        ("cuda:0", Gauges(gpu_memory=1_200_000_000, gpu_total=24 * GB, gpu_load=61.0), "cuda:0 61% 1.2 of 24 GB"),
        ("cuda:1", Gauges(gpu_memory=9 * GB, gpu_total=24 * GB, gpu_held=GB), "cuda:1 9.0 of 24 GB (1.0 yours)"),
    ],
)
def test_the_device_with_its_load_and_memory(device: str, gauges: Gauges | None, shown: str) -> None:
    assert words(device, gauges) == shown
