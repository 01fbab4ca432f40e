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
