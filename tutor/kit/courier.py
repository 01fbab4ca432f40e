"""Deliveries of a bicycle courier: how far, and how long it took. Made up for this course, offline, always the same."""

from typing import Tuple

import torch

MILES = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5)
"""Distance of each delivery, in miles."""

MINUTES = (8.5, 10.5, 12.0, 13.2, 16.0, 16.4, 19.4, 20.9, 22.2, 23.2, 25.6, 27.4)
"""Time of each delivery, in minutes: about 3.4 a mile and 5.2 at the door, rounded to a tenth."""


def deliveries() -> Tuple[torch.Tensor, torch.Tensor]:
    """The twelve deliveries as `(miles, minutes)`: two new float32 tensors of shape (12, 1).

    The least-squares line is 3.391 * miles + 5.226 with a mean squared error of 0.1805 square minutes. Two of the
    deliveries are (5 miles, 22.2 minutes) and (6 miles, 25.6 minutes).
    """
    return torch.tensor(MILES).unsqueeze(1), torch.tensor(MINUTES).unsqueeze(1)


KINK = 7.0
"""Miles from which on the longer deliveries take the motorway."""


def long_deliveries(n: int = 40, seed: int = 0) -> Tuple[torch.Tensor, torch.Tensor]:
    """`n` deliveries of 1 to 20 miles as `(miles, minutes)`: two float32 tensors of shape (n, 1), by rising distance.

    A mile takes 3.4 minutes up to `KINK` and 1.25 minutes beyond it; 5.2 minutes at the door and noise with a standard
    deviation of 0.6 minutes come on top. A straight line through all of them is off by about 2.5 minutes (root mean
    square). Raises ValueError for a negative n.
    """
    _check_count(n)
    miles = torch.linspace(1, 20, n)
    noise = 0.6 * torch.randn(n, generator=torch.Generator().manual_seed(seed))
    minutes = 5.2 + 3.4 * miles.clamp(max=KINK) + 1.25 * (miles - KINK).clamp(min=0) + noise
    return miles.unsqueeze(1), minutes.unsqueeze(1)


COLUMNS = ("distance", "hour", "rain", "items", "weight")
"""What `table` knows of an order: miles, hour of the day (8 to 21), 1 for rain, number of items, kilograms."""


def table(n: int = 2000, seed: int = 0) -> Tuple[torch.Tensor, torch.Tensor]:
    """`n` orders as `(orders, minutes)`: float32 of shape (n, 5), its columns as in `COLUMNS`, and of shape (n, 1).

    A mile takes 2.7 minutes, up to 75 % more around half past eight and half past five, and 40 % more in rain; items,
    weight and the door come on top, with noise of 1 minute standard deviation: no model can be better than a root mean
    square error of 1.0. The minutes have a standard deviation of about 14. Raises ValueError for a negative n.
    """
    _check_count(n)
    generator = torch.Generator().manual_seed(seed)

    def between(low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(n, generator=generator)

    distance, hour = between(0.5, 12), torch.randint(8, 22, (n,), generator=generator).float()
    rain = (between(0, 1) < 0.3).float()
    items, weight = torch.randint(1, 9, (n,), generator=generator).float(), between(0.5, 10)
    rush = torch.exp(-(((hour - 8.5) / 1.2) ** 2)) + torch.exp(-(((hour - 17.5) / 1.5) ** 2))
    minutes = 5.2 + 2.7 * distance * (1 + 0.75 * rush) * (1 + 0.4 * rain) + 0.3 * items + 0.2 * weight
    minutes = minutes + torch.randn(n, generator=generator)
    return torch.stack([distance, hour, rain, items, weight], dim=1), minutes.unsqueeze(1)


def _check_count(n: int) -> None:
    if n < 0:
        raise ValueError(f"n must not be negative, got {n}")
