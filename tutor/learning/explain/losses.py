"""Predictions and targets that a loss cannot compare."""

from __future__ import annotations

import re

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Trouble, numbers, shape_text

RULES = Rules()

_INTEGERS = ("int64", "int32", "int16", "int8", "uint8", "bool")
_FLOATS = ("float32", "float64", "float16", "bfloat16")


@RULES.on(
    r'expected target dtype to be Long|[Ee]xpected scalar type Long but found|nll_loss\w*"? not implemented',
    teaches="loss.targets loss.cross-entropy tensor.dtype",
)
def _class_targets(trouble: Trouble, found: re.Match[str]) -> Words | None:
    target = trouble.typed(*_FLOATS[1:], "int32", "int16", "int8") or next(iter(trouble.tensors[1:2]), None)
    what = "Cross-entropy wants the numbers of the classes as int64 (`torch.long`)"
    if target is None:
        return f"{what}; the targets have another dtype.", "Convert them: `y.long()`."
    what += f"; `{target.name}` is {target.dtype}."
    return what, f"Convert it once, where the data is made: `{target.name}.long()`. For yes or no use a BCE loss."


@RULES.on(r"multi-target not supported", teaches="loss.targets")
def _class_targets_shape(trouble: Trouble, found: re.Match[str]) -> Words:
    target = next((one for one in trouble.tensors if one.dtype == "int64"), None)
    what = "Cross-entropy wants one class number per row, a target of shape (N,)"
    if target is None or target.shape is None:
        return f"{what}; this one has more dimensions.", "`y.squeeze(1)` takes the dimension of size 1 out."
    what += f"; `{target.name}` is {shape_text(target.shape)}."
    if target.shape[-1] == 1:
        return what, f"Take the last dimension out: `{target.name}.squeeze(1)`."
    return what, f"If its rows are one-hot, take the class back out of them: `{target.name}.argmax(1)`."


@RULES.on(r"Target (-?\d+) is out of bounds", "IndexError", teaches="loss.targets loss.cross-entropy")
def _class_out_of_bounds(trouble: Trouble, found: re.Match[str]) -> Words:
    target = next((one for one in trouble.tensors if one.dtype == "int64"), None)
    scores = next((one for one in trouble.tensors if one.dtype in _FLOATS and one.shape), None)
    name = target.name if target is not None else "y"
    what = f"A target says class {found[1]}"
    if scores is not None and scores.shape and len(scores.shape) > 1:
        count = scores.shape[1]
        what += f", but `{scores.name}` is {shape_text(scores.shape)}: scores for the {count} classes 0 to {count - 1}."
    else:
        what += ", and the model has no score for it."
    if target is not None and target.low == 1:
        return what, f"The labels seem to count from 1: `{name} - 1`."
    return what, "Let the last layer have as many outputs as there are classes, and number the classes from 0."


@RULES.on(
    r"Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)"
    r"|For 1D input, 1D target must have size 1, but got target size: (\d+)"
    r"|size mismatch \(got input: \[\d+\], target: \[(\d+)\]\)",
    teaches="loss.targets",
)
def _batch_sizes(trouble: Trouble, found: re.Match[str]) -> Words:
    shapes = " and ".join(f"`{one.name}` {shape_text(one.shape)}" for one in trouble.tensors if one.shape is not None)
    rows, targets = found[1] or "1", found[2] or found[3] or found[4]  # scores in one dimension are one row
    what = f"Scores and targets must have as many rows: {rows} here, {targets} there"
    what += f" ({shapes})." if shapes else "."
    return what, "Both must come from the same batch; a `view` or `reshape` in the model may have mixed its rows."


@RULES.on(
    r"Target size \(torch\.Size\(\[([\d, ]*)\]\)\) must be the same as input size \(torch\.Size\(\[([\d, ]*)\]\)\)",
    teaches="loss.bce broadcast.bug",
)
def _same_sizes(trouble: Trouble, found: re.Match[str]) -> Words:
    target, scores = numbers(found[1]), numbers(found[2])
    right = trouble.shaped(target)
    left = trouble.shaped(scores)
    what = (
        f"This loss compares number by number: {f'`{left.name}`' if left else 'the scores'} is {shape_text(scores)}, "
    )
    what += f"{f'`{right.name}`' if right else 'the target'} is {shape_text(target)}."
    if scores[:-1] == target and scores[-1:] == (1,):
        name = left.name if left is not None and left.name.isidentifier() else "scores"
        return what, f"Take the last dimension out: `{name}.squeeze(1)` is {shape_text(target)}."
    return what, "Bring both to one shape before the loss."


@RULES.on(
    r"result type Float can't be cast to the desired output type Long|Found dtype Long but expected Float",
    teaches="loss.bce tensor.dtype",
)
def _float_targets(trouble: Trouble, found: re.Match[str]) -> Words:
    whole = trouble.typed(*_INTEGERS)
    if re.search(r"[-+*/]=", trouble.source) or (whole is not None and len(trouble.tensors) == 1):
        name = f"`{whole.name}`" if whole else "The tensor"
        what = f"{name} holds integers{f' ({whole.dtype})' if whole else ''}, and the result has a fraction."
        return what, "Make it a float tensor first (`.float()`), or write the result to a new name."
    what = "This loss wants targets of the same float dtype as the prediction"
    what += f"; `{whole.name}` is {whole.dtype}." if whole else "."
    return what, f"Convert it: `{whole.name if whole else 'y'}.float()`."


@RULES.on(r"all elements of (?:input|target) should be between 0 and 1", teaches="loss.bce loss.logits")
def _not_probabilities(trouble: Trouble, found: re.Match[str]) -> Words:
    return (
        "`binary_cross_entropy` wants probabilities, and some numbers lie outside of 0 to 1: they look like logits.",
        ("Give the raw scores to `binary_cross_entropy_with_logits`, which applies the sigmoid itself."),
    )


@RULES.on(
    r"Class values must be smaller than num_classes|one_hot is only applicable to index tensor", teaches="loss.targets"
)
def _one_hot(trouble: Trouble, found: re.Match[str]) -> Words:
    target = trouble.tensors[0] if trouble.tensors else None
    name = f"`{target.name}`" if target else "the tensor"
    if "applicable" in found[0]:
        return f"`one_hot` takes class numbers of dtype int64; {name} is {target.dtype if target else 'of another'}.", (
            f"Convert it: `{target.name if target else 'y'}.long()`."
        )
    high = f": {name} goes up to {target.high}" if target is not None and target.high is not None else ""
    return f"There is a class number that is not below `num_classes`{high}.", (
        "Classes count from 0, so `num_classes` is the largest number plus one."
    )
