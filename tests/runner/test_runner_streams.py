"""Bytes become text: split characters, caps, tails; and pipes that are emptied in time."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.runner.loop import Loop
from tutor.runner.pipes import Pipes, make_pipe
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.run_events import Output, OutputSkipped, OutputTail
from tutor.runner.streams import Stream


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Output))


@given(st.text(), st.integers(1, 7))
def test_characters_split_over_reads_come_out_whole(text: str, size: int) -> None:
    stream = Stream("stdout", "r")
    data = text.encode("utf-8", "ignore")
    found = []
    for at in range(0, len(data), size):
        stream.feed(data[at : at + size])
        found += stream.take()
    found += stream.finish()
    assert text_of(found) == data.decode()
    assert all(event.run == "r" and event.stream == "stdout" for event in found)


def test_bytes_that_are_no_text_are_marked_and_carriage_returns_are_kept() -> None:
    stream = Stream("stderr", "r")
    stream.feed(b"10%\r20%\r\xff\xfe\x1b[31m ok\n\xe2\x82")
    assert text_of(stream.take()) == "10%\r20%\r��\x1b[31m ok\n"
    assert text_of(stream.finish()) == "�"


@given(st.text(alphabet="aé€😀\n", max_size=300), st.integers(1, 40), st.integers(8, 40), st.integers(1, 50))
def test_head_and_tail_are_kept_and_the_middle_is_counted(text: str, head: int, tail: int, size: int) -> None:
    data = text.encode()
    stream = Stream("stdout", "r", head=head, tail=tail)
    events: list[Event] = []
    for at in range(0, len(data), size):
        stream.feed(data[at : at + size])
        events += stream.take()
    events += stream.finish()
    skipped = sum(event.count for event in events if isinstance(event, OutputSkipped))
    kept = text_of(events)
    assert len(kept.encode()) + skipped == len(data), "every byte is shown or counted"
    assert "�" not in kept
    if not skipped:
        assert kept == text
    else:
        border = next(at for at, event in enumerate(events) if isinstance(event, OutputSkipped))
        assert text.startswith(text_of(events[:border])) and text.endswith(text_of(events[border:]))
        assert len(text_of(events[border:]).encode()) > tail - 4


def test_what_a_flood_writes_now_can_be_glimpsed() -> None:
    stream = Stream("stdout", "r", head=10, tail=100)
    stream.feed(b"0123456789")
    assert stream.glimpse() is None
    for at in range(50):
        stream.feed(b"line %d\n" % at)
    glimpse = stream.glimpse()
    assert glimpse is not None and glimpse.text.endswith("line 49\n") and glimpse.skipped > 200
    assert not glimpse.journaled
    assert stream.glimpse() is None, "nothing moved since"
    stream.finish()
    stream.feed(b"a thread goes on\n")
    assert text_of(stream.finish()) == "a thread goes on\n"


class Kernel:
    """Two pipes with somebody who writes."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.events: list[Event] = []
        self.stray = b""
        out_read, self.out = make_pipe()
        err_read, self.err = make_pipe()
        self.pipes = Pipes(self.loop, out_read, err_read, self.events.append, self.hear)

    def hear(self, data: bytes) -> None:
        self.stray += data

    def run_for(self, seconds: float) -> None:
        self.loop.later(seconds, self.loop.end)
        self.loop.run()
        self.loop._ended = False


@pytest.fixture
def kernel():
    kernel = Kernel()
    yield kernel
    kernel.pipes.close()
    os.close(kernel.out)
    os.close(kernel.err)


def test_output_belongs_to_the_run_it_was_written_in(kernel: Kernel) -> None:
    os.write(kernel.out, b"before any run\n")
    kernel.pipes.begin("a")
    os.write(kernel.out, b"one\n")
    os.write(kernel.err, b"warning\n")
    kernel.pipes.begin("b")
    os.write(kernel.out, b"two\n")
    kernel.pipes.finish()
    assert kernel.stray == b"before any run\n"
    assert [(event.run, event.stream, event.text) for event in kernel.events if isinstance(event, Output)] == [
        ("a", "stdout", "one\n"),
        ("a", "stderr", "warning\n"),
        ("b", "stdout", "two\n"),
    ]


def test_output_arrives_by_itself(kernel: Kernel) -> None:
    kernel.pipes.begin("a")
    os.write(kernel.out, b"live\n")
    kernel.run_for(0.3)
    assert text_of(kernel.events) == "live\n"


def test_a_flood_is_batched_and_moves_visibly(kernel: Kernel) -> None:
    kernel.pipes.begin("a")

    def write() -> None:
        for _ in range(5):
            os.write(kernel.out, b"x" * 50_000)
        if len(written) < 40:
            written.append(1)
            kernel.loop.later(0.01, write)
        else:
            kernel.loop.end()

    written: list[int] = []
    kernel.loop.later(0.0, write)
    kernel.loop.run()
    kernel.pipes.finish()
    skipped = sum(event.count for event in kernel.events if isinstance(event, OutputSkipped))
    assert len(text_of(kernel.events)) + skipped == 41 * 250_000
    assert any(isinstance(event, OutputTail) for event in kernel.events)
    assert len(kernel.events) < 200


def test_draining_ends_while_somebody_goes_on_writing(kernel: Kernel) -> None:
    import threading

    kernel.pipes.begin("a")
    done = threading.Event()

    def flood() -> None:
        while not done.is_set():
            os.write(kernel.out, b"y" * 4096)

    thread = threading.Thread(target=flood)
    thread.start()
    while not text_of(kernel.events):
        kernel.pipes.drain()
    done.set()
    while thread.is_alive():
        kernel.pipes.drain()
        thread.join(0.01)
