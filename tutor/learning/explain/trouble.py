"""An exception as a value: what was raised, and what the failing line spoke of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Thing:
    """A tensor, a layer or a plain value of the failing line; fields as in `tutor.runner.protocol.parts.Value`."""

    name: str
    kind: str
    role: str = "named"
    shape: Shape | None = None
    dtype: str = ""
    device: str = ""
    grad: bool = False
    low: int | None = None
    high: int | None = None
    text: str = ""
    size: int = -1

    @property
    def is_tensor(self) -> bool:
        """Whether it is a tensor; a layer has the shape of its weight, and is none."""
        return self.kind in ("Tensor", "Parameter", "Buffer") and self.shape is not None

    def __str__(self) -> str:
        return f"`{self.name}`" if self.name else f"the {self.kind}"


@dataclass(frozen=True)
class Trouble:
    """What was raised (`kind` is the type's name), where, and the things of that line.

    `source` is the learner's failing line, "" where there is none.
    """

    kind: str
    message: str
    things: tuple[Thing, ...] = ()
    source: str = ""

    @property
    def layer(self) -> Thing | None:
        """The layer of `torch.nn` in which it failed."""
        return next((one for one in self.things if one.role == "layer"), None)

    @property
    def given(self) -> Thing | None:
        """What that layer was given."""
        return next((one for one in self.things if one.role == "input"), None)

    @property
    def near(self) -> str:
        """The name that was meant by one that is not there, "" where none is near."""
        return next((one.name for one in self.things if one.role == "near"), "")

    @property
    def named(self) -> tuple[Thing, ...]:
        """What stands in the line itself."""
        return tuple(one for one in self.things if one.role == "named")

    @property
    def tensors(self) -> tuple[Thing, ...]:
        """The tensors that stand in the line."""
        return tuple(one for one in self.named if one.is_tensor)

    def shaped(self, shape: Shape) -> Thing | None:
        """A tensor of the line with this shape, the layer's input included."""
        return next((one for one in self._every_tensor() if one.shape == shape), None)

    def counting(self, elements: int) -> Thing | None:
        """A tensor of the line with so many elements."""
        return next((one for one in self._every_tensor() if prod(one.shape or ()) == elements), None)

    def typed(self, *dtypes: str) -> Thing | None:
        """A tensor of the line with one of these dtypes."""
        return next((one for one in self._every_tensor() if one.dtype in dtypes), None)

    def _every_tensor(self) -> Iterator[Thing]:
        yield from self.tensors
        if self.given is not None and self.given.is_tensor:
            yield self.given


def shape_text(shape: Shape) -> str:
    """A shape as PyTorch's users write it: "(32, 10)", "(5,)", "()"."""
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"


def numbers(text: str) -> Shape:
    """The sizes in a text such as "[32, 10]", "32x10" or "32, 10"."""
    digits = "".join(letter if letter.isdigit() else " " for letter in text)
    return tuple(map(int, digits.split()))


def said(thing: Thing | None, shape: Shape, otherwise: str) -> str:
    """A tensor with its shape, "`x` is (32, 10)"; `otherwise` names one without a name."""
    name = f"`{thing.name}`" if thing is not None and thing.name else otherwise
    return f"{name} is {shape_text(thing.shape if thing is not None and thing.shape is not None else shape)}"
