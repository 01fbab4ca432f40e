"""Shapes that do not fit: products, joins, views and broadcasting."""

from __future__ import annotations

import re
from math import prod

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Thing, Trouble, numbers, said, shape_text

RULES = Rules()


@RULES.on(
    r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)"
    r"|size mismatch, got input \(\d+\), mat \((\d+)x(\d+)\), vec \((\d+)\)"
    r"|Expected size for first two dimensions of batch2 tensor to be: \[(\d+), (\d+)\] but got: \[(\d+), (\d+)\]"
    r"|inconsistent tensor size, expected tensor \[(\d+)\] and src \[(\d+)\]",
    "RuntimeError",
    teaches="tensor.matmul",
)
def _matmul(trouble: Trouble, found: re.Match[str]) -> Words | None:
    sizes = tuple(int(one) for one in found.groups() if one)
    both = [one for one in trouble.tensors if one.shape]
    left, right = (both[0], both[1]) if len(both) == 2 else (None, None)
    first = left.shape if left is not None and left.shape else sizes[:-1] if len(sizes) < 4 else sizes[:2]
    second = right.shape if right is not None and right.shape else sizes[-1:] if len(sizes) < 4 else sizes[2:]
    if not first or not second:
        return None
    inner, rows = first[-1], second[-2] if len(second) > 1 else second[0]
    what = f"A product needs equal inner sizes: {said(left, first, 'the left side')} and "
    what += f"{said(right, second, 'the right side')}."
    if inner == rows:  # then it is the batches that differ
        return what, "All dimensions before the last two must be equal too: they count the products."
    what += f" The last size on the left, {inner}, is not {rows}."
    if right is not None and len(second) == 2 and second[1] == inner:
        return what, f"`{right.name}` fits when it is turned: `{right.name}.T` is {shape_text(second[::-1])}."
    if left is not None and len(first) == 2 and first[0] == rows:
        return what, f"`{left.name}` fits when it is turned: `{left.name}.T` is {shape_text(first[::-1])}."
    return what, "Print both shapes and make the two inner sizes equal: (n, k) @ (k, m) is (n, m)."


@RULES.on(
    r"Sizes of tensors must match except in dimension (\d+)\. Expected size (\d+) but got size (\d+)",
    teaches="tensor.join",
)
def _cat(trouble: Trouble, found: re.Match[str]) -> Words:
    dim, wanted, got = map(int, found.groups())
    what = f"`torch.cat` joins along dimension {dim}; in every other one the sizes must be equal, and {got} is not "
    what += f"{wanted}{_list_of(trouble)}."
    return what, "Join along the dimension that differs (`dim=…`), or bring the others to one size first."


@RULES.on(r"Tensors must have same number of dimensions: got (\d+) and (\d+)", teaches="tensor.join")
def _cat_dims(trouble: Trouble, found: re.Match[str]) -> Words:
    what = f"`torch.cat` joins tensors with the same number of dimensions; one has {found[1]}, another {found[2]}"
    return (
        f"{what}{_list_of(trouble)}.",
        "Give the smaller one a dimension with `unsqueeze`; `torch.stack` makes a new one.",
    )


@RULES.on(
    r"stack expects each tensor to be equal size, but got \[([\d, ]*)\] at entry (\d+) "
    r"and \[([\d, ]*)\] at entry (\d+)",
    teaches="data.loader tensor.join",
)
def _stack(trouble: Trouble, found: re.Match[str]) -> Words:
    one, other = shape_text(numbers(found[1])), shape_text(numbers(found[3]))
    if "stack" not in trouble.source:
        what = "The loader stacks samples into a batch, and they differ: "
        what += f"sample {found[2]} is {one}, sample {found[4]} is {other}."
        return what, "Cut or pad the samples to one size in the dataset, or give the loader a `collate_fn`."
    what = f"`torch.stack` needs tensors of one shape: entry {found[2]} is {one}, entry {found[4]} is {other}."
    return what, "Make them equal first, or join them along an existing dimension with `torch.cat`."


@RULES.on(r"shape '\[([-\d, ]*)\]' is invalid for input of size (\d+)", teaches="tensor.view")
def _view_size(trouble: Trouble, found: re.Match[str]) -> Words:
    count = int(found[2])
    wanted = [int(one) for one in found[1].split(",") if one.strip()]
    known = prod(one for one in wanted if one != -1)
    thing = trouble.counting(count)
    what = f"{thing} is {shape_text(thing.shape)}, which is {count} numbers" if thing and thing.shape else ""
    what = what or f"The tensor holds {count} numbers"
    if -1 in wanted:
        left = count % known if known else 0
        what += f"; they cannot be dealt out in groups of {known}: {count} / {known} leaves {left}."
        return what, f"Choose sizes whose product divides {count}."
    return f"{what}; ({', '.join(map(str, wanted))}) needs {known}.", (
        f"A view changes no number of elements: the sizes must multiply to {count}. One of them may be -1."
    )


@RULES.on(r"view size is not compatible with input tensor's size and stride", teaches="tensor.stride tensor.view")
def _view_stride(trouble: Trouble, found: re.Match[str]) -> Words:
    name = trouble.tensors[0].name if trouble.tensors else "x"
    what = "`view` cannot do this without a copy: after `permute`, `T` or a slice the numbers do not lie in that order."
    return what, f"`reshape` copies where it must: write `.reshape(…)` instead of `.view(…)` on `{name}`."


@RULES.on(
    r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
    teaches="broadcast.rules",
)
def _broadcast(trouble: Trouble, found: re.Match[str]) -> Words:
    one, other, dim = map(int, found.groups())
    pair = _pair(trouble, one, other, dim)
    if pair is None:
        what = f"Two shapes do not fit: in dimension {dim} one has {one}, the other {other}."
        return what, "Shapes are compared from the right; two sizes fit when they are equal or one of them is 1."
    left, right = pair
    what = f"{said(left, (), '')} and {said(right, (), '')}: compared from the right, {one} meets {other}, "
    what += "and neither is 1."
    for small, large in ((right, left), (left, right)):
        if (
            small.shape
            and large.shape
            and len(small.shape) == 1
            and len(large.shape) == 2
            and small.shape[0] == large.shape[0]
        ):
            fits = f"`{small.name}.unsqueeze(1)` is {shape_text((*small.shape, 1))}"
            return what, f"Should each row get its own number? {fits}, which fits."
    return what, "Make the sizes equal, or put a 1 where one side is to be repeated (`unsqueeze`, `keepdim=True`)."


@RULES.on(
    r"The expanded size of the tensor \((\d+)\) must match the existing size \((\d+)\) "
    r"at non-singleton dimension (\d+)\.\s+Target sizes: \[([\d, ]*)\]\.\s+Tensor sizes: \[([\d, ]*)\]",
    teaches="broadcast.rules",
)
def _expand(trouble: Trouble, found: re.Match[str]) -> Words:
    target, source = shape_text(numbers(found[4])), shape_text(numbers(found[5]))
    what = f"A tensor of shape {source} was to fill a place of shape {target}: {found[2]} cannot become {found[1]}."
    return what, "Only a size of 1 can be repeated. Give the value the shape of its place."


@RULES.on(r"einsum\(\): (.*)", teaches="tensor.matmul")
def _einsum(trouble: Trouble, found: re.Match[str]) -> Words:
    shapes = ", ".join(said(one, (), "") for one in trouble.tensors)
    size = re.search(r"subscript (\w) has size (\d+) for operand (\d+) .* previously seen size (\d+)", found[1])
    what = f"{shapes}. " if shapes else ""
    if size:
        what += f"The letter `{size[1]}` stands for {size[4]} in one tensor and for {size[2]} in operand {size[3]}."
        return what, "One letter, one size: check the order of the letters against the shapes."
    what += "The letters of the equation do not fit the tensors."
    return what, "Each tensor needs as many letters as it has dimensions, with a comma between tensors."


@RULES.on(r"permute\(.*input\.dim\(\) = (\d+) is not equal to len\(dims\) = (\d+)", teaches="tensor.permute")
def _permute(trouble: Trouble, found: re.Match[str]) -> Words:
    thing = trouble.tensors[0] if trouble.tensors else None
    what = f"{said(thing, (), 'the tensor')}, " if thing else ""
    what += f"{found[1]} dimensions, and `permute` was given an order of {found[2]}."
    return what, "`permute` takes every dimension exactly once."


@RULES.on(
    r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)",
    teaches="tensor.shape",
)
def _dimension(trouble: Trouble, found: re.Match[str]) -> Words:
    low, high, got = map(int, found.groups())
    what = f"There is no dimension {got}"
    thing = next((one for one in trouble.tensors if one.shape is not None and len(one.shape) == high + 1), None)
    if thing is not None:
        what += f": {said(thing, (), '')}"
    if low == high == 0 or (low, high) == (-1, 0):
        return f"{what}.", "With one dimension, only 0 (or -1) can be meant: print the shape before this line."
    return f"{what}.", f"Here dimensions count from 0 to {high}, or from {low} to -1 from the right."


@RULES.on(
    r"(?:self|mat1|mat2|batch1|batch2) must be a (matrix|3D tensor)|1D tensors expected, but got (\d+)D",
    teaches="tensor.matmul",
)
def _product_dims(trouble: Trouble, found: re.Match[str]) -> Words:
    shapes = " and ".join(said(one, (), "") for one in trouble.tensors)
    form = {"matrix": "two matrices", "3D tensor": "two batches of matrices"}.get(found[1] or "", "two vectors")
    return f"This product takes {form}{f', and {shapes}' if shapes else ''}.", (
        "`@` (`torch.matmul`) takes vectors, matrices and batches of them."
    )


def _pair(trouble: Trouble, one: int, other: int, dim: int) -> tuple[Thing, Thing] | None:
    """The two tensors that were broadcast; None where the line does not tell which."""
    tensors = [thing for thing in trouble.tensors if thing.shape]
    if len(tensors) != 2:
        return None
    sizes = []
    longest = max(len(thing.shape or ()) for thing in tensors)
    for thing in tensors:
        shape = (1,) * (longest - len(thing.shape or ())) + (thing.shape or ())
        sizes.append(shape[dim] if dim < len(shape) else 0)
    if sizes == [one, other]:
        return tensors[0], tensors[1]
    return (tensors[1], tensors[0]) if sizes == [other, one] else None


def _list_of(trouble: Trouble) -> str:
    shapes = ", ".join(f"`{one.name}` {shape_text(one.shape)}" for one in trouble.tensors if one.shape is not None)
    return f" ({shapes})" if shapes else ""
