"""Short messages to a camera shop's help desk, some of them spam. Generated offline from a seed."""

import random
from typing import List, Sequence, Tuple

import torch

SPAM = ("free", "win", "prize", "cash", "bonus", "click", "offer", "winner", "credit", "casino", "claim", "urgent")
"""Words that spam likes."""

SHOP = ("order", "camera", "lens", "parcel", "bill", "refund", "battery", "tripod", "manual", "zoom", "strap", "late")
"""Words that customers like."""

PLAIN = ("the", "my", "your", "please", "now", "today", "for", "with", "is", "have", "hello", "thanks", "new", "we")
"""Words that say little: both kinds of message use them."""

WORDS = tuple(sorted(SPAM + SHOP + PLAIN))
"""The 38 words that occur, in alphabetical order: the columns of `counts`."""

SPAM_SHARE = 0.36
"""Share of the messages that are spam."""


def sample(n: int, seed: int = 0, noise: float = 0.05, mistakes: float = 0.02) -> Tuple[List[str], torch.Tensor]:
    """`n` messages and what they are.

    Returns the texts and a float32 tensor of shape (n,): 1.0 for spam, 0.0 for the rest. About 36 % are spam. A message
    has 6 to 10 words: half of them plain, the others typical for its kind, but for a share of `noise` that comes from
    the other kind. A share of `mistakes` carries the wrong label, as labels written by people do. The same arguments
    give the same messages. Raises ValueError for a negative `n` or a share outside 0 to 1.
    """
    if n < 0:
        raise ValueError(f"n must not be negative, got {n}")
    for name, share in (("noise", noise), ("mistakes", mistakes)):
        if not 0 <= share <= 1:
            raise ValueError(f"{name} is a share from 0 to 1, got {share}")
    rng = random.Random(seed)
    texts, labels = [], []
    for _ in range(n):
        spam = rng.random() < SPAM_SHARE
        texts.append(" ".join(_word(rng, spam, noise) for _ in range(rng.randint(6, 10))))
        labels.append(float(spam != (rng.random() < mistakes)))
    return texts, torch.tensor(labels)


def counts(texts: Sequence[str]) -> torch.Tensor:
    """How often each of `WORDS` occurs in each text: float32, shape (len(texts), 38). Other words are not counted."""
    table = torch.zeros(len(texts), len(WORDS))
    for row, text in enumerate(texts):
        for word in text.split():
            if word in _COLUMN:
                table[row, _COLUMN[word]] += 1
    return table


_COLUMN = {word: column for column, word in enumerate(WORDS)}


def _word(rng: random.Random, spam: bool, noise: float) -> str:
    if rng.random() < 0.5:
        return rng.choice(PLAIN)
    return rng.choice(SPAM if spam != (rng.random() < noise) else SHOP)
