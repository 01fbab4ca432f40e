"""Sessions on a GPU: checks beside tensors on it, memory that comes back, devices that are not there."""

from __future__ import annotations

from pathlib import Path

import torch
from runner_harness import Viewer, wait_until  # type: ignore[import-not-found]

from tutor.runner import sessions
from tutor.runner.protocol.requests import Interrupt, Restart
from tutor.runner.protocol.run_events import Notice
from tutor.runner.protocol.session_events import Gauges, KernelReady
from tutor.study.explaining import explained

SLACK = 512 << 20
"""Bytes that other users of the GPU may come or go with."""


async def test_the_device_is_the_gpu(viewer) -> None:
    record = await viewer.run("print(device, torch.ones(2, device=device).sum().item())")
    assert record.text("stdout") == "cuda:0 2.0\n"


async def test_a_check_sees_tensors_on_the_gpu_and_leaves_the_names(viewer) -> None:
    await viewer.run("w = torch.ones(3, device=device)\nmodel = torch.nn.Linear(3, 1, device=device)")
    record = await viewer.check("y = model(w)", "assert y.is_cuda, 'it is on the GPU'\nassert w.sum() == 3, 'whole'")
    assert record.passed, (record.verdicts, record.failure, record.words)
    record = await viewer.run("print('y' in globals(), w.sum().item())")
    assert record.text("stdout") == "False 3.0\n"


async def test_what_a_check_changes_in_place_is_said(viewer) -> None:
    await viewer.run("w = torch.ones(3, device=device)\nv = torch.ones(3, device=device)")
    record = await viewer.check("w.mul_(2)", "assert w.sum() == 6, 'doubled'")
    assert record.passed
    notices = [event.text for event in viewer.seen if isinstance(event, Notice) and event.run == record.run]
    assert len(notices) == 1 and notices[0].startswith("The check has changed w in place")


async def test_a_check_before_cuda_is_used_runs_in_a_fork_on_the_cpu(viewer) -> None:
    await viewer.run("w = torch.ones(3)")
    record = await viewer.check("w.mul_(2)\nw.requires_grad_(); w.sum().backward()", "assert w.grad is not None, 'g'")
    assert record.passed, (record.failure, record.words)
    assert (await viewer.run("print(w.sum().item())")).text("stdout") == "3.0\n"


async def test_a_check_on_the_gpu_that_takes_too_long_ends(viewer) -> None:
    await viewer.run("w = torch.ones(3, device=device)")
    record = await viewer.check("while True: w.add_(1)", "assert True, 'never'", timeout=3.0)
    assert record.outcome == "timeout" and not record.passed
    assert (await viewer.run("print(w.is_cuda)")).text("stdout") == "True\n"


async def test_a_restart_frees_the_memory(viewer) -> None:
    free, _ = torch.cuda.mem_get_info()
    record = await viewer.run("held = torch.empty(2 << 30, dtype=torch.uint8, device=device).fill_(1)")
    assert record.outcome == "ok", record.failure
    assert torch.cuda.mem_get_info()[0] < free - (2 << 30) + SLACK
    viewer.send(Restart())
    await viewer.until_type(KernelReady)
    wait_until(lambda: torch.cuda.mem_get_info()[0] > free - SLACK, "the memory does not come back")


async def test_an_error_frees_the_memory_of_the_failed_frames(viewer) -> None:
    await viewer.run("torch.ones(1, device=device)")
    free, _ = torch.cuda.mem_get_info()
    record = await viewer.run(
        "def work():\n    large = torch.empty(2 << 30, dtype=torch.uint8, device=device)\n    return large / 'x'\n"
        "work()"
    )
    assert record.outcome == "error"
    wait_until(lambda: torch.cuda.mem_get_info()[0] > free - SLACK, "the memory does not come back")


async def test_out_of_memory_is_explained_with_figures_and_the_session_goes_on(viewer) -> None:
    record = await viewer.run("x = torch.empty(1 << 50, dtype=torch.uint8, device=device)")
    assert record.outcome == "error" and record.failure.kind == "OutOfMemoryError"
    words = explained(record.failure)
    assert words is not None and words.rule == "cuda-memory"
    assert words.what.startswith("1048576.00 GiB more were asked for. The GPU has ")
    assert " of it free." in words.what
    assert (await viewer.run("print(torch.ones(2, device=device).sum().item())")).text("stdout") == "2.0\n"


async def test_a_gpu_too_many_is_one_clear_sentence(sessions_folder: Path) -> None:
    missing = f"cuda:{torch.cuda.device_count()}"
    info = await sessions.start(device=missing)
    viewer = await Viewer.attach(info, since=0)
    try:
        if viewer.transcript.kernel is None:
            await viewer.until_type(KernelReady)
        kernel = viewer.transcript.kernel
        assert kernel.device == "cpu"
        assert kernel.problem.startswith(f"There is no device '{missing}'") and "cuda:0" in kernel.problem
        record = await viewer.run(f"import torch\ntorch.ones(1, device='{missing}')")
        words = explained(record.failure)
        assert words is not None and words.rule == "no-such-gpu" and f"`{missing}`" in words.what
    finally:
        await viewer.session.close()
        await sessions.stop(info)


async def test_the_gauges_show_the_gpu(viewer) -> None:
    run = viewer.start(
        "import time\nheld = torch.empty(1 << 30, dtype=torch.uint8, device=device).fill_(1)\ntime.sleep(600)"
    )
    gauges = await viewer.until(lambda event: isinstance(event, Gauges) and event.gpu_held >= 1 << 30)
    if gauges.gpu_total:  # NVML may be missing from a container
        assert gauges.gpu_memory >= 1 << 30 and gauges.gpu_total >= gauges.gpu_memory
        assert -1 <= gauges.gpu_load <= 100
    viewer.send(Interrupt())
    assert (await viewer.finished(run)).outcome == "interrupted"


async def test_an_interrupt_stops_a_loop_on_the_gpu_and_keeps_its_tensors(viewer) -> None:
    run = viewer.start(
        "a = torch.ones(2000, 2000, device=device)\nprint('on', flush=True)\nwhile True:\n    b = a @ a\n"
    )
    await viewer.until(lambda event: "on" in getattr(event, "text", ""))
    viewer.send(Interrupt())
    assert (await viewer.finished(run)).outcome == "interrupted"
    assert (await viewer.run("print(a.sum().item())")).text("stdout") == "4000000.0\n"
