"""Dtypes and devices that do not go together, and numbers that a dtype cannot hold."""

from __future__ import annotations

import re

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Thing, Trouble

RULES = Rules()

_NAMES = {"Double": "float64", "Float": "float32", "Half": "float16", "BFloat16": "bfloat16", "Long": "int64"}
_NAMES.update({"Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8", "Bool": "bool"})
_NAMES.update({"double": "float64", "float": "float32", "unsigned char": "uint8", "long": "int64", "int": "int32"})
_FLOATS = ("float64", "float32", "float16", "bfloat16")


def _said(things: tuple[Thing, ...]) -> str:
    return " and ".join(f"`{one.name}` is {one.dtype}" for one in things if one.dtype and one.name)


@RULES.on(
    r"on the same device|is on (?:cpu|cuda)\S*, (?:but )?expected|on device \S+ is not on the expected device"
    r"|[Tt]ype \(torch\.cuda\.\w+\)",
    teaches="device.move",
)
def _devices(trouble: Trouble, found: re.Match[str]) -> Words:
    things = [one for one in trouble.things if one.device and one.name]
    places = ", ".join(dict.fromkeys(f"`{one.name}` is on {one.device}" for one in things))
    what = f"Everything in one operation must be on one device: {places or trouble.message.split('.')[0]}."
    return (
        what,
        "Move the model once, `model.to(device)`, and each batch in the loop: `x, y = x.to(device), y.to(device)`.",
    )


@RULES.on(
    r"mat1 and mat2 must have the same dtype, but got (\w+) and (\w+)"
    r"|expected m1 and m2 to have the same dtype, but got: ([\w ]+) != ([\w ]+)"
    r"|expected scalar type (\w+) but found (\w+)"
    r"|Input type \(([\w. ]+)\) and (?:weight|bias) type \(([\w. ]+)\) should be the same",
    teaches="tensor.dtype",
)
def _same_dtype(trouble: Trouble, found: re.Match[str]) -> Words:
    given, layer = trouble.given, trouble.layer
    if given is not None and layer is not None and layer.dtype and given.dtype:
        name = f"`{given.name}`" if given.name else "what reaches it"
        what = f"The weights of `{layer.name or layer.kind}` are {layer.dtype}, and {name} is {given.dtype}."
        code = given.name if given.name.isidentifier() else "x"
    else:
        told = [one for one in found.groups() if one]
        what = _said(trouble.tensors) or " and ".join(_NAMES.get(one, one) for one in told)
        what = f"Both sides need one dtype: {what}."
        odd = next((one for one in trouble.tensors if one.dtype != "float32"), None)
        code = odd.name if odd is not None else "x"
    if "float64" in what:
        return what, f"NumPy makes float64, PyTorch float32: convert with `{code}.float()`."
    return what, f"Convert it: `{code}.float()`."


@RULES.on(
    r"Torch not compiled with CUDA enabled|Found no NVIDIA driver|No CUDA GPUs are available", teaches="device.move"
)
def _no_cuda(trouble: Trouble, found: re.Match[str]) -> Words:
    return "This code asks for a CUDA GPU, and this PyTorch sees none here.", (
        'Choose what is there: `device = "cuda" if torch.cuda.is_available() else "cpu"`.'
    )


@RULES.on(r"CUDA out of memory|DefaultCPUAllocator: (?:can't allocate|not enough) memory", teaches="device.memory")
def _memory(trouble: Trouble, found: re.Match[str]) -> Words:
    wanted = re.search(r"tried to allocate (\d+) bytes", trouble.message)
    amount = f": {int(wanted[1]) / 2**30:,.1f} GiB were asked for at once" if wanted else ""
    return f"There is not enough memory{amount}.", (
        "Look at the shapes that the line makes: (n, 1) with (n,) broadcasts to (n, n). Else take smaller batches."
    )


@RULES.on(r"CUDA error: device-side assert triggered", teaches="loss.targets")
def _device_assert(trouble: Trouble, found: re.Match[str]) -> Words:
    return (
        "A check inside the GPU failed, most often of an index: a class number that the model has no output for, or a "
        "word that the embedding has no row for. The GPU tells it late, so this line may be innocent.",
        "Restart the kernel (the GPU's state is lost) and run it once on the CPU: there the message names the place.",
    )


@RULES.on(
    r"could not infer output dtype|must be either a floating point or complex dtype",
    teaches="tensor.reduce tensor.dtype",
)
def _mean_of_integers(trouble: Trouble, found: re.Match[str]) -> Words:
    whole = next((one for one in trouble.tensors if one.dtype not in _FLOATS), None)
    what = f"`{whole.name}` is {whole.dtype}" if whole else "The tensor holds integers"
    return f"{what}; a mean needs a dtype with fractions.", f"`{whole.name if whole else 'x'}.float().mean()`."


@RULES.on(r"""["']?(\w+?)(?:_cpu|_cuda)?["']? not implemented for '(\w+)'""", teaches="tensor.dtype")
def _not_for_dtype(trouble: Trouble, found: re.Match[str]) -> Words:
    dtype = _NAMES.get(found[2], found[2])
    thing = trouble.typed(dtype)
    name = f"`{thing.name}`" if thing is not None and thing.name else "a tensor here"
    return f"This operation ({found[1]}) does not exist for {dtype}, and {name} is {dtype}.", (
        f"Convert it: `{thing.name if thing is not None and thing.name else 'x'}.float()`."
    )


@RULES.on(
    r"Only Tensors of floating point and complex dtype can require gradients", teaches="autograd.leaf tensor.dtype"
)
def _integer_gradients(trouble: Trouble, found: re.Match[str]) -> Words:
    return "A gradient belongs to numbers that can change a little; a tensor made of integers cannot.", (
        "Write the numbers with a point, `torch.tensor([1.0, 2.0], requires_grad=True)`, or give `dtype=torch.float32`."
    )


@RULES.on(r"cannot be converted to type (u?int\d+)(?:_t)? without overflow", teaches="tensor.dtype")
def _overflow(trouble: Trouble, found: re.Match[str]) -> Words:
    bits = int(re.sub(r"\D", "", found[1]))
    low, high = (0, 2**bits - 1) if found[1].startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return f"{found[1]} holds whole numbers from {low} to {high}, and this value lies outside.", (
        "Use a wider dtype (`torch.int64`, `torch.float32`), or scale the numbers first."
    )
