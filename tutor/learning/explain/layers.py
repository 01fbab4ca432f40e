"""Layers that were made for another shape than they are given."""

from __future__ import annotations

import re
from math import prod

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Thing, Trouble, numbers, said, shape_text

RULES = Rules()


@RULES.on(r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)", teaches="module.linear-shape")
def _linear_features(trouble: Trouble, found: re.Match[str]) -> Words | None:
    layer, given = trouble.layer, trouble.given
    if layer is None or layer.kind != "Linear":
        return None
    rows, got, wanted, out = map(int, found.groups())
    reaches = given is not None and not given.name
    what = (
        f"{_layer(layer)} expects {wanted} numbers per row (its `in_features`), "
        f"and {said(given, (rows, got), 'what reaches it')}: {got} in the last dimension."
    )
    shape = given.shape if given is not None and given.shape is not None else (rows, got)
    if len(shape) > 1 and prod(shape[1:]) == wanted:
        name = given.name if given is not None and given.name else "x"
        return what, f"Flatten each sample first: `{name}.flatten(1)` is {shape_text((shape[0], wanted))}."
    if reaches:
        return what, f"Let the layer before it end in {wanted} features, or make this one `nn.Linear({got}, {out})`."
    return what, f"Give it rows of {wanted} numbers, or make the layer `nn.Linear({got}, {out})`."


@RULES.on(
    r"expected input\[([\d, ]+)\] to have (\d+) channels, but got (\d+) channels", teaches="conv.shape module.class"
)
def _conv_channels(trouble: Trouble, found: re.Match[str]) -> Words:
    shape, wanted, got = numbers(found[1]), int(found[2]), int(found[3])
    what = f"{_layer(trouble.layer, 'The convolution')} expects {wanted} channels, and "
    what += f"{said(trouble.given, shape, 'its input')}: {got} in dimension 1."
    if shape and shape[-1] == wanted and len(shape) == 4:
        return what, "The channels seem to stand last: `x.permute(0, 3, 1, 2)` puts them where PyTorch wants them."
    return what, f"Its first number is the channels of its input: `in_channels={got}`."


@RULES.on(
    r"Expected (\d)D \(unbatched\) or (\d)D \(batched\) input to (conv\w+|\w+), but got input of size: \[([\d, ]*)\]"
    r"|expected (\d)D(?: or (\d)D)? input \(got (\d)D input\)",
    teaches="conv.shape module.class",
)
def _layer_dims(trouble: Trouble, found: re.Match[str]) -> Words:
    most = int(found[2] or found[6] or found[5])
    form = {2: "(batch, features)", 3: "(batch, channels, length)", 4: "(batch, channels, height, width)"}
    shape = numbers(found[4] or "")
    given = trouble.given
    got = shape_text(given.shape) if given is not None and given.shape is not None else shape_text(shape)
    name = f"`{given.name}`" if given is not None and given.name else "its input"
    dims = len(given.shape) if given is not None and given.shape is not None else len(shape) or int(found[7] or 0)
    what = f"{_layer(trouble.layer, 'The layer')} expects {most} dimensions, {form.get(most, 'a batch first')}, "
    what += f"and {name} has {dims}" + (f": {got}." if got != "()" else ".")
    if most == 4 and dims == 3:
        return what, "Grey images lack the channel: `x.unsqueeze(1)` makes (batch, 1, height, width)."
    if most - dims == 1:
        return what, "A single sample needs a batch of one: `x.unsqueeze(0)`."
    return what, "`reshape` or `unsqueeze` the missing dimensions in, or take the layer for this many dimensions."


@RULES.on(
    r"Kernel size: \(([\d x]+)\)\. Kernel size can't be greater than actual input size|Output size is too small",
    teaches="conv.shape module.class",
)
def _conv_too_small(trouble: Trouble, found: re.Match[str]) -> Words:
    given = trouble.given
    what = f"Nothing is left of the picture when it reaches {_layer(trouble.layer, 'this layer', start=False)}"
    what += f": it is {shape_text(given.shape)} there" if given is not None and given.shape else ""
    what += f", smaller than the window of {found[1]}." if found[1] else ", too small for its window."
    return what, "Use fewer poolings or strides before it, a smaller window, or `padding`."


@RULES.on(
    r"Expected more than 1 value per channel when training, got input size torch\.Size\(\[([\d, ]*)\]\)",
    teaches="norm.batch module.call",
)
def _batch_norm(trouble: Trouble, found: re.Match[str]) -> Words:
    what = "Batch norm computes mean and spread over the batch, and this one holds a single value: "
    what += f"it is {shape_text(numbers(found[1]))}."
    return what, (
        "Use `drop_last=True` in the loader for the small last batch; before predicting one sample, `model.eval()`."
    )


@RULES.on(
    r"running_mean should contain (\d+) elements not (\d+)|weight should contain (\d+) elements not (\d+)",
    teaches="norm.batch module.class",
)
def _norm_features(trouble: Trouble, found: re.Match[str]) -> Words:
    got, has = found[1] or found[3], found[2] or found[4]
    layer = trouble.layer
    name = f"`{layer.name}`" if layer is not None and layer.name else "The norm layer"
    return f"{name} was made for {has} channels, and what it is given has {got}.", (
        f"Its number is that of the channels before it: {got}."
    )


@RULES.on(
    r"Given normalized_shape=\[([\d, ]*)\], expected input with shape \[[*\d, ]*\], "
    r"but got input of size\s*\[([\d, ]*)\]",
    teaches="norm.layer module.class",
)
def _layer_norm(trouble: Trouble, found: re.Match[str]) -> Words:
    return (
        f"Layer norm was made for a last dimension of {found[1]}, and its input is {shape_text(numbers(found[2]))}.",
        (f"Give it the size of the last dimension: {numbers(found[2])[-1]}."),
    )


@RULES.on(
    r"input\.size\(-1\) must be equal to input_size\. Expected (\d+), got (\d+)", teaches="sequence.rnn module.class"
)
def _recurrent(trouble: Trouble, found: re.Match[str]) -> Words:
    given = trouble.given
    shape = f": it is {shape_text(given.shape)}" if given is not None and given.shape else ""
    return f"The recurrent layer expects {found[1]} features per step, and its input has {found[2]}{shape}.", (
        "The features stand last: (time, batch, features), or (batch, time, features) with `batch_first=True`."
    )


@RULES.on(r"embed_dim must be divisible by num_heads", teaches="attention.heads")
def _heads(trouble: Trouble, found: re.Match[str]) -> Words:
    return (
        "The heads share the features equally, so `embed_dim` must be a multiple of `num_heads`.",
        "Change one of the two.",
    )


def _layer(layer: Thing | None, otherwise: str = "The layer", start: bool = True) -> str:
    if layer is None:
        return otherwise
    return f"`{layer.name}` ({layer.kind})" if layer.name else f"{'A' if start else 'the'} {layer.kind} layer"
