"""Other processes than the kernel: data loaders with workers, spawned and forked, with classes of a cell."""

import pytest
from kernel_harness import Kernel, wait_for

from tutor.kernel.processes import below
from tutor.runner.protocol.run_events import Result

DATA = """
import torch
from torch.utils.data import DataLoader, Dataset

SIZE = 8

class Numbers(Dataset):
    def __len__(self):
        return SIZE
    def __getitem__(self, index):
        return torch.tensor(index, device=device)
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_data_loader_workers(kernel: Kernel, method: str) -> None:
    kernel.run(DATA)
    kernel.run("print('a training loop that no worker must repeat')")
    done = kernel.run(
        f"loader = DataLoader(Numbers(), num_workers=2, multiprocessing_context={method!r})\n"
        "sorted(int(x) for batch in loader for x in batch)"
    )
    assert done.outcome == "ok", done.failure.text if done.failure else done
    assert kernel.events(done.run, Result)[0].text == "[0, 1, 2, 3, 4, 5, 6, 7]"
    assert kernel.out.text.count("no worker must repeat") == 1


def test_a_forked_child_is_silent_and_alive(kernel: Kernel) -> None:
    code = "import os\npid = os.fork()\nif pid == 0:\n    print('child')\n    os._exit(7)\nos.waitpid(pid, 0)[1] >> 8"
    done = kernel.run(code)
    assert kernel.events(done.run, Result)[0].text == "7"
    assert kernel.printed("child") == "child\n"


def test_mp_spawn_without_a_guard(kernel: Kernel) -> None:
    kernel.run("import torch.multiprocessing as mp\ndef work(rank, n):\n    print('rank', rank, 'of', n)")
    done = kernel.run("mp.spawn(work, (2,), nprocs=2)")
    assert done.outcome == "ok", done.failure
    both = sorted("rank 0 of 2\nrank 1 of 2\n")  # those that print in the same moment may mix their lines
    wait_for(lambda: sorted(kernel.out.text) == both)


def test_interrupting_loaders_as_they_start_workers(kernel: Kernel) -> None:
    """Wherever the signal falls: around a fork Python ignores exceptions, and a worker may have barely begun."""
    kernel.run(DATA)
    for number in range(8):
        run = kernel.start(
            f"import itertools\nprint('go {number}')\nfor _ in itertools.count():\n"
            "    for batch in DataLoader(Numbers(), num_workers=2, multiprocessing_context='fork'): pass"
        )
        kernel.printed(f"go {number}")
        kernel.interrupt()
        assert kernel.finished(run).outcome == "interrupted"
    assert kernel.run("1 + 1").outcome == "ok"


def test_an_interrupt_ends_workers(kernel: Kernel) -> None:
    kernel.run("import torch.multiprocessing as mp\ndef work():\n    print('working')\n    while True: pass")
    run = kernel.start("child = mp.get_context('fork').Process(target=work)\nchild.start()\nchild.join()")
    kernel.printed("working")
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"
    assert kernel.run("child.join()").outcome == "ok"


ENDLESS = """
import itertools, multiprocessing, signal, time
def work():
    if deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("working")
    while True: time.sleep(600)
"""


@pytest.mark.parametrize("deaf", [False, True], ids=["one that ends", "one that ignores SIGTERM"])
def test_an_interrupted_worker_leaves_nothing_in_the_table_of_processes(kernel: Kernel, deaf: bool) -> None:
    """Nobody's `join` comes: one that has ended would stay as a zombie for as long as the kernel lives."""
    kernel.run(f"deaf = {deaf}\n{ENDLESS}")
    before = below(kernel.pid)
    run = kernel.start("multiprocessing.get_context('fork').Process(target=work).start()\nwhile True: pass")
    kernel.printed("working")
    assert len(below(kernel.pid)) == len(before) + 1
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"
    wait_for(lambda: below(kernel.pid) == before)


def test_an_interrupt_in_the_start_of_a_process_knows_of_it(kernel: Kernel) -> None:
    kernel.run(f"deaf = False\n{ENDLESS}")
    kernel.run(
        "import signal\nheard = []\nours = signal.getsignal(signal.SIGINT)\n"
        "def listen(*args):\n    heard.append(1)\n    ours(*args)\n"
        "class Slow(multiprocessing.get_context('fork').Process):\n"
        "    def _Popen(self, child):\n        begun = super()._Popen(child)\n        print('forked')\n"
        "        while not heard: pass\n        return begun"
    )
    before = below(kernel.pid)
    run = kernel.start("signal.signal(signal.SIGINT, listen)\nSlow(target=work).start()\nwhile True: pass")
    kernel.printed("forked")
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"
    wait_for(lambda: below(kernel.pid) == before)


def test_a_destructor_of_what_was_half_made_says_nothing(kernel: Kernel) -> None:
    """That of a data loader asks for workers which it was not to get."""
    run = kernel.start(
        "class Loader:\n    def __init__(self):\n        print('making')\n        while True: pass\n"
        "        self.workers = []\n    def __del__(self):\n        self.workers.clear()\nLoader()"
    )
    kernel.printed("making")
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"
    kernel.run("import sys\nprint('the next', file=sys.stderr)")
    wait_for(lambda: "the next" in kernel.err.text)
    assert "AttributeError" not in kernel.err.text


def test_a_loader_that_keeps_its_workers_starts_others_after_an_interrupt(kernel: Kernel) -> None:
    kernel.run(DATA)
    before = below(kernel.pid)
    kernel.run("loader = DataLoader(Numbers(), num_workers=2, multiprocessing_context='fork', persistent_workers=True)")
    run = kernel.start("while True:\n    for batch in loader: pass\n    print('an epoch')")
    kernel.printed("an epoch")
    assert len(below(kernel.pid)) == len(before) + 2
    kernel.interrupt()
    assert kernel.finished(run).outcome == "interrupted"
    wait_for(lambda: below(kernel.pid) == before)
    done = kernel.run("sorted(int(x) for batch in loader for x in batch)")
    assert done.outcome == "ok", done.failure.text if done.failure else done
    assert kernel.events(done.run, Result)[0].text == "[0, 1, 2, 3, 4, 5, 6, 7]"


def test_the_last_definition_wins(kernel: Kernel) -> None:
    kernel.run("import os\nLIMIT = 1\ndef f():\n    return LIMIT\nx = f()\nunused = os.getpid()")
    kernel.run("LIMIT = 2")
    text = (kernel.zygote.folder / "session_main.py").read_text()
    assert "LIMIT = 2" in text and "LIMIT = 1" not in text
    assert "def f():" in text and "import os" in text
    assert "unused" not in text and "x = f()" not in text
