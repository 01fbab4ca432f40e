"""Which cells fetch something from the network: they are tagged, so that nothing fails where there is none."""

from __future__ import annotations

import ast

from tutor.exchange.python import syntax_tree

_CALLS = frozenset(
    {
        "urlretrieve",
        "urlopen",
        "hf_hub_download",
        "snapshot_download",
        "from_pretrained",
        "load_dataset",
        "fetch_openml",
        "fetch_california_housing",
        "fetch_20newsgroups",
        "load_state_dict_from_url",
        "download_url",
        "download_and_extract_archive",
        "download_extract",
        "wget",
        "gdown",
    }
)
"""Functions whose name alone says that they download."""

_QUALIFIED = frozenset({"requests.get", "requests.post", "hub.load", "gdown.download", "wget.download", "d2l.download"})


def downloads(source: str) -> bool:
    """Whether a call in `source` looks like a download: by name, by `download=True`, or by a shell command above it."""
    tree = syntax_tree(source)
    if tree is None:
        return False
    bodies = {id(inner) for node in ast.walk(tree) if isinstance(node, _FUNCTIONS) for inner in ast.walk(node)}
    return any(isinstance(node, ast.Call) and id(node) not in bodies and _fetches(node) for node in ast.walk(tree))


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
"""What is only defined does not fetch yet."""


def _fetches(call: ast.Call) -> bool:
    name = ast.unparse(call.func) if isinstance(call.func, ast.Name | ast.Attribute) else ""
    last = name.rpartition(".")[2]
    if last in _CALLS or any(name == one or name.endswith(f".{one}") for one in _QUALIFIED):
        return True
    return any(
        word.arg == "download" and isinstance(word.value, ast.Constant) and word.value.value is True
        for word in call.keywords
    )
