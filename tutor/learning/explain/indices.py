"""Indices that point outside, and indices of the wrong kind."""

from __future__ import annotations

import re

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Trouble, numbers, shape_text

RULES = Rules()


@RULES.on(r"index out of range in self", "IndexError", teaches="embedding.table tensor.index")
def _embedding(trouble: Trouble, found: re.Match[str]) -> Words:
    layer, given = trouble.layer, trouble.given
    table = layer if layer is not None and layer.shape else next((one for one in trouble.tensors if one.grad), None)
    words = given or next((one for one in trouble.tensors if one.high is not None), None)
    if table is None or not table.shape or words is None or words.high is None:
        return "An index points past the last row of the embedding.", (
            "`num_embeddings` must be the largest index plus one."
        )
    rows = table.shape[0]
    bad = words.high if words.high >= rows else words.low
    name = f"`{words.name}`" if words.name else "what it is given"
    what = f"`{table.name or 'The embedding'}` has {rows} rows, 0 to {rows - 1}, and {name} contains {bad}."
    if bad is not None and bad < 0:
        return what, "Negative indices do not count from the end here: give padding a row of its own (`padding_idx`)."
    return (
        what,
        f"Make the table larger (`nn.Embedding({(bad or 0) + 1}, …)`), or give unknown words one number below {rows}.",
    )


@RULES.on(
    r"Expected tensor for argument #1 'indices' to have one of the following scalar types", teaches="tensor.dtype"
)
def _embedding_dtype(trouble: Trouble, found: re.Match[str]) -> Words:
    given = trouble.given or next(iter(trouble.tensors), None)
    name = f"`{given.name}`" if given is not None and given.name else "what it is given"
    return f"An embedding looks up rows by whole numbers, and {name} is {given.dtype if given else 'float'}.", (
        f"Convert it: `{given.name if given is not None and given.name else 'x'}.long()`."
    )


@RULES.on(r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)", teaches="tensor.index")
def _index(trouble: Trouble, found: re.Match[str]) -> Words:
    index, dim, size = map(int, found.groups())
    fits = [one for one in trouble.tensors if one.shape is not None and len(one.shape) > dim and one.shape[dim] == size]
    what = f"`{fits[0].name}` is {shape_text(fits[0].shape)}" if fits and fits[0].shape else "The tensor"
    what += f": dimension {dim} has {size} places, 0 to {size - 1}, and {index} was asked for."
    return what, "Counting starts at 0, and -1 is the last one."


@RULES.on(r"too many indices for tensor of dimension (\d+)", "IndexError", teaches="tensor.index")
def _too_many(trouble: Trouble, found: re.Match[str]) -> Words:
    what = (
        f"`{trouble.tensors[0].name}` is {shape_text(trouble.tensors[0].shape or ())}, so it takes"
        if trouble.tensors
        else "The tensor takes"
    )
    return f"{what} at most {found[1]} index{'es' if found[1] != '1' else ''}; there are more between the brackets.", (
        "Print its shape: a dimension was reduced or indexed away before."
    )


@RULES.on(r"tensors used as indices must be long, int, byte or bool", "IndexError", teaches="tensor.index")
def _index_dtype(trouble: Trouble, found: re.Match[str]) -> Words:
    index = trouble.typed("float32", "float64", "float16", "bfloat16")
    others = [one for one in trouble.tensors if one is not trouble.tensors[0] and one.dtype.startswith("float")]
    index = others[0] if others else index
    if index is None:
        return (
            "The tensor between the brackets does not hold integers; positions are whole numbers.",
            "Convert it: `.long()`.",
        )
    return f"`{index.name}` is {index.dtype}; positions are whole numbers.", f"Convert it: `{index.name}.long()`."


@RULES.on(
    r"The shape of the mask \[([\d, ]*)\] at index (\d+) does not match the shape of the indexed tensor \[([\d, ]*)\]",
    teaches="tensor.index",
)
def _mask(trouble: Trouble, found: re.Match[str]) -> Words:
    return (
        f"The mask is {shape_text(numbers(found[1]))}, the tensor {shape_text(numbers(found[3]))}: "
        f"they differ in dimension {found[2]}.",
        "Make the mask from the tensor itself, such as `x[x > 0]`, or from its rows.",
    )


@RULES.on(r"(?:len\(\)|iteration) o(?:f|ver) a 0-d tensor", "TypeError", teaches="tensor.shape")
def _scalar(trouble: Trouble, found: re.Match[str]) -> Words:
    name = f"`{trouble.tensors[0].name}`" if trouble.tensors else "The tensor"
    return f"{name} is a single number (shape `()`): it has no length and nothing to go through.", (
        "Was it reduced (`sum`, `mean`) or indexed before? `.item()` gives the number itself."
    )
