"""Folding events into a transcript, one by one."""

from __future__ import annotations

from tutor.runner.protocol.message import Event
from tutor.runner.protocol.run_events import (
    CellFinished,
    CheckVerdict,
    InputAnswered,
    InputRequested,
    Notice,
    Observed,
    Output,
    OutputSkipped,
    OutputTail,
    Points,
    Result,
    RunFinished,
    RunQueued,
    RunStarted,
)
from tutor.runner.protocol.session_events import KernelDied, KernelReady, KernelStarting, SessionEnded, SessionStarted
from tutor.runner.transcript import MORE_OUTPUT, Chunk, RunRecord, Transcript, source_hash


def fold(transcript: Transcript, event: Event) -> RunRecord | None:
    """Take one event in; return the record that it changed, if it belongs to a run that is known."""
    transcript.last_seq = max(transcript.last_seq, event.seq)
    if isinstance(event, SessionStarted):
        transcript.session, transcript.script, transcript.python = event.session, event.script, event.python
    elif isinstance(event, KernelStarting):
        transcript.generation, transcript.kernel = event.generation, None
        transcript.executed.clear()
    elif isinstance(event, KernelReady):
        transcript.generation, transcript.kernel, transcript.kernel_death = event.generation, event, None
    elif isinstance(event, KernelDied):
        transcript.kernel, transcript.kernel_death, transcript.waiting_for_input = None, event, None
        transcript.executed.clear()
    elif isinstance(event, SessionEnded):
        transcript.ended = event
    elif isinstance(event, RunQueued):
        record = RunRecord(
            event.run,
            event.kind,
            event.tag,
            event.label,
            tuple((cell.key, source_hash(cell.source)) for cell in event.cells),
            source=_own_source(event),
            program="\n\n".join(cell.source.strip("\n") for cell in event.cells[event.quiet_cells :]),
            quiet_left=event.quiet_cells,
        )
        transcript.runs[event.run] = record
        if event.isolated:
            transcript.staying[event.run] = event.kept_cells
        return record
    return _fold_into_run(transcript, event)


def _fold_into_run(transcript: Transcript, event: Event) -> RunRecord | None:
    record = transcript.runs.get(getattr(event, "run", ""))
    if record is None:
        return None
    if isinstance(event, RunStarted):
        record.started, record.generation = event.time, event.generation
    elif isinstance(event, CellFinished):
        record.quiet_left = max(0, record.quiet_left - 1)
        if event.ok and record.kind == "run" and transcript.staying.get(event.run, 1) > 0:
            transcript.executed.update((key, digest) for key, digest in record.cells if key == event.key)
        if event.run in transcript.staying:
            transcript.staying[event.run] -= 1
    elif isinstance(event, Output):
        record.chunks.append(Chunk("above" if record.quiet_left else event.stream, event.text))
    elif isinstance(event, OutputTail):
        record.tail = event.text if record.running else ""
    elif isinstance(event, OutputSkipped):
        record.chunks.append(Chunk("skipped", f"… {event.count:,} bytes of {event.stream} not kept{MORE_OUTPUT} …\n"))
    elif isinstance(event, Result):
        record.chunks.append(Chunk("result", event.text + "\n"))
    elif isinstance(event, Notice):
        record.chunks.append(Chunk("notice", event.text + "\n"))
    elif isinstance(event, InputRequested):
        transcript.waiting_for_input = event
    elif isinstance(event, InputAnswered):
        transcript.waiting_for_input = None
        record.chunks.append(Chunk("input", event.text + "\n"))
    elif isinstance(event, Points):
        record.has_points = True
    elif isinstance(event, Observed):
        record.facts = event.facts
    elif isinstance(event, CheckVerdict):
        record.verdicts.append(event)
    elif isinstance(event, RunFinished):
        record.tail = ""
        record.outcome, record.seconds, record.failure = event.outcome, event.seconds, event.failure
        record.words, record.stage = event.words, event.stage
        record.exit_code, record.signal = event.exit_code, event.signal
        record.ready_seconds = event.ready_seconds
        if transcript.waiting_for_input and transcript.waiting_for_input.run == event.run:
            transcript.waiting_for_input = None
    return record


def _own_source(event: RunQueued) -> str:
    """The cell that has the run's tag for its key; a selection has none, and comes last."""
    own = next((cell.source for cell in event.cells if cell.key == event.tag), None)
    return own if own is not None else event.cells[-1].source if event.cells else ""
