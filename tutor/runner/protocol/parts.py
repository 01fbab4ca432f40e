"""What messages are made of: cells, tracebacks, series, devices, facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple


@dataclass(frozen=True)
class Cell:
    """A piece of code to run. `line` is the 1-based line of `filename` on which `source` begins."""

    key: str
    source: str
    filename: str
    line: int = 1


@dataclass(frozen=True)
class Frame:
    """One frame of a traceback; `learner` is False for frames of libraries. Columns are 0-based, -1 unknown."""

    filename: str
    line: int
    function: str
    source: str = ""
    learner: bool = True
    column: int = -1
    end_column: int = -1


@dataclass(frozen=True)
class Value:
    """Something that a failing line speaks of, as it was then.

    `name` is how the learner writes it ("x", "self.fc", "model[2]"), "" where it has none; `kind` its type's name.
    `role` is "named" for what stands in the line, "layer" for the layer of `torch.nn` in which it failed, "input" for
    what that layer was given, "near" for the name that was meant by one that is not there. `shape`, `dtype` and
    `device` are those of a tensor, or of a layer's weight; `shape` is None where there is neither. `low` and `high`
    are the extremes of a tensor of integers. `text` is the short `repr` of a number or a string, `size` the length of
    a list, a tuple or a dict, -1 for all else.
    """

    name: str
    kind: str
    role: str = "named"
    shape: Optional[Tuple[int, ...]] = None
    dtype: str = ""
    device: str = ""
    grad: bool = False
    low: Optional[int] = None
    high: Optional[int] = None
    text: str = ""
    size: int = -1


@dataclass(frozen=True)
class Failure:
    """An exception as data. `kind` is its type's name, `text` the whole traceback without frames of ours.

    `values` are what the learner's failing line speaks of.
    """

    kind: str
    message: str
    frames: Tuple[Frame, ...] = ()
    text: str = ""
    values: Tuple[Value, ...] = ()


@dataclass(frozen=True)
class Series:
    """A captured series within a run.

    `role` is "train" (a loss at backward), "validation" (a loss computed with gradients off), "logged", or one of those
    that tell how far a run is: "epoch" (the number of an epoch, at the step where it begins), "epochs" (how many there
    will be, as far as the code tells), "round" (the round of the outermost loop that was seen at a step, looked at now
    and then), "rounds" (how many that loop has). `site` is "file:line" of the call. `count` is the number of points of
    it in the message that holds it.
    """

    name: str
    role: str = "train"
    site: str = ""
    count: int = 0


@dataclass(frozen=True)
class Device:
    """A place where tensors can live: "cpu", "cuda:0", "mps"; memory in bytes, 0 where unknown."""

    name: str
    title: str = ""
    memory: int = 0


@dataclass(frozen=True)
class Fact:
    """Something that was seen of a training loop: `kind` as `tutor.learning.autopsy` has it, on `line` (0 unknown)."""

    kind: str
    line: int = 0
    names: Tuple[str, ...] = ()
    numbers: Tuple[float, ...] = ()
