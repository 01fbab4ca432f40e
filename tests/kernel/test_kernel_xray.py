"""The X-ray of a real kernel: it answers who looks, and is asleep otherwise."""

from __future__ import annotations

import os
import signal
from typing import Any

from kernel_harness import Kernel
from xray_programs import look, newest, seen

from tutor.runner.protocol.requests import Watch
from tutor.runner.protocol.session_events import MAX_REPORT, XRay


def names(report: dict[str, Any]) -> list[str]:
    return [row["name"] for row in report["rows"]]


def test_nothing_is_told_unasked(kernel: Kernel) -> None:
    kernel.run("import torch\nx = torch.ones(3)")
    assert not [one for one in kernel.line.messages if isinstance(one, XRay)]


def test_variables_are_told_on_request_and_after_each_run(kernel: Kernel) -> None:
    kernel.run("import torch\nx = torch.ones(4, 3)\ny, word = 7, 'abc'\nnet = torch.nn.Linear(3, 2)")
    report = look(kernel, "variables")
    assert names(report) == ["x", "y", "word", "net"]
    assert report["rows"][0]["shape"] == [4, 3] and report["rows"][3]["parameters"] == 8
    run = kernel.start("y += 1\nx.add_(1)\nz = [x, x]")
    kernel.finished(run)
    assert seen(kernel, "variables")[-1].run == run, "the report stands before the end of the run"
    rows = {row["name"]: row for row in newest(kernel, "variables")["rows"]}
    assert list(rows)[:3] == ["y", "x", "z"], "those that the run used come first"
    assert {name: row.get("mark", "") for name, row in rows.items()} == {
        **{"y": "changed", "x": "changed", "z": "new"},
        **{"word": "", "net": ""},
    }


def test_nobody_looks_any_more(kernel: Kernel) -> None:
    look(kernel, "variables")
    kernel.line.send(Watch(()))
    kernel.run("a = 1")
    kernel.run("b = 2")
    assert all("b" not in one.text for one in seen(kernel, "variables"))


def test_hostile_and_many_variables(kernel: Kernel) -> None:
    code = """
import torch
class Bad:
    def __repr__(self): raise SystemExit
    def __getattr__(self, name): raise RuntimeError(name)
    def __len__(self): raise KeyboardInterrupt
class Module(torch.nn.Module):
    def parameters(self, recurse=True): raise ValueError
bad, module, big, lone = Bad(), Module(), 10 ** 9999, chr(0xd800)
globals()["x" * 500] = 1
for number in range(3000):
    globals()[f"name_{number}_{'y' * 50}"] = "z" * 1000
"""
    kernel.run(code)
    report = look(kernel, "variables")
    assert names(report)[:2] == ["Bad", "bad"] or "bad" in names(report)
    assert len(seen(kernel, "variables")[-1].text) <= MAX_REPORT
    assert kernel.run("1").outcome == "ok"


def test_an_isolated_run_shows_its_own_variables(kernel: Kernel) -> None:
    look(kernel, "variables")
    kernel.run("inside = 5", isolated=True)
    assert names(newest(kernel, "variables")) == ["inside"]
    assert names(look(kernel, "variables")) == []


def test_without_the_kernel_s_own_hooks_interrupts_still_work(kernel: Kernel) -> None:
    look(kernel, "variables")
    run = kernel.start("print('on')\nwhile True: pass")
    kernel.printed("on")
    os.killpg(kernel.pid, signal.SIGINT)
    assert kernel.finished(run).outcome == "interrupted"
    assert newest(kernel, "variables")["rows"] == []
