"""Data on its way: datasets, loaders, workers and files."""

from __future__ import annotations

import re

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Trouble

RULES = Rules()


@RULES.on(
    r"Can't (?:pickle|get) (?:local object )?.*(<lambda>|<locals>)|Can't pickle local object", teaches="data.loader"
)
def _lambda(trouble: Trouble, found: re.Match[str]) -> Words:
    what = "Something must be sent to another process or into a file, and "
    what += "a lambda" if "lambda" in found[0] else "a function made inside of another"
    return f"{what} has no name by which it could be found there again.", (
        "Define it with `def` at the top level, or use `num_workers=0`."
    )


@RULES.on(r"Caught (\w+) in DataLoader worker process (\d+)", teaches="data.loader")
def _worker_raised(trouble: Trouble, found: re.Match[str]) -> Words:
    last = trouble.message.strip().splitlines()[-1].strip()
    return f"Your dataset raised {found[1]} in worker process {found[2]} of the loader: {last[:160]}", (
        "With `num_workers=0` the same error comes with your own lines; the traceback below has them too."
    )


@RULES.on(
    r"DataLoader worker \(pid(?:\(s\))? ([\d, ]+)\) (?:is killed by signal: ([^.]*)|exited unexpectedly)",
    teaches="data.loader",
)
def _worker_died(trouble: Trouble, found: re.Match[str]) -> Words:
    how = f" It was ended by {found[2].strip()}." if found[2] else ""
    return f"A worker process of the loader died without a word.{how}", (
        "Most often the memory was full, or a library crashed. Try `num_workers=0`, then fewer or smaller samples."
    )


@RULES.on(
    r"(too many|not enough) values to unpack \(expected (?:at least )?(\d+)(?:, got (\d+))?\)",
    "ValueError",
    teaches="data.loader",
)
def _unpack(trouble: Trouble, found: re.Match[str]) -> Words:
    source = trouble.source.strip()
    got = f"{found[3]} came" if found[3] else "more came" if found[1] == "too many" else "fewer came"
    what = f"There are {found[2]} names on the left, and {got}."
    if source.startswith("for "):
        loader = next((one for one in trouble.named if one.kind in ("DataLoader", "enumerate")), None)
        where = f"`{loader.name}` gives" if loader and loader.name else "each round gives"
        return f"{what} What {where} is something else than the line expects.", (
            "Look at one batch first: `batch = next(iter(loader)); print(type(batch), len(batch))`. "
            "A `TensorDataset` of one tensor gives `(x,)`."
        )
    return (
        what,
        "Print what stands on the right. An `LSTM` gives `output, (h, c)`, `max(dim=…)` gives values and indices.",
    )


@RULES.on(r"Size mismatch between tensors", "AssertionError", teaches="data.loader")
def _dataset(trouble: Trouble, found: re.Match[str]) -> Words:
    sizes = ", ".join(f"`{one.name}` has {one.shape[0]}" for one in trouble.tensors if one.shape)
    return f"The tensors of a dataset need one row per sample each{f': {sizes}' if sizes else ''}.", (
        "The first dimension counts the samples; were inputs and targets cut or shuffled apart?"
    )


@RULES.on(r"object of type '(\w+)' has no len\(\)", "TypeError", teaches="data.loader")
def _no_length(trouble: Trouble, found: re.Match[str]) -> Words:
    return (
        f"`{found[1]}` does not say how many items it has.",
        "Give the dataset a method `__len__` that returns their number.",
    )


@RULES.on(
    r"default_collate: batch must contain tensors.*found <class '([\w.]+)'>|default_collate",
    "TypeError",
    teaches="data.loader",
)
def _collate(trouble: Trouble, found: re.Match[str]) -> Words:
    kind = f" (`{found[1]}`)" if found[1] else ""
    return (
        f"The loader can batch tensors, numbers, strings, tuples and dicts, and a sample holds something else{kind}.",
        ("Return tensors from `__getitem__`, or give the loader a `collate_fn`."),
    )


@RULES.on(r"Weights only load failed", "UnpicklingError", teaches="module.state-dict")
def _weights_only(trouble: Trouble, found: re.Match[str]) -> Words:
    return "The file holds more than tensors, such as a whole model, and `torch.load` opens only tensors by default.", (
        "Save and load `model.state_dict()`. `weights_only=False` runs code from the file: only for files of your own."
    )


@RULES.on(r"No such file or directory: ['\"]?([^'\"]+)", "FileNotFoundError")
def _file(trouble: Trouble, found: re.Match[str]) -> Words:
    return f"There is no file `{found[1]}` as seen from the folder that the code runs in.", (
        "`import os; print(os.getcwd(), os.listdir())` shows where that is and what is there."
    )


@RULES.on(r"expected sequence of length (\d+) at dim (\d+) \(got (\d+)\)", "ValueError", teaches="tensor.shape")
def _ragged(trouble: Trouble, found: re.Match[str]) -> Words:
    return f"The rows differ in length ({found[1]} and {found[3]}), and a tensor is a full box.", (
        "Cut them, or pad the short ones: `torch.nn.utils.rnn.pad_sequence`."
    )


@RULES.on(r"too many dimensions 'str'|can't convert np\.ndarray of type numpy\.(?:object|str)_", teaches="tensor.dtype")
def _strings(trouble: Trouble, found: re.Match[str]) -> Words:
    return (
        "A tensor holds numbers, and here is text.",
        "Give each word or label a number first, such as its place in a list.",
    )


@RULES.on(
    r"Name or service not known|name resolution|nodename nor servname|Network is unreachable|Connection refused"
    r"|timed out|Max retries exceeded",
    "URLError",
    "ConnectionError",
    "ConnectTimeout",
    "gaierror",
)
def _network(trouble: Trouble, found: re.Match[str]) -> Words:
    return "This code fetches something, and the network does not answer from this machine.", (
        "Go on without it, run it where the network is, or put the file beside the code and read it from there."
    )
