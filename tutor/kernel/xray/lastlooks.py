"""The last look into a script, with which its kernel ends: everything that somebody may choose afterwards."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping

import torch

from tutor.kernel.xray.travel import Travel
from tutor.kernel.xray.weights import picture

MAX_PICTURES = 16
MAX_STEPS = 40
"""Matrices and steps that are kept."""


def pictures(names: Mapping[str, Any], attention: Mapping[str, torch.Tensor]) -> Iterator[Dict[str, Any]]:
    """A report for each matrix, that of the first one last: it is the one that is shown when nothing is chosen."""
    titles = picture("", names, attention)["subjects"][:MAX_PICTURES]
    for title in reversed(titles):
        yield {**picture(title, names, attention), "subjects": titles}


def steps_of(travel: Travel, names: Mapping[str, Any]) -> Iterator[Dict[str, Any]]:
    """A report for each of the steps of the newest run, thinned, the last one last."""
    travel.thin(MAX_STEPS)
    frames = len(travel.told("", names).get("passes", ()))
    for at in range(frames):
        yield travel.told(f"0:{at}", names)
