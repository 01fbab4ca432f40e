"""Random arguments for a learner's function: sizes 1, odd, square, not square, empty, and odd memory layouts."""

from __future__ import annotations

import random
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

import torch

Size = Union[int, str]
"""A fixed size, or the name of one that varies from case to case; one name is one size within a case."""

_FIRST = ((1, 1, 1, 1), (3, 5, 7, 2), (5, 3, 2, 7), (4, 4, 4, 4), (1, 6, 3, 5), (6, 1, 5, 3))
"""Sizes of the first cases, by the position of the name: all 1, not square, square, one of them 1."""


class Input:
    """How one argument is made. `dims` are its sizes."""

    def __init__(self, dims: Sequence[Size] = ()) -> None:
        self.dims = tuple(dims)

    def names(self) -> List[str]:
        """The names of its varying sizes."""
        return [one for one in self.dims if isinstance(one, str)]

    def make(self, sizes: Mapping[str, int], generator: Any) -> Any:
        """One argument for these sizes."""
        raise NotImplementedError

    def _shape(self, sizes: Mapping[str, int]) -> Tuple[int, ...]:
        return tuple(sizes[one] if isinstance(one, str) else one for one in self.dims)


class floats(Input):  # noqa: N801  read as a word in lessons
    """A float32 tensor: `floats("N", "C")`, `floats("N", 3, low=0, high=1)`; normal unless `low` and `high` are given.

    `dtype` is another floating dtype.
    """

    def __init__(
        self, *dims: Size, low: Optional[float] = None, high: Optional[float] = None, dtype: Any = None
    ) -> None:
        super().__init__(dims)
        self._range = None if low is None or high is None else (low, high)
        self._dtype = dtype or torch.float32

    def make(self, sizes: Mapping[str, int], generator: Any) -> Any:
        """Normal with mean 0 and sd 1, or uniform between `low` and `high`."""
        shape = self._shape(sizes)
        if self._range is None:
            return torch.randn(shape, generator=generator, dtype=self._dtype)
        low, high = self._range
        return torch.rand(shape, generator=generator, dtype=self._dtype) * (high - low) + low


class indices(Input):  # noqa: N801  read as a word in lessons
    """An int64 tensor of numbers from `start` up to, not including, `below`: `indices("N", below="C")`."""

    def __init__(self, *dims: Size, below: Size, start: int = 0) -> None:
        super().__init__(dims)
        self._below = below
        self._start = start

    def names(self) -> List[str]:
        """The names of its sizes, and that of its limit."""
        return super().names() + ([self._below] if isinstance(self._below, str) else [])

    def make(self, sizes: Mapping[str, int], generator: Any) -> Any:
        """Uniform among the allowed numbers."""
        below = sizes[self._below] if isinstance(self._below, str) else self._below
        return torch.randint(self._start, max(below, self._start + 1), self._shape(sizes), generator=generator)


class bools(Input):  # noqa: N801  read as a word in lessons
    """A tensor of truth values, a `share` of them true: `bools("N", "C", share=0.3)`."""

    def __init__(self, *dims: Size, share: float = 0.5) -> None:
        super().__init__(dims)
        self._share = share

    def make(self, sizes: Mapping[str, int], generator: Any) -> Any:
        """Each true with the probability `share`."""
        return torch.rand(self._shape(sizes), generator=generator) < self._share


class one_of(Input):  # noqa: N801  read as a word in lessons
    """Any of these values as it is: `one_of(1, 2, 5)`, `one_of("mean", "sum")`."""

    def __init__(self, *values: Any) -> None:
        super().__init__()
        self._values = values

    def make(self, sizes: Mapping[str, int], generator: Any) -> Any:
        """The values in turn at random."""
        return self._values[int(torch.randint(len(self._values), (), generator=generator))]


class Case(NamedTuple):
    """Arguments for one call, and what is special about them ("" or "empty" or "not contiguous")."""

    arguments: Tuple[Any, ...]
    special: str = ""

    @property
    def size(self) -> int:
        """Number of elements of all tensors."""
        return sum(one.numel() for one in self.arguments if torch.is_tensor(one))


def make_cases(
    inputs: Sequence[Input], count: int, seed: int, least: Mapping[str, int], empty: Optional[str] = None
) -> List[Case]:
    """`count` cases, always the same for the same arguments.

    `least` gives sizes a lower bound (1 for those not in it). Every third case has tensors that are not contiguous.
    The last one has size 0 for the name `empty`.
    """
    names = list(dict.fromkeys(name for one in inputs for name in one.names()))
    generator = torch.Generator().manual_seed(seed)
    rng = random.Random(seed)
    cases = []
    for number in range(count):
        sizes = _sizes(names, number, rng, least)
        special = "not contiguous" if number % 3 == 2 else ""
        if empty is not None and number == count - 1:
            sizes[empty], special = 0, "empty"
        made = tuple(one.make(sizes, generator) for one in inputs)
        cases.append(Case(tuple(map(scattered, made)) if special == "not contiguous" else made, special))
    return cases


def make_case(inputs: Sequence[Input], size: int, seed: int) -> Case:
    """One case in which every varying size is `size`."""
    sizes = {name: size for one in inputs for name in one.names()}
    generator = torch.Generator().manual_seed(seed)
    return Case(tuple(one.make(sizes, generator) for one in inputs))


def scattered(value: Any) -> Any:
    """The same numbers in a memory layout that is not contiguous (where a tensor has at least two elements)."""
    if not torch.is_tensor(value) or value.ndim == 0:
        return value
    if value.ndim == 1:
        return torch.stack([value, value], dim=1)[:, 0]
    return value.transpose(0, -1).contiguous().transpose(0, -1)


def _sizes(names: Sequence[str], number: int, rng: random.Random, least: Mapping[str, int]) -> Dict[str, int]:
    first = _FIRST[number] if number < len(_FIRST) else ()
    chosen = [first[at] if at < len(first) else rng.randint(1, 9) for at in range(len(names))]
    return {name: max(size, least.get(name, 1)) for name, size in zip(names, chosen)}
