"""Handwritten digits: 1797 grey pictures of 8 x 8 pixels with their labels, offline.

The test part of "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak, UCI Machine Learning
Repository, https://doi.org/10.24432/C50P49, licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), out of
scikit-learn's copy. Converted to a compact binary and put into another order; the values are unchanged.
"""

import zlib
from pathlib import Path
from typing import NamedTuple, Tuple

import torch

COUNT = 1797
"""Number of pictures, about 180 of each digit."""

PARTS = {"train": slice(0, 1200), "val": slice(1200, 1500), "test": slice(1500, 1797)}
"""Where each part lies in the fixed order: 1200, 300 and 297 pictures."""

ATTRIBUTION = (
    'E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, '
    "https://doi.org/10.24432/C50P49, licence CC BY 4.0; converted to a compact binary, values unchanged"
)
"""What to show wherever the pictures are credited."""

_FILE = Path(__file__).with_name("data") / "digits.bin"
"""zlib over 1797 x 64 bytes of pixels, row by row, and then 1797 bytes of labels."""


class Split(NamedTuple):
    """Pictures (float32, 0 to 1) and labels (int64) of the three parts."""

    train_x: torch.Tensor
    train_y: torch.Tensor
    val_x: torch.Tensor
    val_y: torch.Tensor
    test_x: torch.Tensor
    test_y: torch.Tensor


def load() -> Tuple[torch.Tensor, torch.Tensor]:
    """All pictures as they are, and their labels.

    Returns float32 of shape (1797, 8, 8) with whole numbers from 0 (paper) to 16 (ink), and int64 of shape (1797,)
    with 0 to 9. The order is mixed and always the same.
    """
    raw = bytearray(zlib.decompress(_FILE.read_bytes()))
    values = torch.frombuffer(raw, dtype=torch.uint8)
    return values[: COUNT * 64].float().reshape(COUNT, 8, 8), values[COUNT * 64 :].long()


def split() -> Split:
    """The parts for training, validation and test, ready for a network.

    Returns `train_x, train_y, val_x, val_y, test_x, test_y`: pictures as float32 of shape (N, 1, 8, 8), divided by 16
    so that they go from 0 to 1, and labels as int64 of shape (N,), for N = 1200, 300 and 297.
    """
    pictures, labels = load()
    scaled = (pictures / 16).unsqueeze(1)
    return Split(*(part[where].clone() for where in PARTS.values() for part in (scaled, labels)))


def pairs(n: int = 4000, seed: int = 0, part: str = "train") -> Tuple[torch.Tensor, torch.Tensor]:
    """Two random digits side by side, and which digits occur.

    Returns float32 of shape (n, 1, 8, 16) from 0 to 1, and float32 of shape (n, 10) with a 1 for each digit in the
    picture: two of them, or one if both are the same (1.9 on average). The digits come from `part` ("train", "val" or
    "test"). Raises ValueError for another part or a negative n.
    """
    if part not in PARTS:
        raise ValueError(f"part is one of {', '.join(PARTS)}, not {part!r}")
    if n < 0:
        raise ValueError(f"n must not be negative, got {n}")
    pictures, labels = (one[PARTS[part]] for one in load())
    chosen = torch.randint(len(labels), (n, 2), generator=torch.Generator().manual_seed(seed))
    wide = (pictures[chosen] / 16).permute(0, 2, 1, 3).reshape(n, 1, 8, 16)
    targets = torch.zeros(n, 10).scatter_(1, labels[chosen], 1.0)
    return wide, targets
