"""Losses on a GPU become points without making the training wait for the device."""

from __future__ import annotations

import pytest
import torch

from tutor.kernel.devicescalars import DeviceScalars


def test_no_step_waits_for_the_device() -> None:
    """`set_sync_debug_mode("error")` raises where a call waits for the device, as `Tensor.item()` does."""
    found: list[tuple[object, ...]] = []
    scalars = DeviceScalars(lambda *entry: found.append(entry))
    losses = [torch.full((), float(step), device="cuda") for step in range(200)]
    torch.cuda.synchronize()
    torch.cuda.set_sync_debug_mode("error")
    try:
        with pytest.raises(RuntimeError, match="synchroniz"):
            losses[0].item()
        for step, loss in enumerate(losses):
            scalars.put("loss", step, step, loss)
            if step % 50 == 49:
                scalars.due = True  # as the flusher's thread does 20 times a second
    finally:
        torch.cuda.set_sync_debug_mode("default")
    scalars.finish()
    assert [entry[3] for entry in found] == [float(step) for step in range(200)]


async def test_every_step_of_a_training_arrives_in_order(viewer) -> None:
    from tutor.runner.protocol.run_events import Points

    record = await viewer.run(
        "import torch\n"
        "model = torch.nn.Linear(8, 1, device=device)\n"
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.01)\n"
        "x = torch.ones(16, 8, device=device)\n"
        "seen = []\n"
        "for step in range(500):\n"
        "    loss = model(x).square().mean()\n"
        "    optimizer.zero_grad(); loss.backward(); optimizer.step()\n"
        "    seen.append(loss.detach())\n"
        "print(device.type, ' '.join(f'{one.item():.6g}' for one in seen))\n"
    )
    assert record.outcome == "ok", record.failure
    kind, *printed = record.text("stdout").split()
    assert kind == "cuda"
    parts = [part for event in viewer.seen if isinstance(event, Points) for part in event.unpack()]
    steps = [step for series, steps, _ in parts if series.name == "loss" for step in steps]
    values = [value for series, _, values in parts if series.name == "loss" for value in values]
    assert steps == sorted(steps) and len(steps) == 500
    assert values == pytest.approx([float(one) for one in printed], rel=1e-4)


async def test_capture_during_a_cuda_graph_breaks_nothing(viewer) -> None:
    record = await viewer.run(
        "import torch\n"
        "w = torch.zeros(4, device=device, requires_grad=True)\n"
        "x = torch.ones(4, device=device)\n"
        "def step():\n"
        "    w.grad = None\n"
        "    loss = ((w - x) ** 2).sum()\n"
        "    loss.backward()\n"
        "    return loss\n"
        "side = torch.cuda.Stream()\n"
        "side.wait_stream(torch.cuda.current_stream())\n"
        "with torch.cuda.stream(side):\n"
        "    for _ in range(3): step()\n"
        "torch.cuda.current_stream().wait_stream(side)\n"
        "graph = torch.cuda.CUDAGraph()\n"
        "with torch.cuda.graph(graph):\n"
        "    loss = step()\n"
        "graph.replay(); torch.cuda.synchronize()\n"
        "print(loss.item())\n"
    )
    assert record.outcome == "ok", record.failure
    assert record.text("stdout") == "4.0\n"
