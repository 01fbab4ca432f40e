"""The zygote: what it is when it forks, what its kernels get, and that nothing stays behind."""

import ast
import os
import signal
from pathlib import Path

from kernel_harness import PACKAGE, PATIENCE, Kernel, Zygote, wait_for

from tutor.runner.protocol.engine import KernelExited, Prepared
from tutor.runner.protocol.requests import Prepare
from tutor.runner.protocol.run_events import Result


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_it_has_one_thread_when_it_can_fork(zygote: Zygote) -> None:
    assert len(os.listdir(f"/proc/{zygote.process.pid}/task")) == 1


def test_it_keeps_one_thread_after_importing_more(kernel: Kernel, zygote: Zygote) -> None:
    done = kernel.run("import torch._dynamo, os\nlen(os.listdir('/proc/self/task'))")
    assert done.outcome == "ok"
    # The kernel's own: main, writer, reader, ticker. The import itself adds none.
    assert kernel.events(done.run, Result)[0].text == "4"


def test_what_trainings_need_is_imported_where_and_when_it_is_asked_for(tmp_path: Path) -> None:
    zygote = Zygote(tmp_path / "s", PYTHONPROFILEIMPORTTIME="1")  # imports are told on stderr
    unasked, asked = zygote.kernel(), zygote.kernel()
    asked.line.send(Prepare())
    wait_for(lambda: "torch._dynamo.config" in asked.err.text)
    zygote.line.send(Prepare())
    zygote.line.wait(lambda one: isinstance(one, Prepared))
    after = zygote.kernel()
    for kernel, there in ((unasked, "False"), (after, "True")):
        done = kernel.run("import sys\n'torch._dynamo' in sys.modules")
        assert kernel.events(done.run, Result)[0].text == there
    assert "torch._dynamo" not in after.err.text
    zygote.end()


def test_it_says_what_it_has(zygote: Zygote) -> None:
    import torch

    assert zygote.ready.torch == torch.__version__
    assert zygote.ready.problem == ""
    assert zygote.ready.pid == zygote.process.pid


def test_a_kernel_leads_its_own_session(kernel: Kernel, zygote: Zygote) -> None:
    assert os.getsid(kernel.pid) == os.getpgid(kernel.pid) == kernel.pid
    assert kernel.ready.pid == kernel.pid
    assert kernel.ready.generation == kernel.generation
    assert kernel.ready.device == "cpu"
    assert [device.name for device in kernel.ready.devices][:1] == ["cpu"]


def test_the_end_of_a_kernel_is_told(zygote: Zygote) -> None:
    kernel = zygote.kernel()
    kernel.start("import os; print('last words'); os._exit(3)")
    exited = zygote.line.wait(lambda one: isinstance(one, KernelExited) and one.pid == kernel.pid)
    assert os.WEXITSTATUS(exited.status) == 3
    assert kernel.printed("last words") == "last words\n"


def test_a_native_crash_leaves_its_stack(zygote: Zygote) -> None:
    kernel = zygote.kernel()
    kernel.start("import ctypes\nctypes.string_at(0)")
    exited = zygote.line.wait(lambda one: isinstance(one, KernelExited) and one.pid == kernel.pid)
    assert os.WTERMSIG(exited.status) == signal.SIGSEGV
    wait_for(lambda: "Segmentation fault" in kernel.err.text and "cell-1-0.md" in kernel.err.text)


def test_nothing_outlives_the_host(tmp_path: Path) -> None:
    zygote = Zygote(tmp_path / "s")
    kernel = zygote.kernel()
    kernel.start("import os, subprocess\nchild = subprocess.Popen(['sleep', '600'])\nprint(child.pid)\nchild.wait()")
    wait_for(lambda: kernel.out.text.endswith("\n"))
    child = int(kernel.out.text)
    zygote.line.close()
    assert zygote.process.wait(PATIENCE) == 0
    wait_for(lambda: gone(kernel.pid) and gone(child))


def test_nothing_outlives_a_host_that_had_not_read_everything(tmp_path: Path) -> None:
    """Such a connection does not end: it is reset."""
    zygote = Zygote(tmp_path / "s")
    first, second, third = zygote.kernel(), zygote.kernel(), zygote.kernel()
    third.start("import subprocess\nprint(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)")
    wait_for(lambda: third.out.text.endswith("\n"))
    with zygote.line.unheard():
        os.kill(first.pid, signal.SIGKILL)
        wait_for(lambda: zygote.line.unread > 0 or isinstance(zygote.line.messages[-1], KernelExited))
        os.kill(second.pid, signal.SIGKILL)
        wait_for(lambda: zygote.line.unread > 0)
        zygote.line.reset()
    assert zygote.process.wait(PATIENCE) == 0
    wait_for(lambda: gone(third.pid) and gone(int(third.out.text)))


def test_a_kernel_dies_with_a_killed_zygote(tmp_path: Path) -> None:
    zygote = Zygote(tmp_path / "s")
    kernel = zygote.kernel()
    zygote.process.kill()
    zygote.process.wait(PATIENCE)
    wait_for(lambda: gone(kernel.pid))


def test_its_own_folder_hides_no_module(kernel: Kernel) -> None:
    done = kernel.run("import sys\nassert not any(one.endswith('tutor/kernel') for one in sys.path), sys.path")
    assert done.outcome == "ok", done.failure


def test_without_torch_plain_python_runs(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    folder = tmp_path / "s"
    zygote = Zygote(folder, PYTHONPATH=f"{tmp_path / 'none'}:{folder / 'lib'}")
    assert zygote.ready.torch == ""
    assert "has no torch" in zygote.ready.problem and "pip install torch" in zygote.ready.problem
    kernel = zygote.kernel()
    assert kernel.ready.problem == zygote.ready.problem
    assert kernel.run("print(sum(range(4)))").outcome == "ok"
    assert kernel.printed("6") == "6\n"
    assert kernel.check("a = 1", "assert a == 1").outcome == "ok"
    zygote.end()


def test_a_broken_torch_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "torch.py").write_text("raise OSError('libcudart.so: cannot open\\nshared object file')")
    folder = tmp_path / "s"
    zygote = Zygote(folder, PYTHONPATH=f"{tmp_path / 'broken'}:{folder / 'lib'}")
    assert "OSError: libcudart.so: cannot open)" in zygote.ready.problem
    zygote.end()


def test_an_impossible_device_falls_back(tmp_path: Path) -> None:
    zygote = Zygote(tmp_path / "s", device="cuda:17")
    kernel = zygote.kernel()
    assert kernel.ready.device == "cpu"
    assert "'cuda:17'" in kernel.ready.problem and "CPU is used instead" in kernel.ready.problem
    assert kernel.run("assert device.type == 'cpu'").outcome == "ok"
    zygote.end()


def test_what_travels_is_python_3_9() -> None:
    files = [file for room in ("kernel", "kit", "runner/protocol") for file in (PACKAGE / room).rglob("*.py")]
    assert len(files) > 50
    for file in files:
        ast.parse(file.read_text(encoding="utf-8"), str(file), feature_version=(3, 9))
