"""Two half moons: points in the plane that no straight line can separate. Generated offline from a seed."""

from math import pi
from typing import Tuple

import torch


def sample(n: int = 1000, noise: float = 0.2, seed: int = 0) -> Tuple[torch.Tensor, torch.Tensor]:
    """`n` points, half of them in each moon (one more in moon 0 if n is odd), in mixed order.

    Returns float32 of shape (n, 2) and int64 of shape (n,): 0 for the upper moon, a half circle of radius 1 around
    (0, 0), and 1 for the lower one, around (1, 0.5). `noise` is the standard deviation of what is added to both
    coordinates. Raises ValueError for a negative n or noise.
    """
    if n < 0 or noise < 0:
        raise ValueError(f"n and noise must not be negative, got {n} and {noise}")
    generator = torch.Generator().manual_seed(seed)
    labels = (torch.arange(n) >= n - n // 2).long()
    angle = torch.rand(n, generator=generator) * pi
    upper = torch.stack([angle.cos(), angle.sin()], dim=1)
    lower = torch.stack([1 - angle.cos(), 0.5 - angle.sin()], dim=1)
    points = torch.where(labels[:, None] == 1, lower, upper) + noise * torch.randn(n, 2, generator=generator)
    order = torch.randperm(n, generator=generator)
    return points[order], labels[order]
