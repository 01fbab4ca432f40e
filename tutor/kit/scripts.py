"""Which script does this sound come from? Names of characters from eight scripts, out of Python's `unicodedata`."""

import random
import unicodedata
from typing import Dict, Iterator, List, NamedTuple, Tuple

import torch

_BLOCKS: Tuple[Tuple[str, int, int, str], ...] = (
    ("hangul", 0xAC00, 0xD7A3, "HANGUL SYLLABLE "),
    ("cuneiform", 0x12000, 0x12399, "CUNEIFORM SIGN "),
    ("yi", 0xA000, 0xA48C, "YI SYLLABLE "),
    ("ethiopic", 0x1200, 0x135A, "ETHIOPIC SYLLABLE "),
    ("vai", 0xA500, 0xA60B, "VAI SYLLABLE "),
    ("canadian", 0x1401, 0x1676, "CANADIAN SYLLABICS "),
    ("hentaigana", 0x1B002, 0x1B11E, "HENTAIGANA LETTER "),
    ("kangxi", 0x2F00, 0x2FD5, "KANGXI RADICAL "),
)
"""Script, first and last character, and what its names begin with. All are in Unicode 13, and names never change."""

SCRIPTS = tuple(block[0] for block in _BLOCKS)
"""The eight classes, by label."""

MOST = 250
"""So many names of a script are used; Kangxi has 214 in all."""

TRAIN = 1500
"""So many names, in the fixed mixed order, are for training, the rest for testing."""


class Split(NamedTuple):
    """Names and labels (int64) for training and for testing."""

    train_names: List[str]
    train_y: torch.Tensor
    test_names: List[str]
    test_y: torch.Tensor


def load() -> Tuple[List[str], torch.Tensor]:
    """All names, in small letters, such as "hoeg", "jjaenj" or "water", and their labels.

    Returns a list of 1964 names, with 38 different characters, and int64 of shape (1964,) with the places in `SCRIPTS`.
    A sound may occur in several scripts (14 % of the names for testing have another label in training), so that no
    model can be right about all of them. The order is mixed and always the same.
    """
    rng = random.Random(0)
    rows = []
    for label, (_, first, last, start) in enumerate(_BLOCKS):
        names = list(_sounds(first, last, start))
        rows += [(name, label) for name in (rng.sample(names, MOST) if len(names) > MOST else names)]
    rng.shuffle(rows)
    return [name for name, _ in rows], torch.tensor([label for _, label in rows])


def split() -> Split:
    """The names as `train_names, train_y, test_names, test_y`: the first 1500 of the fixed order, and the others."""
    names, labels = load()
    return Split(names[:TRAIN], labels[:TRAIN].clone(), names[TRAIN:], labels[TRAIN:].clone())


def _sounds(first: int, last: int, start: str) -> Iterator[str]:
    """The sound part of each name in a block, each once."""
    seen: Dict[str, None] = {}
    for code in range(first, last + 1):
        name = unicodedata.name(chr(code), "")
        if name.startswith(start):
            seen[name[len(start) :].lower()] = None
    yield from seen
