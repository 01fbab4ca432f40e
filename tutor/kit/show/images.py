"""`images`: the pictures of a batch, side by side."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

import torch

from tutor.kit.show.canvas import Cell, Screen, line_of, plain, put, screen, words
from tutor.kit.show.values import names_of, shape_of, tensor_of

MOST_IMAGES = 64
"""So many pictures are drawn; the others are counted."""

MOST_ZOOM = 8

_RAMP = " .:-=+*#%@"
_NAN = 201
_CUBE = (0, 95, 135, 175, 215, 255)


def images(
    batch: Any,
    columns: Optional[int] = None,
    *,
    names: Optional[Sequence[Any]] = None,
    title: str = "",
    zoom: int = 1,
) -> None:
    """Print pictures side by side, `columns` in a row, by default as many as fit; too large ones are made smaller.

    `batch` has shape (H, W) for one grey picture, (N, H, W) or (N, 1, H, W) for N of them, (N, 3, H, W) for N in
    colour. Bytes (uint8) go from 0 to 255 and numbers within 0 to 1 from 0 to 1; others are stretched from the least to
    the greatest of the batch. Dark is low. `names` are N names, written below. `zoom` makes `zoom` by `zoom` of each
    pixel, for very small pictures. What is not finite is shown in magenta,
    or as `!`. Without colours each picture is grey, in characters from ` ` to `@`.

    Raises `TypeError` for what is not made of numbers, `ValueError` for another shape, too few names, no columns or no
    zoom.
    """
    found = tensor_of(batch, "show.images(batch)")
    given = shape_of(found)
    if found.dim() == 2:
        found = found[None]
    if found.dim() == 3:
        found = found[:, None]
    if found.dim() != 4 or found.shape[1] not in (1, 3):
        raise ValueError(f"show.images() takes (H, W), (N, H, W), (N, 1, H, W) or (N, 3, H, W), not {given}")
    if columns is not None and (not isinstance(columns, int) or columns < 1):
        raise ValueError(f"show.images(columns=…) takes a whole number from 1 on, not {columns!r}")
    if not isinstance(zoom, int) or not 1 <= zoom <= MOST_ZOOM:
        raise ValueError(f"show.images(zoom=…) takes a whole number from 1 to {MOST_ZOOM}, not {zoom!r}")
    called = [] if names is None else names_of(names, len(found), "show.images(names=…)")
    whole = (
        255.0 if getattr(batch, "dtype", None) is torch.uint8 or str(getattr(batch, "dtype", "")) == "uint8" else None
    )
    put(image_lines(found, columns, called, screen(), whole, title, zoom))


def image_lines(
    batch: torch.Tensor,
    columns: Optional[int],
    names: Sequence[str],
    on: Screen,
    whole: Optional[float] = None,
    title: str = "",
    zoom: int = 1,
) -> List[str]:
    """The lines of pictures (N, C, H, W); `whole` is the value of full brightness, None to find the range."""
    lines = [words(title, on.columns)] if title else []
    if not batch.numel():
        return [*lines, "no pictures: nothing to draw"]
    more = len(batch) - MOST_IMAGES
    batch = _levels(batch, whole)[:MOST_IMAGES]
    batch = batch.repeat_interleave(zoom, dim=2).repeat_interleave(zoom, dim=3)
    room = on.columns + 1
    if columns is None:
        columns = max(1, room // (min(batch.shape[3], on.columns) + 1))
    columns = min(columns, len(batch), room // 2)
    batch = _fitting(batch, room // columns - 1, halved=not on.color)
    if not on.color:
        batch = batch.mean(dim=1, keepdim=True)
    pictures = [_blocks(one) if on.color else _glyphs(one) for one in batch]
    wide = batch.shape[3]
    for first in range(0, len(pictures), columns):
        beside = pictures[first : first + columns]
        for rows in zip(*beside):
            row: List[Cell] = []
            for cells in rows:
                row += [*([(" ", None, None)] if row else []), *cells]
            lines.append(line_of(row, on.color))
        below = " ".join(f"{words(name, wide):<{wide}}" for name in names[first : first + len(beside)])
        if names:
            lines.append(below.rstrip())
        elif first + columns < len(pictures):
            lines.append("")
    return [*lines, *([f"and {more:,} more"] if more > 0 else [])]


def _levels(batch: torch.Tensor, whole: Optional[float]) -> torch.Tensor:
    """Brightness from 0 to 1; what is not finite is nan."""
    finite = torch.isfinite(batch)
    known = batch[finite]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if whole is not None:
        low, high = 0.0, whole
    elif low >= 0.0 and high <= 1.0:
        low, high = 0.0, 1.0
    span = (high / 2 - low / 2) or 1.0
    return torch.where(finite, ((batch / 2 - low / 2) / span).clamp(0.0, 1.0), torch.nan)


def _fitting(batch: torch.Tensor, width: int, halved: bool) -> torch.Tensor:
    """At most `width` pixels across, by averaging. With `halved` half as many rows: a character is twice as high."""
    height, wide = batch.shape[2:]
    narrow = max(1, min(wide, width))
    low = max(1, round(height * narrow / wide / (2 if halved else 1)))
    low = min(low, 200)
    return batch if (low, narrow) == (height, wide) else torch.nn.functional.adaptive_avg_pool2d(batch, (low, narrow))


def _blocks(picture: torch.Tensor) -> List[List[Cell]]:
    """Half blocks in 256 colours: two pixels a cell."""
    channels: List[List[List[float]]] = picture.tolist()
    inks = [[_ink(pixel) for pixel in zip(*rows)] for rows in zip(*channels)]
    lines: List[List[Cell]] = []
    for at in range(0, len(inks), 2):
        lower = inks[at + 1] if at + 1 < len(inks) else [None] * len(inks[at])
        lines.append(
            [("▀", above, below) if above != below else (" ", None, above) for above, below in zip(inks[at], lower)]
        )
    return lines


def _ink(pixel: Sequence[float]) -> int:
    """The number of a colour: greys from the ramp of 24 with black and white, others from the cube of six."""
    if any(value != value for value in pixel):
        return _NAN
    if len(pixel) == 1 or max(pixel) - min(pixel) < 0.02:
        step = round(pixel[0] * 25)
        return 16 if step == 0 else 231 if step == 25 else 231 + step
    red, green, blue = (min(range(6), key=lambda step: abs(_CUBE[step] - value * 255)) for value in pixel)
    return 16 + 36 * red + 6 * green + blue


def _glyphs(picture: torch.Tensor) -> List[List[Cell]]:
    top = len(_RAMP) - 1
    return [
        plain("".join("!" if one != one else _RAMP[round(one * top)] for one in row)) for row in picture[0].tolist()
    ]
